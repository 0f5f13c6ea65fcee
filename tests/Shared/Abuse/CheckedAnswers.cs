using System.Collections.Concurrent;

namespace AgentAuth;

/// <summary>The answers over HTTP that the running test found to be as expected: a status, and the error's code where there is one.</summary>
internal static class CheckedAnswers
{
    private static readonly ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> s_byTest = new(StringComparer.Ordinal);

    public static void Add(string answer)
    {
        if (TestContext.Current.Test is { } test)
        {
            s_byTest.GetOrAdd(test.UniqueID, _ => new(StringComparer.Ordinal))[answer] = true;
        }
    }

    /// <summary>Those of a test.</summary>
    /// <param name="testId">The test's <c>UniqueID</c>.</param>
    public static IReadOnlyCollection<string> Of(string testId) => s_byTest.TryGetValue(testId, out var answers) ? [.. answers.Keys] : [];
}
