using System.Net;

namespace AgentAuth.Operators;

/// <summary>Notes, scopes, queries and cursors take exactly what they say they take.</summary>
public sealed class AgentRevocationNoteTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public void A_name_of_up_to_200_characters_is_kept(int length) => Assert.Equal(new string('a', length), new AgentRevocationNote(new string('a', length)).By);

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public void A_reason_of_up_to_500_characters_is_kept(int length)
    {
        var note = new AgentRevocationNote("olga", new string('a', length)) { RemoteAddress = IPAddress.Loopback };

        Assert.Equal((new string('a', length), IPAddress.Loopback), (note.Reason, note.RemoteAddress));
    }

    [Fact]
    public void What_is_too_long_empty_or_of_two_lines_is_refused_by_its_name()
    {
        Assert.Throws<ArgumentNullException>(() => new AgentRevocationNote(null!));
        Assert.Throws<ArgumentException>(() => new AgentRevocationNote(""));
        Assert.Contains("by must be a text of 1 to 200", Refusal(new string('a', 201), null), StringComparison.Ordinal);
        Assert.Contains("by must be a text of 1 to 200", Refusal("ol\u0007ga", null), StringComparison.Ordinal);
        Assert.Contains("reason must be a text of 1 to 500", Refusal("olga", new string('a', 501)), StringComparison.Ordinal);
        Assert.Contains("reason must be a text of 1 to 500", Refusal("olga", ""), StringComparison.Ordinal);
        Assert.Contains("reason must be a text of 1 to 500", Refusal("olga", "a\r"), StringComparison.Ordinal);
        Assert.Contains("reason must be a text of 1 to 500", Refusal("olga", "a\u2028event=x"), StringComparison.Ordinal);
        Assert.Contains("by must be a text of 1 to 200", Refusal("olga\u202e", null), StringComparison.Ordinal);
        Assert.Null(new AgentRevocationNote("olga").Reason);
    }

    private static string Refusal(string by, string? reason) => Assert.Throws<ArgumentException>(() => new AgentRevocationNote(by, reason)).Message;
}
