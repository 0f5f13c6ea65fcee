using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentAuth.EndToEnd.Sample;

/// <summary>A person walks through the demo page, and through the claim page it leads to, in a real browser.</summary>
public sealed class DemoPageTests(RunningSample sample, Chromium chromium) : IClassFixture<RunningSample>, IClassFixture<Chromium>
{
    [Fact]
    public async Task Agent_verified_from_the_401_to_the_revocation()
    {
        var page = await chromium.OpenAsync(sample.Url);
        await Chromium.AssertAccessibleAsync(page);

        await PressAsync(page, "Call the API", 1);
        await ExpectAnswerAsync(page, 1, "GET /api/tickets", "401");
        await Expect(Step(page, 1)).ToContainTextAsync("www-authenticate: Bearer resource_metadata=");
        await PressAsync(page, "Follow resource_metadata");
        await ExpectAnswerAsync(page, 2, "GET /.well-known/oauth-protected-resource", "200");
        await PressAsync(page, "Read the metadata");
        await ExpectAnswerAsync(page, 3, "GET /.well-known/oauth-authorization-server", "200");
        await PressAsync(page, "Mint an ID-JAG");
        await Expect(Step(page, 4)).ToContainTextAsync("\"sub\": \"user-alice\"");
        await PressAsync(page, "Register");
        await Expect(Step(page, 5)).ToContainTextAsync("tickets.read, tickets.write and customers.read");
        await PressAsync(page, "List tickets");
        await ExpectAnswerAsync(page, 6, "GET /api/tickets", "200");
        await PressAsync(page, "Create a ticket");
        await ExpectAnswerAsync(page, 7, "POST /api/tickets", "201");
        await PressAsync(page, "Replay it");
        await ExpectAnswerAsync(page, 8, "POST /agent/auth", "400");
        await Expect(Step(page, 8)).ToContainTextAsync("replay_detected");
        await PressAsync(page, "Revoke");
        await Expect(Step(page, 9)).ToContainTextAsync("The service answered the provider with 200");
        await PressAsync(page, "Call the API", 10);
        await ExpectAnswerAsync(page, 10, "GET /api/tickets", "401");
        await Expect(Step(page, 10)).ToContainTextAsync("error=\"invalid_token\"");

        await Expect(page.Locator("#audit")).ToContainTextAsync("registration.revoked");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Expect(page.Locator("#flow")).Not.ToContainTextAsync(new Regex("ag[kt]_[0-9A-Za-z]{20}"));
        await Chromium.AssertAccessibleAsync(page);

        // The second time the address is known, and the delegation is gone: its owner is asked.
        await PressAsync(page, "Start over");
        foreach (var action in new[] { "Call the API", "Follow resource_metadata", "Read the metadata", "Mint an ID-JAG", "Register", "Look into the inbox" })
        {
            await PressAsync(page, action);
        }

        await Expect(Step(page, 5)).ToContainTextAsync("the owner is asked first");
        var claim = await page.RunAndWaitForPopupAsync(() => Step(page, 6).GetByRole(AriaRole.Link).ClickAsync());
        await Step(page, 7).GetByLabel("The code from the page").FillAsync(await ShowCodeAsync(claim));
        await PressAsync(page, "Complete the claim");
        await Expect(Step(page, 7)).ToContainTextAsync("Confirmed.");
        await PressAsync(page, "List tickets");
        await ExpectAnswerAsync(page, 8, "GET /api/tickets", "200");
        await Chromium.AssertAccessibleAsync(page);
    }

    [Fact]
    public async Task Anonymous_start_and_a_claim_on_the_real_claim_page()
    {
        var page = await chromium.OpenAsync(sample.Url);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Anonymous start" }).ClickAsync();
        await PressAsync(page, "Discover");
        await PressAsync(page, "Register");
        await PressAsync(page, "List tickets");
        await PressAsync(page, "Create a ticket", 4);
        await ExpectAnswerAsync(page, 4, "POST /api/tickets", "403");
        await Expect(Step(page, 4)).ToContainTextAsync("error=\"insufficient_scope\"");
        await page.GetByLabel("Your address").FillAsync("gina@example.com");
        await PressAsync(page, "Start the claim");
        await PressAsync(page, "Look into the inbox");
        var claim = await page.RunAndWaitForPopupAsync(() => Step(page, 6).GetByRole(AriaRole.Link).ClickAsync());
        var code = await ShowCodeAsync(claim);

        await page.GetByLabel("The code from the page").FillAsync("000 000" == code ? "000 001" : "000 000");
        await PressAsync(page, "Complete the claim");
        await Expect(Step(page, 7).GetByRole(AriaRole.Alert)).ToContainTextAsync("otp_invalid");
        await Chromium.AssertAccessibleAsync(page);
        await page.GetByLabel("The code from the page").FillAsync(code);
        await PressAsync(page, "Complete the claim");
        await Expect(Step(page, 7)).ToContainTextAsync("Claimed.");
        await PressAsync(page, "Create a ticket", 8);
        await ExpectAnswerAsync(page, 8, "POST /api/tickets", "201");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Chromium.AssertAccessibleAsync(page);

        await claim.GotoAsync(await MailedLinkAsync(page, "gina@example.com"));
        await Expect(claim.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Already confirmed");
        await Chromium.AssertAccessibleAsync(claim);
    }

    [Fact]
    public async Task Email_first_with_a_claim_page_that_has_no_JavaScript()
    {
        var page = await chromium.OpenAsync($"{sample.Url}/#email");
        await PressAsync(page, "Discover");
        await page.GetByLabel("Your address").FillAsync("henry@example.com");
        await PressAsync(page, "Register");
        await PressAsync(page, "Look into the inbox");
        var link = await Step(page, 3).GetByRole(AriaRole.Link).GetAttributeAsync("href");
        var claim = await chromium.OpenAsync(link!, new() { JavaScriptEnabled = false });
        await claim.GetByRole(AriaRole.Button, new() { Name = "Show the code" }).ClickAsync();

        await page.GetByLabel("The code from the page").FillAsync(await claim.Locator(".code").InnerTextAsync());
        await PressAsync(page, "Complete the claim");
        await Expect(Step(page, 4)).ToContainTextAsync("Here is the credential");
        await PressAsync(page, "List customers");
        await ExpectAnswerAsync(page, 5, "GET /api/customers", "200");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_person_who_asked_for_nothing_refuses_and_the_key_dies()
    {
        var page = await chromium.OpenAsync($"{sample.Url}/#anonymous");
        foreach (var action in new[] { "Discover", "Register", "List tickets" })
        {
            await PressAsync(page, action);
        }

        await PressAsync(page, "Create a ticket", 4);
        await page.GetByLabel("Your address").FillAsync("iris@example.com");
        await PressAsync(page, "Start the claim");
        await PressAsync(page, "Look into the inbox");
        var claim = await page.RunAndWaitForPopupAsync(() => Step(page, 6).GetByRole(AriaRole.Link).ClickAsync());
        await claim.GetByRole(AriaRole.Button, new() { Name = "This wasn’t me" }).ClickAsync();
        await Expect(claim.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Refused");
        await Chromium.AssertAccessibleAsync(claim);
        await claim.GotoAsync(await MailedLinkAsync(page, "iris@example.com"));
        await Expect(claim.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("This request has ended");
        await Chromium.AssertAccessibleAsync(claim);

        await PressAsync(page, "List tickets");
        await Expect(Step(page, 3).GetByRole(AriaRole.Alert)).ToContainTextAsync("the answer was 401");
        await Expect(page.Locator("#audit")).ToContainTextAsync("claim.declined");
    }

    [Fact]
    public async Task W12_the_claim_page_comes_back_when_its_address_is_loaded_again()
    {
        var claim = await chromium.OpenAsync(await LinkAsync("jack@example.com"));
        await ShowCodeAsync(claim);
        Assert.EndsWith("/agent/auth/claim/attempt/challenge", claim.Url, StringComparison.Ordinal);

        await claim.GotoAsync(claim.Url);

        await Expect(claim.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Let an agent act for you?");
        await Expect(claim.Locator("main")).ToContainTextAsync("jack@example.com");
        await Expect(claim.Locator(".code")).ToHaveCountAsync(0);
        await Chromium.AssertAccessibleAsync(claim);
        await claim.GetByRole(AriaRole.Button, new() { Name = "This wasn’t me" }).ClickAsync();
        await claim.GotoAsync(claim.Url);
        await Expect(claim.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("This request has ended");

        // Another browser knows nothing of it.
        var other = await chromium.OpenAsync(claim.Url);
        await Expect(other.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Open the link again");
        await Expect(other.Locator("main")).Not.ToContainTextAsync("jack@example.com");
        await Chromium.AssertAccessibleAsync(other);
    }

    [Fact]
    public async Task W14_the_claim_page_holds_long_names_and_names_that_run_from_right_to_left()
    {
        var claim = await chromium.OpenAsync(await LinkAsync("kate@example.com"), new() { ViewportSize = new() { Width = 320, Height = 844 } });
        await Expect(claim.Locator("main")).ToContainTextAsync(new Regex("\\((10|[1-9]) minutes? left\\)"));
        const string All = "[dir=auto]";

        // Wherever a text of others stands, there may be one word of 55 letters.
        await claim.EvaluateAsync($"document.querySelectorAll('{All}').forEach(e => e.textContent = 'x'.repeat(55))");
        Assert.Equal(320, await claim.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        var card = await claim.EvaluateAsync<double>("document.querySelector('main').getBoundingClientRect().right");
        Assert.True(await claim.EvaluateAsync<double>($"Math.max(...[...document.querySelectorAll('{All}')].map(e => e.getBoundingClientRect().right))") <= card);

        // In a text that runs from right to left the mark at its end stands on the left.
        await claim.EvaluateAsync($"document.querySelectorAll('{All}').forEach(e => e.textContent = 'مكتب!')");
        Assert.True(await claim.EvaluateAsync<bool>($$"""
            [...document.querySelectorAll('{{All}}')].every(e => {
              const at = (from, to) => { const range = document.createRange(); range.setStart(e.firstChild, from); range.setEnd(e.firstChild, to); return range.getBoundingClientRect(); };
              return at(4, 5).right <= at(0, 1).left;
            })
            """));
    }

    [Fact]
    public async Task A_refusal_by_the_service_is_shown_with_its_reason()
    {
        var page = await chromium.OpenAsync(sample.Url);
        await PressAsync(page, "Call the API", 1);
        await PressAsync(page, "Follow resource_metadata");
        await PressAsync(page, "Read the metadata");
        await page.GetByLabel("The agent works for").SelectOptionAsync("carol");
        await PressAsync(page, "Mint an ID-JAG");
        await PressAsync(page, "Register");

        await Expect(Step(page, 5).GetByRole(AriaRole.Alert)).ToContainTextAsync("missing_verified_email");
        await Chromium.AssertAccessibleAsync(page);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_named_and_the_step_can_be_tried_again()
    {
        var page = await chromium.OpenAsync(sample.Url);
        await PressAsync(page, "Call the API", 1);
        await PressAsync(page, "Follow resource_metadata");
        await PressAsync(page, "Read the metadata");
        await page.RouteAsync("**/id-jag", route => route.AbortAsync());
        await PressAsync(page, "Mint an ID-JAG");
        await Expect(Step(page, 4).GetByRole(AriaRole.Alert)).ToContainTextAsync($"No answer from {sample.Provider.Issuer}");

        await page.UnrouteAsync("**/id-jag");
        await PressAsync(page, "Mint an ID-JAG");

        await Expect(Step(page, 4)).ToContainTextAsync("\"sub\": \"user-alice\"");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_page_fits_a_phone_in_both_color_schemes(ColorScheme scheme)
    {
        var page = await chromium.OpenAsync($"{sample.Url}/#anonymous", new() { ColorScheme = scheme, ViewportSize = new() { Width = 390, Height = 844 } });
        await PressAsync(page, "Discover");
        await Expect(Step(page, 1)).ToContainTextAsync("Agents register at");

        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await Chromium.AssertAccessibleAsync(page);
    }

    [Fact]
    public async Task The_tabs_move_with_the_arrow_keys()
    {
        var page = await chromium.OpenAsync(sample.Url);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Agent verified" }).FocusAsync();

        await page.Keyboard.PressAsync("ArrowLeft");

        var last = page.GetByRole(AriaRole.Tab, new() { Name = "Email first" });
        await Expect(last).ToBeFocusedAsync();
        await Expect(last).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("Register with an address");
    }

    private static ILocator Step(IPage page, int number) => page.Locator(".step").Nth(number - 1);

    // A step that begins while the one before it still runs would be a different test each time.
    private static async Task PressAsync(IPage page, string action, int? step = null)
    {
        var within = step is { } number ? Step(page, number) : page.Locator("#flow");
        await within.GetByRole(AriaRole.Button, new() { Name = action, Exact = true }).ClickAsync();
        await Expect(page.Locator("[aria-busy]")).ToHaveCountAsync(0);
    }

    private static Task ExpectAnswerAsync(IPage page, int step, string request, string status) =>
        Expect(Step(page, step).Locator("summary").Last).ToContainTextAsync(
            new Regex($"^{Regex.Escape(request)} {status}"));

    private static async Task<string> ShowCodeAsync(IPage claim)
    {
        await Expect(claim.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Let an agent act for you?");
        await Chromium.AssertAccessibleAsync(claim);
        await claim.GetByRole(AriaRole.Button, new() { Name = "Show the code" }).ClickAsync();
        await Expect(claim.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Your code");
        await Chromium.AssertAccessibleAsync(claim);
        return await claim.Locator(".code").InnerTextAsync();
    }

    private async Task<string> LinkAsync(string email)
    {
        await (await sample.DiscoverAsync()).RegisterByEmailAsync(email, "api_key", TestContext.Current.CancellationToken);
        return (await sample.Mail.WaitForAsync(email, TestContext.Current.CancellationToken)).Links[0].AbsoluteUri;
    }

    private static async Task<string> MailedLinkAsync(IPage page, string address)
    {
        var mail = page.Locator("#inbox .mail", new() { HasText = $"to {address}" });
        return (await mail.Locator("a").First.GetAttributeAsync("href"))!;
    }
}
