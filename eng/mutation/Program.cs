// A mutation run: makes small changes to the runtime's source, one at a time, and runs the tests on each. A change that no test notices is a
// check that could be lost without anybody noticing. eng/mutate builds the tests and starts this.
//
//   MutationRun       the run from beginning to end
//   MutantFinder      finds the mutants of a file; says what is changed and what is not
//   ChangedLines      the lines that differ from an earlier commit, for a run over these alone
//   Schema            writes a file with all its mutants in it, each behind a switch; says what cannot be switched
//   RuntimeCompiler   compiles src/Runtime in memory: once with all that can be switched, and again for each mutant that cannot
//   Worker            runs tests among the built tests, with the mutants in the runtime's place, until one fails; a process of its own,
//                     so that a mutant may crash it or hang it. WorkerProcess is our end of it
//   Trial             shows a mutant to the tests that reach it, the quickest first. Which reach which is known from one run of all tests
//   ReviewedList      the survivors that are right, with reasons: reviewed.tsv
//   Report            writes artifacts/mutation/report.md and mutants.tsv
using AgentAuth.Mutation;

if (args is ["--worker"])
{
    await Worker.RunAsync();

    // Whatever a mutant has left running ends with us.
    Environment.Exit(0);
}

return new MutationRun(Directory.GetCurrentDirectory()).Run(
    [.. args.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal))], args.Contains("--survivors"), args.Contains("--continue"),
    ValueOf("--since="), ValueOf("--tests=")?.Split(',') ?? []);

string? ValueOf(string option) => args.FirstOrDefault(argument => argument.StartsWith(option, StringComparison.Ordinal))?[option.Length..];
