namespace AgentAuth.AuthMd;

/// <summary>A fix that says of itself that it gives nothing is held to it, on every document that breaks a rule.</summary>
public sealed class AuthMdFixTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.md").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(Repository.Root, "tests", "AuthMd", "Problems");

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_fix_for_machines_adds_nothing_to_what_the_document_grants(string file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, file), TestContext.Current.CancellationToken);
        var before = AuthMdParser.Parse(text);
        foreach (var fix in before.Problems.Select(problem => problem.Fix).OfType<AuthMdFix>().Where(fix => fix.GivesNothing))
        {
            var after = AuthMdParser.Parse(text.Remove(fix.Span.Start, fix.Span.Length).Insert(fix.Span.Start, fix.Text));

            Assert.Empty(Granted(after.Document).Except(Granted(before.Document)));
        }
    }

    [Fact]
    public void Some_fixes_are_for_machines_and_most_are_not()
    {
        var fixes = Directory.GetFiles(Folder, "*.md")
            .SelectMany(file => AuthMdParser.Parse(File.ReadAllText(file)).Problems)
            .Where(problem => problem.Fix is not null)
            .ToLookup(problem => problem.Fix!.GivesNothing, problem => problem.Id);

        Assert.Equal(["AUTHMD0002", "AUTHMD1001", "AUTHMD1008", "AUTHMD1013", "AUTHMD1016", "AUTHMD1017", "AUTHMD1025"], fixes[true].Distinct().Order(StringComparer.Ordinal));
        Assert.Superset(new HashSet<string> { "AUTHMD0003", "AUTHMD1004", "AUTHMD1005", "AUTHMD1006", "AUTHMD1011", "AUTHMD1012", "AUTHMD1020" }, fixes[false].ToHashSet());
    }

    // Lifetimes are left out: that fix writes the longest that is allowed where more was written.
    private static IEnumerable<string> Granted(AuthDocument document) =>
    [
        $"resource {document.Resource?.Value}", $"issuer {document.AuthorizationServer?.Value}",
        .. document.Scopes.Select(scope => $"scope {scope.Name.Value} {scope.IsPreClaim}"),
        .. document.Methods.SelectMany(method => method.Credentials.Select(credential => $"method {method.Kind} {credential.Value} {method.RotateOnClaim}").Prepend($"method {method.Kind}")),
        .. document.TrustedProviders.Select(provider => $"provider {provider.Issuer.Value} {provider.Keys?.Value} {string.Join(' ', provider.Requires.Select(item => item.Value))} {string.Join(' ', provider.Algorithms.Select(item => item.Value))} {string.Join(' ', provider.AcceptedContexts.Select(item => item.Value))} {provider.MaxAge?.Value}"),
        .. document.TrustedProviders.Where(provider => provider.TrustsEmail).Select(provider => $"email of {provider.Issuer.Value} {string.Join(' ', provider.EmailDomains.Select(item => item.Value))}"),
        .. document.AccountMatching.Select(step => $"matching {step.Value}"),
        .. document.Limits.Select(limit => $"limit {limit}"),
        $"endpoints {document.Endpoints.Register?.Value} {document.Endpoints.Claim?.Value} {document.Endpoints.Revoke?.Value}",
    ];
}
