namespace AgentAuth;

/// <summary>
/// Something that an attack or a real app showed, and what it gets now: a row of the table of findings in docs/security.md, which a test
/// writes from here. The number is the finding's: G for guards and doors, S for the store, W for the wire, D for developers, L for the language. The test's name begins with it.
/// </summary>
/// <param name="number">The finding's number, such as <c>G4</c>.</param>
/// <param name="input">What was done, in Markdown, without a vertical bar.</param>
/// <param name="answer">What it gets now, in Markdown, without a vertical bar.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class FindingAttribute(string number, string input, string answer) : Attribute
{
    public string Number => number;

    public string Input => input;

    public string Answer => answer;
}
