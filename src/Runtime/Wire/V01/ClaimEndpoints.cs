using System.Text.Json;
using AgentAuth.Audit;
using AgentAuth.Claims;
using AgentAuth.Protocol.V01;
using AgentAuth.Refusals;
using AgentAuth.Storage;
using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire.V01;

/// <summary>The agent's and the person's side of the claim ceremony.</summary>
internal sealed class ClaimEndpoints(ClaimCeremony ceremony, ClaimPage page, PageMemory memory, TimeProvider time)
{
    private const string AttemptToken = "claim_attempt_token";

    /// <summary><c>POST …/claim</c></summary>
    public Task StartAsync(HttpContext context) => AnswerAgentAsync(context, "email", ceremony.StartAsync, static (json, started) =>
    {
        json.WriteString("registration_id", started.RegistrationId);
        json.WriteString("claim_attempt_id", started.AttemptId);
        json.WriteString("status", "initiated");
        json.WriteInstant("expires_at", started.ExpiresAt);
    });

    /// <summary><c>POST …/claim/complete</c></summary>
    public Task CompleteAsync(HttpContext context) => AnswerAgentAsync(context, "otp", ceremony.CompleteAsync, static (json, completed) =>
    {
        json.WriteString("registration_id", completed.RegistrationId);
        json.WriteString("status", V01Names.Claimed);
        if (completed.Credential is { } credential)
        {
            json.WriteCredential(credential);
        }
    });

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
    public Task ChallengeAsync(HttpContext context) => AnswerPersonAsync(
        context,
        ceremony.ShowCodeAsync,
        static shown => shown.Claim,
        page.WriteCodeAsync,
        static (json, shown) =>
        {
            json.WriteString("type", "otp");
            json.WriteString("challenge", shown.Code);
            json.WriteInstant("expires_at", shown.ExpiresAt);
        });

    /// <summary><c>POST …/claim/attempt/decline</c>: "this wasn't me".</summary>
    public Task DeclineAsync(HttpContext context) => AnswerPersonAsync(
        context,
        ceremony.DeclineAsync,
        static claim => claim,
        (response, claim, _) => page.WriteDeclinedAsync(response, claim),
        static (json, _) => json.WriteString("status", "declined"));

    /// <summary>An agent's step: its claim token and one more member, in JSON.</summary>
    private async Task AnswerAgentAsync<T>(
        HttpContext context, string member, Func<string, string, RequestOrigin, CancellationToken, ValueTask<Outcome<T>>> step, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        var origin = RequestOrigin.Of(context, time);
        var body = await RequestBody.ReadJsonAsync(context.Request);
        var (token, other) = body.Value is { } members ? (members.RequiredString("claim_token"), members.RequiredString(member)) : default;
        if ((body.Refusal ?? token.Refusal ?? other.Refusal) is { } malformed)
        {
            await V01Profile.Instance.WriteAsync(context.Response, malformed);
            return;
        }

        var outcome = await step(token.Value!, other.Value!, origin, context.RequestAborted);
        await (outcome.Value is { } value
            ? WireJson.WriteAsync(context.Response, json => write(json, value))
            : V01Profile.Instance.WriteAsync(context.Response, outcome.Refusal!));
    }

    /// <summary>A person's step: the link's token, from a button of the page or in JSON; the answer is of the same form.</summary>
    private async Task AnswerPersonAsync<T>(
        HttpContext context,
        Func<string, RequestOrigin, CancellationToken, ValueTask<Outcome<T>>> step,
        Func<T, ClaimView> claimOf,
        Func<HttpResponse, T, string, Task> writePage,
        Action<Utf8JsonWriter, T> write)
        where T : class
    {
        var origin = RequestOrigin.Of(context, time);
        var isForm = RequestBody.MediaTypeOf(context.Request) == RequestBody.Form;
        var token = await ReadTokenAsync(context.Request, isForm);
        if (token.Value is not { } attemptToken)
        {
            await V01Profile.Instance.WriteAsync(context.Response, token.Refusal!);
            return;
        }

        var outcome = await step(attemptToken, origin, context.RequestAborted);
        if (isForm && outcome.Value is { } done)
        {
            memory.Remember(context, attemptToken, claimOf(done).Attempt!.ExpiresAt - origin.ReceivedAt);
        }

        await ((outcome.Value, isForm) switch
        {
            ({ } value, true) => writePage(context.Response, value, attemptToken),
            ({ } value, false) => WireJson.WriteAsync(context.Response, json => write(json, value)),
            (null, true) => RefuseOnPageAsync(context.Response, outcome.Refusal!),
            (null, false) => V01Profile.Instance.WriteAsync(context.Response, outcome.Refusal!),
        });
    }

    private Task RefuseOnPageAsync(HttpResponse response, Refusal refusal)
    {
        V01Profile.Instance.Note(response, refusal);
        return page.WriteRefusalAsync(response, refusal);
    }

    /// <summary>Reads <c>claim_token</c> and one member more; both are empty where there is an error.</summary>
    private static async ValueTask<Outcome<string>> ReadTokenAsync(HttpRequest request, bool isForm)
    {
        if (isForm)
        {
            return await RequestBody.ReadFormValueAsync(request, AttemptToken);
        }

        var body = await RequestBody.ReadJsonAsync(request);
        return body.Value is { } members ? members.RequiredString(AttemptToken) : body.Refusal!;
    }
}
