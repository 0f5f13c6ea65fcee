using AgentAuth.Audit;
using AgentAuth.Claims;
using AgentAuth.Protocol.V01;
using AgentAuth.Refusals;
using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire.V01;

/// <summary>The agent's and the person's side of the claim ceremony.</summary>
internal sealed class ClaimEndpoints(ClaimCeremony ceremony, ClaimPage page, PageMemory memory, TimeProvider time)
{
    /// <summary><c>POST …/claim</c></summary>
    public async Task StartAsync(HttpContext context)
    {
        var origin = RequestOrigin.Of(context, time);
        var (token, email, malformed) = await ReadWithTokenAsync(context.Request, "email");
        if (malformed is not null)
        {
            await V01Profile.Instance.WriteAsync(context.Response, malformed);
            return;
        }

        var outcome = await ceremony.StartAsync(token, email, origin, context.RequestAborted);
        await (outcome.Value is { } started
            ? WireJson.WriteAsync(context.Response, json =>
            {
                json.WriteString("registration_id", started.RegistrationId);
                json.WriteString("claim_attempt_id", started.AttemptId);
                json.WriteString("status", "initiated");
                json.WriteInstant("expires_at", started.ExpiresAt);
            })
            : V01Profile.Instance.WriteAsync(context.Response, outcome.Refusal!));
    }

    /// <summary><c>POST …/claim/complete</c></summary>
    public async Task CompleteAsync(HttpContext context)
    {
        var origin = RequestOrigin.Of(context, time);
        var (token, otp, malformed) = await ReadWithTokenAsync(context.Request, "otp");
        if (malformed is not null)
        {
            await V01Profile.Instance.WriteAsync(context.Response, malformed);
            return;
        }

        var outcome = await ceremony.CompleteAsync(token, otp, origin, context.RequestAborted);
        await (outcome.Value is { } completed
            ? WireJson.WriteAsync(context.Response, json =>
            {
                json.WriteString("registration_id", completed.RegistrationId);
                json.WriteString("status", "claimed");
                if (completed.Credential is { } credential)
                {
                    json.WriteCredential(credential);
                }
            })
            : V01Profile.Instance.WriteAsync(context.Response, outcome.Refusal!));
    }

    /// <summary><c>GET …/claim/view</c>: the page behind the mailed link.</summary>
    public Task ViewAsync(HttpContext context) => ViewAsync(context, context.Request.Query[V01Paths.LinkParameter].ToString());

    /// <summary>
    /// <c>GET …/claim/attempt/challenge</c> and <c>…/decline</c>: a browser that restores what a button led to, or was asked to load it again. It gets
    /// the page, as the link shows it; nothing is done before somebody presses a button again.
    /// </summary>
    public Task ViewAgainAsync(HttpContext context) =>
        memory.Recall(context.Request) is { } token ? ViewAsync(context, token) : page.WriteForgottenAsync(context.Response);

    private async Task ViewAsync(HttpContext context, string token)
    {
        var outcome = await ceremony.ViewAsync(token, time.GetUtcNow(), context.RequestAborted);
        await (outcome.Value is { } claim
            ? page.WriteQuestionAsync(context.Response, claim, token)
            : RefuseOnPageAsync(context.Response, outcome.Refusal!));
    }

    /// <summary><c>POST …/claim/attempt/challenge</c>: the page's form, or JSON from an app's own page.</summary>
    public async Task ChallengeAsync(HttpContext context)
    {
        var origin = RequestOrigin.Of(context, time);
        var isForm = RequestBody.MediaTypeOf(context.Request) == RequestBody.Form;
        var token = await ReadTokenAsync(context.Request, isForm);
        if (token.Value is not { } attemptToken)
        {
            await V01Profile.Instance.WriteAsync(context.Response, token.Refusal!);
            return;
        }

        var outcome = await ceremony.ShowCodeAsync(attemptToken, origin, context.RequestAborted);
        if (isForm && outcome.Value is { Claim: var seen })
        {
            memory.Remember(context, attemptToken, seen.Attempt!.ExpiresAt - origin.ReceivedAt);
        }

        await ((outcome.Value, isForm) switch
        {
            ({ } shown, true) => page.WriteCodeAsync(context.Response, shown, attemptToken),
            ({ } shown, false) => WireJson.WriteAsync(context.Response, json =>
            {
                json.WriteString("type", "otp");
                json.WriteString("challenge", shown.Code);
                json.WriteInstant("expires_at", shown.ExpiresAt);
            }),
            (null, true) => RefuseOnPageAsync(context.Response, outcome.Refusal!),
            (null, false) => V01Profile.Instance.WriteAsync(context.Response, outcome.Refusal!),
        });
    }

    /// <summary><c>POST …/claim/attempt/decline</c>: "this wasn't me".</summary>
    public async Task DeclineAsync(HttpContext context)
    {
        var origin = RequestOrigin.Of(context, time);
        var isForm = RequestBody.MediaTypeOf(context.Request) == RequestBody.Form;
        var token = await ReadTokenAsync(context.Request, isForm);
        if (token.Value is not { } attemptToken)
        {
            await V01Profile.Instance.WriteAsync(context.Response, token.Refusal!);
            return;
        }

        var outcome = await ceremony.DeclineAsync(attemptToken, origin, context.RequestAborted);
        if (isForm && outcome.Value is { } declined)
        {
            memory.Remember(context, attemptToken, declined.Attempt!.ExpiresAt - origin.ReceivedAt);
        }

        await ((outcome.Value, isForm) switch
        {
            ({ } claim, true) => page.WriteDeclinedAsync(context.Response, claim),
            ({ }, false) => WireJson.WriteAsync(context.Response, json => json.WriteString("status", "declined")),
            (null, true) => RefuseOnPageAsync(context.Response, outcome.Refusal!),
            (null, false) => V01Profile.Instance.WriteAsync(context.Response, outcome.Refusal!),
        });
    }

    /// <summary><c>GET …/claim/view.css</c></summary>
    private Task RefuseOnPageAsync(HttpResponse response, Refusal refusal)
    {
        V01Profile.Instance.Note(response, refusal);
        return page.WriteRefusalAsync(response, refusal);
    }

    /// <summary>Reads <c>claim_token</c> and one member more; both are empty where there is an error.</summary>
    private static async ValueTask<(string Token, string Other, Refusal? Refusal)> ReadWithTokenAsync(HttpRequest request, string name)
    {
        var body = await RequestBody.ReadJsonAsync(request);
        if (body.Value is not { } members)
        {
            return ("", "", body.Refusal);
        }

        var (token, other) = (members.RequiredString("claim_token"), members.RequiredString(name));
        return (token.Value ?? "", other.Value ?? "", token.Refusal ?? other.Refusal);
    }

    private static async ValueTask<Outcome<string>> ReadTokenAsync(HttpRequest request, bool isForm)
    {
        if (isForm)
        {
            return await RequestBody.ReadFormValueAsync(request, "claim_attempt_token");
        }

        var body = await RequestBody.ReadJsonAsync(request);
        return body.Value is { } members ? members.RequiredString("claim_attempt_token") : body.Refusal!;
    }
}
