using AgentAuth.Testing;

namespace AgentAuth.EndToEnd.Guards;

/// <summary>Gets each caller what it shows: a cookie, a credential or nothing.</summary>
internal static class Callers
{
    /// <summary>The headers of every caller.</summary>
    public static async Task<IReadOnlyDictionary<Caller, Dictionary<string, string>>> ArriveAsync(GuardedApp app)
    {
        // Not by way of a 401: without its annotations the app has none.
        var address = app.Http.BaseAddress!;
        var agent = new AgentClient(app.Http, new DiscoveredService
        {
            Resource = address.OriginalString,
            Issuer = address.OriginalString,
            Scopes = ["notes.read", "notes.write"],
            RegisterUri = new Uri(address, "/agent/auth"),
            RevocationUri = new Uri(address, "/agent/auth/revoke"),
            IdentityTypes = ["anonymous", "identity_assertion"],
        });
        var anonymous = (await agent.RegisterAnonymouslyAsync(cancellationToken: TestContext.Current.CancellationToken)).Value!.Credential!;
        var scoped = await RegisterAsync(agent, app.Provider, app.Provider.Users[0], DateTimeOffset.UtcNow);
        var stale = await RegisterAsync(agent, app.Provider, app.Provider.Users[1], signedIn: null);
        var revoked = await RegisterAsync(agent, app.Provider, app.Provider.Users[2], DateTimeOffset.UtcNow);
        using (var answer = await app.Provider.SendLogoutAsync(
            agent.Service.RevocationUri!,
            new LogoutTokenRequest { Audience = agent.Service.Issuer, User = app.Provider.Users[2] },
            TestContext.Current.CancellationToken))
        {
            answer.EnsureSuccessStatusCode();
        }

        using var signedInPerson = await app.Http.PostAsync("/sign-in", null, TestContext.Current.CancellationToken);
        var cookie = signedInPerson.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        return new Dictionary<Caller, Dictionary<string, string>>
        {
            [Caller.Nobody] = [],
            [Caller.Person] = new() { ["Cookie"] = cookie },
            [Caller.AnonymousAgent] = Bearer(anonymous),
            [Caller.ScopedAgent] = Bearer(scoped),
            [Caller.AgentWithoutStepUp] = Bearer(stale),
            [Caller.RevokedAgent] = Bearer(revoked),
        };
    }

    private static Dictionary<string, string> Bearer(string credential) => new() { ["Authorization"] = $"Bearer {credential}" };

    private static async Task<string> RegisterAsync(AgentClient agent, DemoIdentityProvider provider, DemoUser user, DateTimeOffset? signedIn)
    {
        var assertion = provider.MintIdJag(new IdJagRequest { Audience = agent.Service.Issuer, User = user, AuthenticationTime = signedIn });
        var answer = await agent.RegisterWithIdJagAsync(assertion, "api_key", TestContext.Current.CancellationToken);
        Assert.True(answer.Value?.Credential is not null, answer.Error?.ToString());
        Assert.Equal(["notes.read", "notes.write"], answer.Value.Scopes.Order(StringComparer.Ordinal));
        return answer.Value.Credential;
    }
}
