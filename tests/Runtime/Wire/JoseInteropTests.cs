using System.Buffers.Text;
using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Wire;

/// <summary>Tokens that an outside implementation signed, over HTTP, from the provider's JWK set to the credential.</summary>
public sealed class JoseInteropTests
{
    private static readonly string[] s_algorithms = ["ES256", "ES384", "RS256", "PS256"];

    [Fact]
    public async Task Tokens_signed_by_jose_are_accepted_and_refused_with_one_bit_flipped()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        await using var provider = await JoseProvider.StartAsync(time.GetUtcNow());
        await using var service = await TestService.StartAsync(time: time, configure: options =>
        {
            options.AllowLoopbackHttp = true;
            options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = provider.Issuer, Name = "Jose" });
        });

        foreach (var algorithm in s_algorithms)
        {
            foreach (var forged in Flipped(provider.IdJag(algorithm)))
            {
                (await service.RegisterByAssertionAsync(forged)).Is(HttpStatusCode.BadRequest, "invalid_signature");
            }

            var registered = await service.RegisterByAssertionAsync(provider.IdJag(algorithm));
            Assert.True(registered.Status == HttpStatusCode.OK, $"{algorithm}: {registered.Body}");
            var credential = registered.Text("credential");
            Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/api/tickets", credential)).Status);

            foreach (var forged in Flipped(provider.LogoutToken(algorithm)))
            {
                (await service.LogoutAsync(forged)).Is(HttpStatusCode.BadRequest, "invalid_signature");
            }

            Assert.Equal("{\"revoked\":1}", (await service.LogoutAsync(provider.LogoutToken(algorithm))).Body);
            (await service.GetAsync("/api/tickets", credential)).Is(HttpStatusCode.Unauthorized, "invalid_token");
        }
    }

    /// <summary>The token with the first, a middle and the last bit of its signature flipped, and with another letter in its payload.</summary>
    private static IEnumerable<string> Flipped(string token)
    {
        var segments = token.Split('.');
        var length = Base64Url.DecodeFromChars(segments[2]).Length;
        yield return $"{segments[0]}.{segments[1]}.{FlipBit(segments[2], 0, 0x80)}";
        yield return $"{segments[0]}.{segments[1]}.{FlipBit(segments[2], length / 2, 0x08)}";
        yield return $"{segments[0]}.{segments[1]}.{FlipBit(segments[2], length - 1, 0x01)}";

        // The letter of a user's name: still JSON, and another user.
        var payload = Base64Url.DecodeFromChars(segments[1]);
        yield return $"{segments[0]}.{FlipBit(segments[1], payload.AsSpan().IndexOf("user-"u8), 0x01)}.{segments[2]}";
    }

    private static string FlipBit(string segment, int index, byte bit)
    {
        var bytes = Base64Url.DecodeFromChars(segment);
        bytes[index] ^= bit;
        return Base64Url.EncodeToString(bytes);
    }
}
