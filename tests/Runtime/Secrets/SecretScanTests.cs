using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentAuth.Credentials;
using AgentAuth.Manifest;

namespace AgentAuth.Secrets;

/// <summary>
/// The scan that every test of a service goes through finds what it is there to find. Nothing else runs meanwhile: it would hear these leaks too.
/// </summary>
[CollectionDefinition(nameof(SecretScanTests), DisableParallelization = true)]
[Collection(nameof(SecretScanTests))]
public sealed class SecretScanTests
{
    private static readonly string s_key = CredentialFormat.Create(CredentialType.ApiKey);
    private static readonly string s_token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ." + new string('s', 86);

    [Theory]
    [InlineData("key ")]
    [InlineData("token=")]
    public void A_secret_is_found_by_its_form_even_when_nobody_saw_it_handed_out(string before)
    {
        using var scan = new SecretScan();

        scan.Said("the log", before + s_key);
        scan.Said("the log", before + "clm_0123456789ABCDEFGHIJKLMNOPQRST");
        scan.Said("the log", before + "cvt_0123456789ABCDEFGHIJKLMNOPQRST");
        scan.Said("the log", before + s_token);

        Assert.Equal(4, scan.Leaks().Count);
    }

    [Theory]
    [InlineData("{\"type\":\"otp\",\"challenge\":\"123456\"}")]
    [InlineData("<p class=\"code\"><span aria-hidden=\"true\">123 456</span></p>")]
    [InlineData("tell it this code:\n\n    123 456\n\nThe code")]
    public void A_code_is_found_wherever_it_was_handed_out_and_no_longer_number_is_taken_for_it(string exchanged)
    {
        using var scan = new SecretScan();
        scan.Exchanged(exchanged);

        scan.Said("the log", "took 0.123456 ms, 51234567 bytes, 2026-123456, a123456");
        Assert.Empty(scan.Leaks());

        scan.Said("the log", "the code is 123456.");
        scan.Said("the log", "otp=123456");
        Assert.Equal(["the log: otp=123456", "the log: the code is 123456."], scan.Leaks().Order());
    }

    [Fact]
    public void The_signature_of_a_token_is_found_without_the_rest()
    {
        using var scan = new SecretScan();
        scan.Exchanged($"{{\"assertion\":\"{s_token}\"}}");

        scan.Said("the log", "bad signature " + new string('s', 86));

        Assert.Single(scan.Leaks());
    }

    [Fact]
    public void An_error_may_hand_out_its_claim_token_and_no_other()
    {
        using var scan = new SecretScan();

        scan.SaidInError("{\"error\":\"interaction_required\",\"claim_token\":\"clm_0123456789ABCDEFGHIJKLMNOPQRST\"}");
        Assert.Empty(scan.Leaks());

        scan.SaidInError("{\"error\":\"invalid_claim_token\",\"message\":\"clm_0123456789ABCDEFGHIJKLMNOPQRST is unknown\"}");
        Assert.Single(scan.Leaks());
    }

    [Fact]
    public void Traces_and_metrics_are_heard()
    {
        using var scan = new SecretScan();
        using var meter = new Meter("any");
        var (inTag, inEvent, inName, inMetric) = ("agk_" + new string('1', 36), "agk_" + new string('2', 36), "agk_" + new string('3', 36), "agk_" + new string('4', 36));

        using (var activity = AgentAuthTelemetry.Source.StartActivity("a " + inName))
        {
            activity!.SetTag("tag", inTag).AddEvent(new ActivityEvent("event", tags: new() { ["tag"] = inEvent }));
        }

        meter.CreateCounter<long>("counter").Add(1, new KeyValuePair<string, object?>("tag", inMetric));

        Assert.All([inTag, inEvent, inName, inMetric], secret => Assert.Contains(scan.Leaks(), leak => leak.Contains(secret, StringComparison.Ordinal)));
    }
}
