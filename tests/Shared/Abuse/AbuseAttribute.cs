using System.Reflection;
using System.Text.RegularExpressions;
using Xunit.v3;

namespace AgentAuth;

/// <summary>
/// What a hostile input gets: a row of the table in docs/security.md, which is written from here. An answer in backticks, such as
/// <c>`400 invalid_signature`</c>, was given over HTTP, and the test fails unless it checked just that one by <c>Answer.Is</c>:
/// the table says nothing that no test checks. A row without such an answer is of a test below HTTP.
/// </summary>
/// <param name="line">The line's number in the list of hostile inputs. The test's name carries it too.</param>
/// <param name="input">The input, in Markdown.</param>
/// <param name="answer">What it gets, in Markdown.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed partial class AbuseAttribute(int line, string input, string answer) : BeforeAfterTestAttribute
{
    public int Line => line;

    public string Input => input;

    public string Answer => answer;

    /// <summary>The answers over HTTP: a status, and the error's code where there is one.</summary>
    public IReadOnlyList<string> Answers { get; } = [.. WireAnswer().Matches(answer).Select(match => match.Groups[1].Value)];

    /// <summary>Those of the running test.</summary>
    public static IReadOnlyList<AbuseAttribute> OfRunningTest() =>
        TestContext.Current.TestMethod is IXunitTestMethod method ? [.. method.Method.GetCustomAttributes<AbuseAttribute>()] : [];

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (TestContext.Current.TestState?.Result is TestResult.Failed or TestResult.Skipped)
        {
            return;
        }

        var answers = CheckedAnswers.Of(test.UniqueID);
        Assert.All(Answers, promised => Assert.True(
            answers.Contains(promised), $"[Abuse({line}, …)] says `{promised}`, but the test checked: {string.Join(", ", answers.Order())}."));
    }

    [GeneratedRegex("`([1-5][0-9]{2}(?: [a-z_]+)?)`")]
    private static partial Regex WireAnswer();
}
