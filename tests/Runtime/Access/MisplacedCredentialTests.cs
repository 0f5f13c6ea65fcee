using System.Net;
using System.Text;
using AgentAuth.Credentials;
using AgentAuth.Manifest;

namespace AgentAuth.Access;

/// <summary>A credential that stands where none is read. Its holder is told where it belongs, and that it may be good.</summary>
public sealed class MisplacedCredentialTests
{
    [Finding("W4", "`Authorization: Bearer` with several spaces before the key", "It is read: RFC 9110 §11.4 allows any number")]
    [Theory]
    [InlineData("Bearer  {0}")]
    [InlineData("bearer     {0}")]
    public async Task W4_any_number_of_spaces_may_follow_the_scheme(string header)
    {
        await using var service = await TestService.StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        Assert.Equal(HttpStatusCode.OK, (await service.GetRawAsync("/api/tickets", $"Authorization: {string.Format(null, header, key)}")).Status);
        (await service.GetRawAsync("/api/tickets", $"Authorization: {string.Format(null, header, key[..^1] + "?")}")).Is(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Finding("W4", "A live key in `X-API-Key`, in Basic, bare, quoted or behind a word of another scheme", "`401 unauthorized` without `error`: it is told where the key belongs and that it may be good; the store is not asked")]
    [Theory]
    [InlineData("X-API-Key: {0}", "in a header other than Authorization")]
    [InlineData("Api-Key: {0}", "in a header other than Authorization")]
    [InlineData("X-Auth-Token: Bearer {0}", "in a header other than Authorization")]
    [InlineData("Proxy-Authorization: Bearer {0}", "in a header other than Authorization")]
    [InlineData("Cookie: a=b; key={0}; c=d", "in a header other than Authorization")]
    [InlineData("Authorization: {0}", "in the Authorization header, but not alone behind 'Bearer'")]
    [InlineData("Authorization: Token {0}", "in the Authorization header, but not alone behind 'Bearer'")]
    [InlineData("Authorization: ApiKey {0}", "in the Authorization header, but not alone behind 'Bearer'")]
    [InlineData("Authorization: Bearer:{0}", "in the Authorization header, but not alone behind 'Bearer'")]
    [InlineData("Authorization: Bearer\t{0}", "in the Authorization header, but not alone behind 'Bearer'")]
    [InlineData("Authorization: Bearer Bearer {0}", "in the Authorization header, but not alone behind 'Bearer'")]
    [InlineData("Authorization: Bearer \"{0}\"", "in the Authorization header, but not alone behind 'Bearer'")]
    [InlineData("Authorization: Bearer <{0}>", "in the Authorization header, but not alone behind 'Bearer'")]
    [InlineData("Authorization: Basic {{{0}:}}", "in the Authorization header, but not alone behind 'Bearer'")]
    [InlineData("Authorization: basic  {{:{0}}}", "in the Authorization header, but not alone behind 'Bearer'")]
    [InlineData("Authorization: Basic {{user:{0}}}", "in the Authorization header, but not alone behind 'Bearer'")]
    public async Task W4_a_key_in_another_place_is_told_where_it_belongs(string header, string place)
    {
        await using var service = await TestService.StartAsync(services: RecordingStore.Use);
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        var (answer, asked) = await RecordingStore.AskedByAsync(service, () => service.GetRawAsync("/api/tickets", Filled(header, key)));

        answer.Is(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal(
            $"There is an agent credential {place}. It was not looked at and may be good: keep it, and send it as 'Authorization: Bearer <credential>', once, alone, and nowhere else.",
            answer.Text("message"));
        Assert.DoesNotContain("error", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [Finding("W4", "A live key twice, in a list, or in the query", "It is told so: the key may be good")]
    [Fact]
    public async Task W4_a_key_sent_twice_or_in_the_query_is_not_called_unknown()
    {
        await using var service = await TestService.StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        var query = await service.GetAsync($"/api/tickets?access_token={key}");
        query.Is(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.StartsWith("There is an agent credential in the query of the URL.", query.Text("message"), StringComparison.Ordinal);
        foreach (var twice in new[]
                 {
                     await service.GetRawAsync("/api/tickets", $"Authorization: Bearer {key}", $"Authorization: Bearer {key}"),
                     await service.GetRawAsync("/api/tickets", $"Authorization: Bearer {key}, Bearer {key}"),
                 })
        {
            twice.Is(HttpStatusCode.Unauthorized, "invalid_token");
            Assert.StartsWith("There is an agent credential in the Authorization header, but not alone", twice.Text("message"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("X-API-Key: agk_short", "unauthorized", "An agent credential is needed.")]
    [InlineData("X-API-Key: {0}x", "unauthorized", "An agent credential is needed.")]
    [InlineData("Authorization: Basic !!!!", "unauthorized", "An agent credential is needed.")]
    [InlineData("Authorization: Basic", "unauthorized", "An agent credential is needed.")]
    [InlineData("Authorization: Basic {{user:password}}", "unauthorized", "An agent credential is needed.")]
    [InlineData("Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.e30.AAAA", "invalid_token", "The credential is unknown, expired or revoked.")]
    [InlineData("Authorization: Bearer {0}x", "invalid_token", "The credential is unknown, expired or revoked.")]
    public async Task What_is_no_credential_of_ours_is_answered_as_ever(string header, string error, string sentence)
    {
        await using var service = await TestService.StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        var answer = await service.GetRawAsync("/api/tickets", Filled(header, key));

        answer.Is(HttpStatusCode.Unauthorized, error);
        Assert.StartsWith(sentence, answer.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_key_where_it_belongs_is_refused_whatever_else_there_is()
    {
        await using var service = await TestService.StartAsync();
        var dead = CredentialFormat.Create(CredentialType.ApiKey);

        var answer = await service.GetRawAsync("/api/tickets", $"Authorization: Bearer {dead}", $"X-API-Key: {dead}");

        answer.Is(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.StartsWith("The credential is unknown, expired or revoked.", answer.Text("message"), StringComparison.Ordinal);
    }

    // What stands in braces goes as base64.
    private static string Filled(string header, string key)
    {
        var text = string.Format(null, header, key);
        return text.IndexOf('{', StringComparison.Ordinal) is >= 0 and var start
            ? text[..start] + Convert.ToBase64String(Encoding.ASCII.GetBytes(text[(start + 1)..^1]))
            : text;
    }
}
