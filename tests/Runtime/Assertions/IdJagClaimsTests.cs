using System.Text.Json.Nodes;
using AgentAuth.Protocol;

namespace AgentAuth.Assertions;

/// <summary>Each claim to the last value that is taken, and the first that is not.</summary>
public class IdJagClaimsTests
{
    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public async Task Client_has_1024_characters_at_the_most(int length, bool isAccepted)
    {
        var client = "https://client.example/" + new string('x', length - 23);
        await using var bench = await VerifierBench.StartAsync(provider: provider => provider with { Clients = [client] });

        await AcceptIfAsync(isAccepted, bench, claims => claims["client_id"] = client, RefusalReason.MalformedAssertion);
    }

    [Theory]
    [InlineData("sub", 255, true)]
    [InlineData("sub", 256, false)]
    [InlineData("jti", 255, true)]
    [InlineData("jti", 256, false)]
    [InlineData("agent_platform", 255, true)]
    [InlineData("agent_platform", 256, false)]
    [InlineData("agent_context_id", 255, true)]
    [InlineData("agent_context_id", 256, false)]
    public async Task Text_has_255_characters_at_the_most(string claim, int length, bool isAccepted)
    {
        await using var bench = await VerifierBench.StartAsync();

        await AcceptIfAsync(isAccepted, bench, claims => claims[claim] = new string('x', length), RefusalReason.MalformedAssertion);
    }

    [Theory]
    [InlineData(900, true)]
    [InlineData(901, false)]
    public async Task Life_is_15_minutes_at_the_most(int seconds, bool isAccepted)
    {
        await using var bench = await VerifierBench.StartAsync();

        await AcceptIfAsync(isAccepted, bench, claims => claims["exp"] = VerifierBench.Start.ToUnixTimeSeconds() + seconds, RefusalReason.MalformedAssertion);
    }

    [Theory]
    [InlineData("!", true)]
    [InlineData("~", true)]
    [InlineData("#[]", true)]
    [InlineData("a b", true)]
    [InlineData("a\"", false)]
    [InlineData("a\\b", false)]
    [InlineData("\u007f", false)]
    [InlineData("ä", false)]
    [InlineData("a b ", false)]
    [InlineData("a b\"", false)]
    public async Task Scope_is_made_of_visible_ASCII(string scope, bool isAccepted)
    {
        await using var bench = await VerifierBench.StartAsync();

        // Beside one of the service's, so that something is left to grant.
        await AcceptIfAsync(isAccepted, bench, claims => claims["scope"] = "tickets.read " + scope, RefusalReason.MalformedAssertion);
    }

    [Theory]
    [InlineData("1234", false)]
    [InlineData("12345", true)]
    [InlineData("+123 (456) 789-012-345", true)]
    [InlineData("+123 (456) 789-012-3456", false)]
    [InlineData("+1234567890                                                    1", true)]
    [InlineData("+1234567890                                                     1", false)]
    [InlineData("", false)]
    public async Task Phone_number_has_5_to_15_digits_in_64_characters(string number, bool isAccepted)
    {
        await using var bench = await VerifierBench.StartAsync();

        await AcceptIfAsync(isAccepted, bench, claims => ByPhone(claims, number, true), RefusalReason.MissingVerifiedEmail);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("null")]
    [InlineData("\"true\"")]
    [InlineData("1")]
    public async Task Phone_number_that_nobody_verified_stands_in_for_nothing(string verified)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(claims => ByPhone(claims, "+14255551212", JsonNode.Parse(verified))), RefusalReason.MissingVerifiedEmail);
        await bench.RefuseAsync(
            bench.Token(claims =>
            {
                ByPhone(claims, "+14255551212", true);
                claims.Remove("phone_number_verified");
            }),
            RefusalReason.MissingVerifiedEmail);
    }

    [Theory]
    [InlineData("\"RESOURCE\"", true)]
    [InlineData("[\"RESOURCE\"]", true)]
    [InlineData("[\"https://x.example\",\"RESOURCE\"]", true)]
    [InlineData("[\"https://x.example\"]", false)]
    [InlineData("[]", false)]
    [InlineData("[[\"RESOURCE\"]]", false)]
    [InlineData("null", false)]
    [InlineData("{}", false)]
    public async Task Resource_names_this_one(string resource, bool isAccepted)
    {
        await using var bench = await VerifierBench.StartAsync();
        var value = resource.Replace("RESOURCE", VerifierBench.Resource, StringComparison.Ordinal);

        await AcceptIfAsync(isAccepted, bench, claims => claims["resource"] = JsonNode.Parse(value), RefusalReason.InvalidTarget);
    }

    [Theory]
    [InlineData("[]", true)]
    [InlineData("[\"pwd\"]", true)]
    [InlineData("[\"pwd\",1]", false)]
    [InlineData("[null]", false)]
    [InlineData("{}", false)]
    [InlineData("null", false)]
    public async Task Methods_are_an_array_of_strings(string methods, bool isAccepted)
    {
        await using var bench = await VerifierBench.StartAsync();

        await AcceptIfAsync(isAccepted, bench, claims => claims["amr"] = JsonNode.Parse(methods), RefusalReason.MalformedAssertion);
    }

    private static void ByPhone(JsonObject claims, string number, JsonNode? verified)
    {
        claims.Remove("email");
        claims["phone_number"] = number;
        claims["phone_number_verified"] = verified;
    }

    private static async Task AcceptIfAsync(bool isAccepted, VerifierBench bench, Action<JsonObject> change, RefusalReason failure)
    {
        if (isAccepted)
        {
            await bench.AcceptAsync(bench.Token(change));
        }
        else
        {
            await bench.RefuseAsync(bench.Token(change), failure);
        }
    }
}
