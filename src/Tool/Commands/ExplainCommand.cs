using System.CommandLine;
using AgentAuth.AuthMd;
using AgentAuth.Tool.Rules;

namespace AgentAuth.Tool.Commands;

/// <summary><c>explain</c>: prints the page of a rule, or the list of all rules.</summary>
internal static class ExplainCommand
{
    private const int MostGuesses = 3;

    /// <summary>Creates the command.</summary>
    /// <param name="surroundings">Where it will run.</param>
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string?>("rule") { Description = "A rule, such as AUTHMD1007. Without it, all rules are listed.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("explain", "Prints what a rule is about, why it exists, and what fails and passes.") { id };
        command.SetAction(parsed => Run(surroundings.Out.Writer, parsed.GetValue(id)));
        return command;
    }

    private static int Run(TextWriter output, string? id)
    {
        if (id is null)
        {
            output.WriteLine(List(AuthMdRules.All));
        }
        else
        {
            output.WriteLine(RulePages.Of(AuthMdRules.Find(id) ?? throw new RefusalException(Unknown(id))).TrimEnd());
        }

        return ExitCodes.Success;
    }

    private static string Unknown(string id)
    {
        var guesses = Guesses(id);
        return guesses.Count > 0
            ? $"There is no rule \"{id}\". Did you mean one of these?\n{List(guesses)}"
            : $"There is no rule \"{id}\". These are all:\n{List(AuthMdRules.All)}";
    }

    private static List<AuthMdRule> Guesses(string id)
    {
        var guesses = new List<AuthMdRule>();
        while (guesses.Count < MostGuesses && NearestName.Find(id, AuthMdRules.All.Except(guesses).Select(rule => rule.Id)) is { } nearest)
        {
            guesses.Add(AuthMdRules.Find(nearest)!);
        }

        return guesses;
    }

    private static string List(IEnumerable<AuthMdRule> rules) => string.Join('\n', rules.Select(rule => $"{rule.Id}  {rule.Severity,-7}  {rule.Title}"));
}
