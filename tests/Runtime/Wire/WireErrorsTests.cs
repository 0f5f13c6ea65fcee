using AgentAuth.AuthMd.Published;
using AgentAuth.Refusals;
using AgentAuth.Registrations;
using AgentAuth.Wire.Http;

namespace AgentAuth.Wire.V01;

/// <summary>What is answered and what auth.md explains are one set.</summary>
public sealed class WireErrorsTests
{
    // Answered by the challenge, or with a body of their own.
    private static readonly string[] s_others = ["interaction_required", "unauthorized", "invalid_token", "insufficient_scope"];

    [Fact]
    public void Every_refusal_has_an_error_of_the_published_set_and_every_error_a_refusal()
    {
        var answered = Enum.GetValues<RefusalReason>().Select(reason => WireErrors.Of(new Refusal(reason, "Because."))).Select(error => (error.Code, error.Status));

        Assert.Equal(
            ProtocolErrors.All.Where(error => !s_others.Contains(error.Code)).Select(error => (error.Code, error.Status)).Order(),
            answered.Distinct().Order());
    }

    [Fact]
    public void No_code_has_two_meanings() => Assert.Equal(ProtocolErrors.All.Count, ProtocolErrors.All.Select(error => error.Code).Distinct().Count());
}
