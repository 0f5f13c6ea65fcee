using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentAuth.Testing;

namespace AgentAuth.EndToEnd.Sample;

/// <summary>
/// An agent that knows nothing but the published auth.md: every request is taken from its text and executed against the sample, and every
/// answer is held against the shape that the text promises.
/// </summary>
public sealed partial class PublishedDocumentTests(RunningSample sample) : IClassFixture<RunningSample>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_of_the_document_does_what_the_document_says()
    {
        var text = await sample.Http.GetStringAsync(new Uri("/auth.md", UriKind.Relative), Cancelled);
        var requests = PublishedRequest.ReadAll(text);
        Assert.Equal(["Discover", "Discover", "With an ID-JAG", "With your user's email address", "Anonymously", "Start a claim", "Complete the claim", "Revocation"], requests.Select(request => request.Heading));
        await FollowDiscoveryAsync(text, requests);

        var user = sample.Provider.User("bob");
        var byAssertion = await RegisterAsync(requests[2], new() { ["ID-JAG"] = sample.Provider.MintIdJag(new IdJagRequest { Audience = Audience(text), User = user }) });
        var byEmail = await RegisterAsync(requests[3], new() { ["email of the user"] = "erin@example.org" });
        var anonymous = await RegisterAsync(requests[4], []);
        Assert.Null(byEmail["credential"]);

        // "The key works at once", with the scopes that the document lists for it.
        await AssertCallAsync("/api/tickets", anonymous, HttpStatusCode.OK);
        await AssertCallAsync("/api/customers", anonymous, HttpStatusCode.Forbidden);
        await ExecuteAsync(requests[5], requests[5].Answers[0], new() { ["claim_token"] = Text(anonymous, "claim_token"), ["email of the user"] = "dana@example.org" });

        await CompleteAsync(requests[6], requests[6].Answers[0], anonymous, "dana@example.org");
        var confirmed = await CompleteAsync(requests[6], requests[6].Answers[1], byEmail, "erin@example.org");
        foreach (var holder in new[] { byAssertion, anonymous, confirmed })
        {
            await AssertCallAsync("/api/customers", holder, HttpStatusCode.OK);
        }

        await ExecuteAsync(
            requests[7], requests[7].Answers[0], new() { ["logout token"] = sample.Provider.MintLogoutToken(new LogoutTokenRequest { Audience = Audience(text), User = user }) });
        await AssertCallAsync("/api/tickets", byAssertion, HttpStatusCode.Unauthorized);
        await AssertCallAsync("/api/tickets", anonymous, HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("invalid_request")]
    [InlineData("unsupported_credential_type")]
    [InlineData("invalid_issuer")]
    [InlineData("invalid_signature")]
    [InlineData("expired")]
    [InlineData("invalid_audience")]
    [InlineData("invalid_target")]
    [InlineData("invalid_client_id")]
    [InlineData("replay_detected")]
    [InlineData("missing_verified_email")]
    [InlineData("invalid_claim_token")]
    [InlineData("claimed_or_in_flight")]
    [InlineData("otp_not_generated")]
    [InlineData("otp_invalid")]
    [InlineData("previously_claimed")]
    [InlineData("unauthorized")]
    [InlineData("invalid_token")]
    [InlineData("insufficient_scope")]
    public async Task An_error_is_answered_as_the_document_lists_it(string code)
    {
        var text = await sample.Http.GetStringAsync(new Uri("/auth.md", UriKind.Relative), Cancelled);
        var requests = PublishedRequest.ReadAll(text);
        var row = Regex.Match(text, $@"^\| `{code}` \| (\d+) \| (.+) \|$", RegexOptions.Multiline);
        Assert.True(row.Success, $"The document does not explain {code}.");

        using var answer = await ProvokeAsync(code, text, requests);

        Assert.Equal(row.Groups[1].Value, ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!.AsObject();
        Assert.Equal(code, Text(body, "error"));
        Assert.Equal(Text(body, "message"), Text(body, "error_description"));
    }

    private async Task<HttpResponseMessage> ProvokeAsync(string code, string text, IReadOnlyList<PublishedRequest> requests)
    {
        var (assertion, anonymous, start, complete) = (requests[2], requests[4], requests[5], requests[6]);
        switch (code)
        {
            case "invalid_request":
                return await SendAsync(anonymous with { Body = "{}" }, []);
            case "unsupported_credential_type":
                return await SendAsync(anonymous with { Body = anonymous.Body.Replace("api_key", "refresh_token", StringComparison.Ordinal) }, []);
            case "invalid_issuer":
                return await SendAsync(assertion, Jag(request => request with { Claims = claims => claims["iss"] = "https://nobody.example" }));
            case "invalid_signature":
                return await SendAsync(assertion, Jag(request => request with { Header = header => header["kid"] = "another" }));
            case "expired":
                return await SendAsync(assertion, Jag(request => request with { Claims = claims => (claims["iat"], claims["exp"]) = (1_000_000_000, 1_000_000_300) }));
            case "invalid_audience":
                return await SendAsync(assertion, Jag(request => request with { Audience = "https://another.example" }));
            case "invalid_target":
                return await SendAsync(assertion, Jag(request => request with { Claims = claims => claims["resource"] = "https://another.example" }));
            case "invalid_client_id":
                return await SendAsync(assertion, Jag(request => request with { Claims = claims => claims["client_id"] = "somebody" }));
            case "missing_verified_email":
                return await SendAsync(assertion, Jag(request => request with { Claims = claims => claims["email_verified"] = false }));
            case "replay_detected":
                var known = Jag(request => request with { User = sample.Provider.User("alice") });
                (await SendAsync(assertion, known)).Dispose();
                return await SendAsync(assertion, known);
            case "invalid_claim_token":
                return await SendAsync(start, new() { ["claim_token"] = "clm_unknown", ["email of the user"] = "x@example.org" });
            case "unauthorized":
                return await CallAsync("/api/tickets", null);
            case "invalid_token":
                return await CallAsync("/api/tickets", "agk_unknown");
            default:
                return await ProvokeClaimAsync(code, anonymous, start, complete);
        }

        Dictionary<string, string> Jag(Func<IdJagRequest, IdJagRequest> spoil) =>
            new() { ["ID-JAG"] = sample.Provider.MintIdJag(spoil(new IdJagRequest { Audience = Audience(text), User = sample.Provider.User("alice") })) };
    }

    // What needs a registration of its own.
    private async Task<HttpResponseMessage> ProvokeClaimAsync(string code, PublishedRequest anonymous, PublishedRequest start, PublishedRequest complete)
    {
        var registered = await RegisterAsync(anonymous, []);
        if (code == "insufficient_scope")
        {
            return await CallAsync("/api/customers", Text(registered, "credential"));
        }

        var email = $"{code}@example.org";
        var token = Text(registered, "claim_token");
        var begin = new Dictionary<string, string> { ["claim_token"] = token, ["email of the user"] = email };
        (await SendAsync(start, begin)).Dispose();
        if (code == "otp_not_generated")
        {
            return await SendAsync(complete, new() { ["claim_token"] = token, ["code"] = "000000" });
        }

        var mail = await sample.Mail.WaitForAsync(email, Cancelled);
        var right = await sample.Person.ShowCodeAsync(mail.Links[0], Cancelled);
        if (code == "otp_invalid")
        {
            return await SendAsync(complete, new() { ["claim_token"] = token, ["code"] = right == "000000" ? "000001" : "000000" });
        }

        (await SendAsync(complete, new() { ["claim_token"] = token, ["code"] = right })).Dispose();
        return code == "claimed_or_in_flight"
            ? await SendAsync(start, begin)
            : await SendAsync(complete, new() { ["claim_token"] = token, ["code"] = right });
    }

    private async Task FollowDiscoveryAsync(string text, IReadOnlyList<PublishedRequest> requests)
    {
        using var refused = await CallAsync("/api/tickets", null);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains($"WWW-Authenticate: Bearer resource_metadata=\"{requests[0].Url}\"\n", text, StringComparison.Ordinal);
        Assert.Equal($"Bearer resource_metadata=\"{requests[0].Url}\", scope=\"tickets.read\"", refused.Headers.WwwAuthenticate.ToString());

        var resource = await ExecuteAsync(requests[0], null, []);
        Assert.Contains($"Call the API at {resource["resource"]} without", text, StringComparison.Ordinal);
        var server = await ExecuteAsync(requests[1], null, []);
        Assert.Equal((string?)resource["authorization_servers"]![0], (string?)server["issuer"]);
        var agentAuth = server["agent_auth"]!;
        Assert.Contains($"This document is {agentAuth["skill"]}.", text, StringComparison.Ordinal);
        Assert.Equal(requests[2].Url, new Uri((string)agentAuth["register_uri"]!));
        Assert.Equal(requests[5].Url, new Uri((string)agentAuth["claim_uri"]!));
        Assert.Equal(requests[7].Url, new Uri((string)agentAuth["revocation_uri"]!));
    }

    private Task<JsonObject> RegisterAsync(PublishedRequest request, Dictionary<string, string> known) => ExecuteAsync(request, request.Answers[0], known);

    private async Task<JsonObject> CompleteAsync(PublishedRequest request, JsonObject shape, JsonObject registration, string email)
    {
        var mail = await sample.Mail.WaitForAsync(email, Cancelled);
        var code = await sample.Person.ShowCodeAsync(mail.Links[0], Cancelled);
        return await ExecuteAsync(request, shape, new() { ["claim_token"] = Text(registration, "claim_token"), ["code"] = code });
    }

    private async Task<JsonObject> ExecuteAsync(PublishedRequest request, JsonObject? shape, Dictionary<string, string> known)
    {
        using var answer = await SendAsync(request, known);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!.AsObject();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{request.Heading}: {(int)answer.StatusCode} {body}");
        if (shape is not null)
        {
            AssertShape(request.Heading, shape, body);
        }

        return body;
    }

    // The same members, no more and no fewer. A value that ends in an ellipsis is a beginning, an instant any instant; every other value is meant.
    private static void AssertShape(string heading, JsonObject shape, JsonObject body)
    {
        Assert.Equal(shape.Select(member => member.Key).Order(), body.Select(member => member.Key).Order());
        foreach (var (name, promised) in shape)
        {
            var message = $"{heading}: {name} is {body[name]?.ToJsonString() ?? "null"}, and the document says {promised?.ToJsonString() ?? "null"}.";
            if (promised?.GetValueKind() == JsonValueKind.String && (string)promised! is var value && body[name]?.GetValueKind() == JsonValueKind.String)
            {
                var answered = (string)body[name]!;
                Assert.True(
                    value.EndsWith('…') ? answered.StartsWith(value[..^1], StringComparison.Ordinal) : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _)
                        ? DateTimeOffset.TryParseExact(answered, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                        : answered == value,
                    message);
            }
            else
            {
                Assert.True(JsonNode.DeepEquals(promised, body[name]), message);
            }
        }
    }

    private Task<HttpResponseMessage> SendAsync(PublishedRequest request, Dictionary<string, string> known) => sample.Http.SendAsync(request.Fill(known), Cancelled);

    private async Task AssertCallAsync(string path, JsonObject registration, HttpStatusCode expected)
    {
        using var answer = await CallAsync(path, Text(registration, "credential"));
        Assert.Equal(expected, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> CallAsync(string path, string? credential)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Headers = { Authorization = credential is null ? null : new AuthenticationHeaderValue("Bearer", credential) },
        };
        return await sample.Http.SendAsync(request, Cancelled);
    }

    private static string Text(JsonObject body, string name) => (string)body[name]!;

    // What the document tells the agent to have its provider put into the ID-JAG.
    private static string Audience(string text) => AudienceLine().Match(text).Groups[1].Value;

    [GeneratedRegex("^- `aud`: `([^`]+)`;$", RegexOptions.Multiline)]
    private static partial Regex AudienceLine();
}
