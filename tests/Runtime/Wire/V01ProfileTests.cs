using AgentAuth.Protocol;
using AgentAuth.Protocol.V01;

namespace AgentAuth.Wire.V01;

/// <summary>What is answered and what auth.md explains are one set.</summary>
public sealed class V01ProfileTests
{
    [Fact]
    public void Every_refusal_has_an_error_of_the_published_set_and_every_error_a_refusal()
    {
        var answered = Enum.GetValues<RefusalReason>().Select(ProtocolErrors.Of).Distinct().ToList();

        Assert.Equal(
            ProtocolErrors.All.Select(error => error.Code).Order(),
            answered.Where(ProtocolErrors.All.Contains).Select(error => error.Code).Order());
        Assert.Equal(
            [("insufficient_user_authentication", 401), ("invalid_request", 405), ("invalid_request", 413), ("invalid_request", 415)],
            answered.Except(ProtocolErrors.All).Select(error => (error.Code, error.Status)).Order());
    }

    [Fact]
    public void No_code_has_two_meanings() => Assert.Equal(ProtocolErrors.All.Count, ProtocolErrors.All.Select(error => error.Code).Distinct().Count());
}
