using System.Text;
using System.Text.Json;
using AgentAuth.Protocol;
using AgentAuth.Text;
using AgentAuth.Trust;

namespace AgentAuth.Assertions;

/// <summary>
/// Project Wycheproof's vectors against our signature check. "Acceptable" there is what some implementations must take and nobody should
/// send (an AlgorithmIdentifier without its NULL, keys under 2048 bits): we refuse it. Keys with the ROCA weakness are refused as keys.
/// </summary>
public class WycheproofTests
{
    private const string KeyId = "key-1";

    private static readonly string[] s_algorithms = ["ES256", "ES384", "RS256", "PS256"];

    [Theory]
    [InlineData("ecdsa_secp256r1_sha256_p1363", "ES256", 172, 89)]
    [InlineData("ecdsa_secp384r1_sha384_p1363", "ES384", 192, 87)]
    [InlineData("rsa_signature_2048_sha256", "RS256", 8, 250)]
    [InlineData("rsa_signature_3072_sha256", "RS256", 7, 251)]
    [InlineData("rsa_signature_4096_sha256", "RS256", 6, 251)]
    [InlineData("rsa_pss_2048_sha256_mgf1_32", "PS256", 62, 45)]
    [InlineData("rsa_pss_3072_sha256_mgf1_32", "PS256", 62, 45)]
    [InlineData("rsa_pss_4096_sha256_mgf1_32", "PS256", 62, 45)]
    public void Signatures_are_accepted_when_they_are_valid_and_only_then(string file, string algorithm, int accepted, int refused)
    {
        var outcomes = Check(file, algorithm);

        Assert.Empty(outcomes.Where(outcome => outcome.Accepted != (outcome.Vector.Verdict == "valid")).Select(outcome => outcome.Vector.ToString()));
        Assert.Equal((accepted, refused), (outcomes.Count(outcome => outcome.Accepted), outcomes.Count(outcome => !outcome.Accepted)));
    }

    [Theory]
    [InlineData("rsa_pss_2048_sha256_mgf1_0", 60)]
    [InlineData("rsa_pss_2048_sha256_mgf1sha1_20", 62)]
    public void RSA_PSS_with_another_salt_or_mask_than_PS256_has_is_refused(string file, int count)
    {
        // One that Wycheproof calls invalid there is what PS256 wants, a salt of 32 bytes.
        var outcomes = Check(file, "PS256").Where(outcome => outcome.Vector.Verdict == "valid").ToList();

        Assert.Empty(outcomes.Where(outcome => outcome.Accepted).Select(outcome => outcome.Vector.ToString()));
        Assert.Equal(count, outcomes.Count);
    }

    [Theory]
    [InlineData("rsa_pkcs1_1024_sig_gen")]
    [InlineData("rsa_pkcs1_1536_sig_gen")]
    public void Keys_under_2048_bits_are_not_read(string file)
    {
        var groups = WycheproofFile.Open(file).Groups;

        Assert.NotEmpty(groups);
        Assert.All(groups, group => Assert.Equal((0, 1), (WycheproofFile.KeySet(group!, KeyId).Count, WycheproofFile.KeySet(group!, KeyId).Unusable)));
    }

    [Theory]
    [InlineData("rsa_signature_2048_sha256", "PS256")]
    [InlineData("rsa_signature_2048_sha256", "ES256")]
    [InlineData("rsa_pss_2048_sha256_mgf1_32", "RS256")]
    [InlineData("ecdsa_secp256r1_sha256_p1363", "ES384")]
    [InlineData("ecdsa_secp384r1_sha384_p1363", "ES256")]
    public void Signatures_of_another_algorithm_are_refused(string file, string algorithm) =>
        Assert.DoesNotContain(Check(file, algorithm), outcome => outcome is { Accepted: true, Vector.Verdict: "valid" });

    // The rest of the valid ones are of algorithms that do not exist for us: HMAC, RS384, PS512, ES512 …
    [Theory]
    [InlineData("json_web_signature", 16, 385)]
    [InlineData("json_web_crypto", 2, 47)]
    [InlineData("json_web_key", 1, 25)]
    public void Web_signatures_are_accepted_when_they_are_valid_and_of_our_algorithms(string file, int accepted, int refused)
    {
        var outcomes = WycheproofFile.Open(file).Groups
            .SelectMany(group => WycheproofFile.Vectors(group!), (group, vector) => (Vector: vector, Algorithm: Verify(vector.Jws, WycheproofFile.KeySet(group!))))
            .ToList();

        Assert.Empty(outcomes.Where(outcome => outcome.Algorithm is not null && outcome.Vector.Verdict != "valid").Select(outcome => outcome.Vector.ToString()));
        Assert.Empty(outcomes
            .Where(outcome => outcome.Algorithm is null && outcome.Vector.Verdict == "valid" && s_algorithms.Contains(AlgorithmOf(outcome.Vector.Jws)))
            .Select(outcome => outcome.Vector.ToString()));
        Assert.Equal((accepted, refused), (outcomes.Count(outcome => outcome.Algorithm is not null), outcomes.Count(outcome => outcome.Algorithm is null)));
    }

    [Theory]
    [InlineData("json_web_signature")]
    [InlineData("json_web_crypto")]
    [InlineData("json_web_key")]
    public void Web_signatures_are_not_tokens_of_ours(string file) =>
        Assert.All(
            WycheproofFile.Open(file).Groups.SelectMany(group => WycheproofFile.Vectors(group!)),
            vector => Assert.Equal(RefusalReason.MalformedAssertion, StrictJwt.Read(vector.Jws, StrictJwt.IdJagType).Refusal?.Reason));

    private static List<(WycheproofVector Vector, bool Accepted)> Check(string file, string algorithm)
    {
        var outcomes = new List<(WycheproofVector, bool)>();
        foreach (var group in WycheproofFile.Open(file).Groups)
        {
            var keys = WycheproofFile.KeySet(group!, KeyId);
            Assert.Equal(1, keys.Count);
            outcomes.AddRange(WycheproofFile.Vectors(group!).Where(HasMessage)
                .Select(vector => (vector, keys.Find(KeyId, algorithm)?.Verify(algorithm, vector.Message, vector.Signature) is true)));
        }

        Assert.NotEmpty(outcomes);
        return outcomes;
    }

    /// <summary>What is signed of a token has at least a dot, and the library refuses to look at nothing.</summary>
    private static bool HasMessage(WycheproofVector vector) => vector.Message.Length > 0;

    /// <summary>The verifier's way from a token to its signature, without what it asks of an ID-JAG: these have no <c>typ</c> and no claims.</summary>
    /// <returns>The algorithm when the signature is good; null when it is not.</returns>
    private static string? Verify(string jws, VerificationKeySet keys)
    {
        var segments = jws.Split('.');
        return segments.Length == 3
            && Base64UrlText.TryDecode(segments[1], out _)
            && Base64UrlText.TryDecode(segments[2], out var signature)
            && AlgorithmOf(jws) is { } algorithm
            && Header(jws).TryGetProperty("kid", out var keyId)
            && keys.Find(keyId.GetString()!, algorithm)?.Verify(algorithm, Encoding.ASCII.GetBytes(jws[..jws.LastIndexOf('.')]), signature) is true
                ? algorithm
                : null;
    }

    private static string? AlgorithmOf(string jws) => Header(jws) is { ValueKind: JsonValueKind.Object } header ? header.GetProperty("alg").GetString() : null;

    private static JsonElement Header(string jws) =>
        Base64UrlText.TryDecode(jws.Split('.')[0], out var json) && StrictJson.TryParseObject(json, out var header) ? header : default;
}
