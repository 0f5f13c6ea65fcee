using System.Globalization;
using System.Net;
using AgentAuth.Manifest;
using AgentAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Limits;

/// <summary>Floods by which one stranger would stop the service for all, and what honest callers get beside them.</summary>
public sealed class RequestLimitsTests
{
    private const string Honest = "203.0.113.7";

    [Finding("G11", "60 garbage assertions from each of 17 addresses", "each address gets `429` at its 61st; ID-JAG and registration by email from other addresses get `200`")]
    [Fact]
    public async Task G11_garbage_assertions_from_many_addresses_close_no_method_for_others()
    {
        await using var pair = await ServiceWithProvider.StartAsync(limits: true, endpoints: Crowd.Use);
        var service = pair.Service;
        for (var n = 0; n < 17; n++)
        {
            for (var i = 0; i < 60; i++)
            {
                (await service.RegisterByAssertionFromAsync(Crowd.Address(n), "garbage")).Is(HttpStatusCode.BadRequest, "invalid_request");
            }

            (await service.RegisterByAssertionFromAsync(Crowd.Address(n), "garbage")).Is(HttpStatusCode.TooManyRequests, "rate_limited");
        }

        (await service.RegisterByAssertionFromAsync(Honest, pair.Mint())).Is(HttpStatusCode.OK);
        (await service.RegisterByEmailFromAsync(Honest, "user@example.com")).Is(HttpStatusCode.OK);

        // Nor does it close the other method to the flooding address itself.
        (await service.RegisterByEmailFromAsync(Crowd.Address(0), "other@example.com")).Is(HttpStatusCode.OK);
    }

    [Finding("G11", "forged assertions that name a trusted provider, with another's signature, until the budget of that provider were used up", "`400` each; they do not count against the provider, whose agents get `200`")]
    [Fact]
    public async Task G11_forged_assertions_do_not_use_up_a_providers_budget()
    {
        await using var pair = await ServiceWithProvider.StartAsync(
            TestService.Manifest with { Limits = new ManifestLimits { IdentityAssertionPerProvider = RateLimit.PerHour(5) } }, limits: true, endpoints: Crowd.Use);
        var forged = pair.Mint();
        forged = forged[..^1] + (forged[^1] == 'A' ? 'Q' : 'A');
        for (var n = 0; n < 20; n++)
        {
            (await pair.Service.RegisterByAssertionFromAsync(Crowd.Address(n), forged)).Is(HttpStatusCode.BadRequest);
        }

        (await pair.Service.RegisterByAssertionFromAsync(Honest, pair.Mint())).Is(HttpStatusCode.OK);
    }

    [Finding("G11", "one user of a provider who registers without end, from many addresses", "`429` at the 61st of an hour; other users of the provider get `200`")]
    [Fact]
    public async Task G11_one_user_does_not_use_up_a_providers_budget()
    {
        await using var pair = await ServiceWithProvider.StartAsync(
            TestService.Manifest with { Limits = new ManifestLimits { IdentityAssertionPerProvider = RateLimit.PerHour(62) } }, limits: true, endpoints: Crowd.Use);
        for (var n = 0; n < 60; n++)
        {
            (await pair.Service.RegisterByAssertionFromAsync(Crowd.Address(n), pair.Mint())).Is(HttpStatusCode.OK);
        }

        for (var n = 0; n < 10; n++)
        {
            (await pair.Service.RegisterByAssertionFromAsync(Crowd.Address(n), pair.Mint())).Is(HttpStatusCode.TooManyRequests, "rate_limited");
        }

        // One assertion over and over is one user's, too.
        var bob = pair.Mint(request => request with { User = new DemoUser("bob", "bob", "bob@example.com") });
        (await pair.Service.RegisterByAssertionFromAsync(Honest, bob)).Is(HttpStatusCode.OK);
        (await pair.Service.RegisterByAssertionFromAsync(Honest, bob)).Is(HttpStatusCode.BadRequest, "replay_detected");
    }

    [Finding("G11", "a provider whose users use up its budget", "`429` with `Retry-After` for that provider's users, `200` for another's")]
    [Fact]
    public async Task G11_one_provider_does_not_use_up_anothers_budget()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var time = pair.Service.Time;
        await using var other = await DemoIdentityProvider.StartAsync(options: new DemoIdentityProviderOptions { Clock = time }, cancellationToken: TestContext.Current.CancellationToken);
        await using var service = await TestService.StartAsync(
            TestService.Manifest with { Limits = new ManifestLimits { IdentityAssertionPerProvider = RateLimit.PerHour(3) } },
            options =>
            {
                options.AllowLoopbackHttp = true;
                options.Limits.Enabled = true;
                options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = pair.Provider.Issuer });
                options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = other.Issuer });
            },
            endpoints: Crowd.Use,
            time: time);
        for (var n = 0; n < 3; n++)
        {
            (await service.RegisterByAssertionFromAsync(Honest, MintFor(n))).Is(HttpStatusCode.OK);
        }

        var refused = await service.RegisterByAssertionFromAsync(Honest, MintFor(3));

        refused.Is(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal("3600", refused.Headers["Retry-After"]);
        (await service.RegisterByAssertionFromAsync(Honest, other.MintIdJag(new IdJagRequest { Audience = TestService.Issuer }))).Is(HttpStatusCode.OK);

        string MintFor(int n) => pair.Mint(request => request with { User = new DemoUser($"u{n}", $"u{n}", $"u{n}@example.com") });
    }

    [Finding("G11", "200 anonymous starts from 40 addresses", "`200` for the next address: there is no total unless auth.md sets one, and the docs say that a total is a switch")]
    [Fact]
    public async Task G11_anonymous_starts_from_many_addresses_do_not_close_the_method()
    {
        await using var service = await TestService.StartAsync(configure: options => options.Limits.Enabled = true, endpoints: Crowd.Use);
        for (var n = 0; n < 40; n++)
        {
            for (var i = 0; i < 5; i++)
            {
                (await service.StartAnonymouslyFromAsync(Crowd.Address(n))).Is(HttpStatusCode.OK);
            }

            (await service.StartAnonymouslyFromAsync(Crowd.Address(n))).Is(HttpStatusCode.TooManyRequests, "rate_limited");
        }

        (await service.StartAnonymouslyFromAsync(Honest)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_total_of_auth_md_is_kept_with_Retry_After()
    {
        await using var service = await TestService.StartAsync(
            TestService.Manifest with { Limits = new ManifestLimits { AnonymousTotal = RateLimit.PerHour(2) } },
            options => options.Limits.Enabled = true,
            endpoints: Crowd.Use);
        await service.StartAnonymouslyFromAsync(Crowd.Address(1));
        service.Time.Advance(TimeSpan.FromMinutes(10));
        await service.StartAnonymouslyFromAsync(Crowd.Address(2));

        var refused = await service.StartAnonymouslyFromAsync(Honest);

        refused.Is(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal("3000", refused.Headers["Retry-After"]);
    }

    [Fact]
    public async Task Registration_by_email_has_limits_of_its_own()
    {
        await using var pair = await ServiceWithProvider.StartAsync(
            TestService.Manifest with
            {
                Limits = new ManifestLimits
                {
                    VerifiedEmailPerAddress = RateLimit.PerHour(1),
                    VerifiedEmailTotal = RateLimit.PerHour(2),
                    IdentityAssertionPerAddress = RateLimit.PerHour(1),
                },
            },
            limits: true,
            endpoints: Crowd.Use);

        (await pair.Service.RegisterByEmailFromAsync(Honest, "a@example.com")).Is(HttpStatusCode.OK);
        (await pair.Service.RegisterByEmailFromAsync(Honest, "b@example.com")).Is(HttpStatusCode.TooManyRequests, "rate_limited");
        (await pair.Service.RegisterByAssertionFromAsync(Honest, pair.Mint())).Is(HttpStatusCode.OK);
        (await pair.Service.RegisterByEmailFromAsync(Crowd.Address(1), "b@example.com")).Is(HttpStatusCode.OK);
        (await pair.Service.RegisterByEmailFromAsync(Crowd.Address(2), "c@example.com")).Is(HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Finding("G12", "requests from 60,000 distinct /64s, of every kind", "nothing else is forgotten: an exhausted recipient gets no further mail, and what is counted in all goes on")]
    [Fact]
    public async Task G12_many_addresses_make_no_recipient_user_or_total_forgotten()
    {
        await using var service = await TestService.StartAsync(
            TestService.Manifest with { Limits = new ManifestLimits { AnonymousTotal = RateLimit.PerHour(100_000), ClaimMailTotal = null } },
            options => options.Limits.Enabled = true,
            endpoints: Crowd.Use);
        var limits = service.Services.GetRequiredService<RequestLimits>();
        for (var n = 0; n < 3; n++)
        {
            (await service.RegisterByEmailFromAsync(Crowd.Address(n), "victim@example.com")).Is(HttpStatusCode.OK);
        }

        for (var n = 0; n < 60; n++)
        {
            Assert.Null(limits.Verified(new AgentDelegationKey("https://p.example", "mallory")));
        }

        var started = 0;
        for (var n = 0; n < 60_000; n++)
        {
            var address = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:{n / 250:x}:{n % 250:x}::1"));
            started += limits.Anonymous(address) is null ? 1 : 0;
            Assert.Null(limits.Assertion(address));
            Assert.Null(limits.Complete(address));
            Assert.Null(limits.Challenge(address));
            limits.Email(address);
        }

        Assert.Equal(60_000, started);
        (await service.RegisterByEmailFromAsync(Honest, "victim@example.com")).Is(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.NotNull(limits.Verified(new AgentDelegationKey("https://p.example", "mallory")));
        for (var n = 0; n < 40_000; n++)
        {
            Assert.Null(limits.Anonymous(IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2002:{n / 250:x}:{n % 250:x}::1"))));
        }

        Assert.NotNull(limits.Anonymous(IPAddress.Parse(Honest)));
    }

    [Finding("G12", "anonymous starts from every /64 of one /56, and of one /48", "four addresses' worth, and sixteen addresses' worth")]
    [Fact]
    public async Task G12_a_customers_many_networks_are_one_customer()
    {
        await using var service = await TestService.StartAsync(configure: options => options.Limits.Enabled = true);
        var limits = service.Services.GetRequiredService<RequestLimits>();

        var ofOneCustomer = Enumerable.Range(0, 256).Count(n => limits.Anonymous(IPAddress.Parse($"2001:db8:1:{n:x}::1")) is null);
        var ofOneStreet = Enumerable.Range(256, 5000).Count(n => limits.Anonymous(IPAddress.Parse($"2001:db8:1:{n:x}::1")) is null);

        Assert.Equal(20, ofOneCustomer);
        Assert.Equal(80 - 20, ofOneStreet);
        Assert.Null(limits.Anonymous(IPAddress.Parse("2001:db8:2::1")));
    }

    [Finding("G16", "one anonymous registration, 20 source addresses, `victim+1@` to `victim+20@`", "three mails an hour: `+` and what follows do not make another recipient")]
    [Fact]
    public async Task G16_a_tag_in_an_address_makes_no_other_recipient()
    {
        await using var service = await TestService.StartAsync(configure: options => options.Limits.Enabled = true, endpoints: Crowd.Use);
        var mailed = 0;
        for (var n = 0; n < 20; n++)
        {
            // A registration for each, so that its own bound is not what stops this.
            var token = (await service.StartAnonymouslyFromAsync(Crowd.Address(100 + n))).Text("claim_token");
            mailed += (await service.ClaimFromAsync(Crowd.Address(n), token, $"Victim+{n}@example.com")).Status == HttpStatusCode.OK ? 1 : 0;
        }

        Assert.Equal(3, mailed);
        (await service.RegisterByEmailFromAsync(Honest, "victim@example.com")).Is(HttpStatusCode.TooManyRequests, "rate_limited");
        (await service.RegisterByEmailFromAsync(Honest, "victim.else@example.com")).Is(HttpStatusCode.OK);
    }

    [Finding("G16", "one registration that has mails sent to 20 people from 20 addresses", "five mails over its life, then `410 claim_expired`; the newest can still be completed")]
    [Fact]
    public async Task G16_a_registration_has_five_mails_over_its_life()
    {
        await using var service = await TestService.StartAsync(configure: options => options.Limits.Enabled = true, endpoints: Crowd.Use);
        var token = (await service.StartAnonymouslyFromAsync(Honest)).Text("claim_token");
        for (var n = 0; n < 4; n++)
        {
            (await service.ClaimFromAsync(Crowd.Address(n), token, $"user{n}@example.com")).Is(HttpStatusCode.OK);
            await service.NextLinkTokenAsync();
        }

        service.Time.Advance(TimeSpan.FromHours(20));
        (await service.ClaimFromAsync(Honest, token, "user@example.com")).Is(HttpStatusCode.OK);
        for (var n = 5; n < 20; n++)
        {
            (await service.ClaimFromAsync(Crowd.Address(n), token, $"user{n}@example.com")).Is(HttpStatusCode.Gone, "claim_expired");
        }

        // What was refused has used nobody's permits up.
        (await service.RegisterByEmailFromAsync(Crowd.Address(5), "user5@example.com")).Is(HttpStatusCode.OK);
        var code = await service.ShowCodeAsync(await service.NextLinkTokenAsync());
        (await service.PostAsync("/agent/auth/claim/complete", new { claim_token = token, otp = code })).Is(HttpStatusCode.OK);
    }

    [Finding("G16", "mails to ever new people from ever new addresses", "`429` with `Retry-After` once the total of claim mails is reached, 1,000 an hour unless auth.md says otherwise")]
    [Fact]
    public async Task G16_there_is_a_total_for_mail()
    {
        Assert.Equal(RateLimit.PerHour(1000), new ManifestLimits().ClaimMailTotal);
        await using var service = await TestService.StartAsync(
            TestService.Manifest with { Limits = new ManifestLimits { ClaimMailTotal = RateLimit.PerHour(10) } }, options => options.Limits.Enabled = true, endpoints: Crowd.Use);
        for (var n = 0; n < 10; n++)
        {
            (await service.RegisterByEmailFromAsync(Crowd.Address(n), $"user{n}@example.com")).Is(HttpStatusCode.OK);
        }

        var refused = await service.RegisterByEmailFromAsync(Honest, "honest@example.com");

        refused.Is(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal("3600", refused.Headers["Retry-After"]);
    }
}
