using System.Text.Json;

namespace AgentAuth.Assertions;

public class ActorClaimTests
{
    [Theory]
    [InlineData("""{"b":1,"a":2,"B":3,"A":4}""")]
    [InlineData("""{ "A" : 4, "B" : 3, "a" : 2, "b" : 1 }""")]
    [InlineData("""{"a":2,"A":4,"b":1,"\u0042":3}""")]
    public void Names_that_differ_in_case_have_one_order_too(string json) =>
        Assert.Equal("""{"A":4,"B":3,"a":2,"b":1}""", Canonical(json));

    [Fact]
    public void What_is_within_is_kept_as_it_is() =>
        Assert.Equal("""{"a":[1.50,true,null,[{"c":"x","d":[]}]],"sub":"agent"}""", Canonical("""{"sub":"\u0061gent","a":[1.50,true,null,[{"d":[],"\u0063":"\u0078"}]]}"""));

    [Theory]
    [InlineData("[]")]
    [InlineData("[{}]")]
    [InlineData("\"agent\"")]
    [InlineData("null")]
    [InlineData("1")]
    public void What_is_no_object_is_no_actor(string json) => Assert.Null(Canonical(json));

    [Theory]
    [InlineData("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}""", true)]
    [InlineData("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}}""", false)]
    [InlineData("""{"a":[[[[[[[]]]]]]]}""", true)]
    [InlineData("""{"a":[[[[[[[[]]]]]]]]}""", false)]
    [InlineData("""{"a":[[[[[[[1]]]]]]]}""", true)]
    [InlineData("""{"a":[[[[[[[{}]]]]]]]}""", false)]
    public void Eight_may_be_within_one_another(string json, bool isKept) => Assert.Equal(isKept ? json : null, Canonical(json));

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void The_kept_form_has_2048_bytes_at_the_most(int length, bool isKept)
    {
        var json = $$"""{"sub":"{{new string('a', length - 10)}}"}""";

        Assert.Equal(isKept ? json : null, Canonical(json));
    }

    private static string? Canonical(string json) => ActorClaim.TryCanonicalize(JsonElement.Parse(json), out var canonical) ? canonical : null;
}
