using AgentAuth.Protocol;

namespace AgentAuth.Assertions;

public class AssertionVerifierTests
{
    [Theory]
    [InlineData("es256")]
    [InlineData("Es256")]
    public async Task Algorithm_in_another_case_is_no_algorithm_and_nothing_is_fetched(string algorithm)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(bench.Token(header: header => header["alg"] = algorithm), RefusalReason.InvalidSignature);

        Assert.Equal(0, bench.RequestsSent);
    }
}
