using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using ModelContextProtocol.Client;

namespace AgentAuth.EndToEnd.Guards;

/// <summary>Calls a place with the client that people use for it.</summary>
internal static class Call
{
    private static readonly Marshaller<object> s_nothing = Marshallers.Create<object>(static _ => [], static _ => new object());

    /// <summary>What the caller was told: a status or an error, in short.</summary>
    public static Task<string> MakeAsync(GuardedApp app, Place place, Dictionary<string, string> headers) => place.Style switch
    {
        "hub" => HubAsync(app, place, headers),
        "grpc" => GrpcAsync(app, place, headers),
        "mcp" => McpAsync(app, place, headers),
        _ => HttpAsync(app, place, headers),
    };

    private static async Task<string> HttpAsync(GuardedApp app, Place place, Dictionary<string, string> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/" + place.Name);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return Status(answer.StatusCode) + (body.Contains("ran " + place.Name, StringComparison.Ordinal) ? " ran" : "");
    }

    private static async Task<string> HubAsync(GuardedApp app, Place place, Dictionary<string, string> headers)
    {
        var hub = place.IsMember ? "hub/member" : place.Name;
        await using var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(app.Http.BaseAddress!, hub), options =>
            {
                // An output cache that stores every GET stores the polls too, and they never end; that is the app's own doing.
                options.Transports = app.IsEverythingOn ? HttpTransportType.WebSockets : HttpTransportType.LongPolling;
                foreach (var (name, value) in headers)
                {
                    options.Headers.Add(name, value);
                }
            })
            .Build();
        try
        {
            await connection.StartAsync(TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException refused)
        {
            return Status(refused.StatusCode);
        }

        try
        {
            return "ok " + await connection.InvokeAsync<string>(place.IsMember ? place.Guard.ToString() : "Call", TestContext.Current.CancellationToken);
        }
        catch (Microsoft.AspNetCore.SignalR.HubException)
        {
            return "HubException";
        }
    }

    private static async Task<string> GrpcAsync(GuardedApp app, Place place, Dictionary<string, string> headers)
    {
        using var channel = GrpcChannel.ForAddress(app.GrpcAddress);
        var method = new Method<object, object>(
            MethodType.Unary,
            "guarded." + (place.IsMember ? "Member" : "Class" + place.Guard),
            place.IsMember ? place.Guard.ToString() : "Call",
            s_nothing,
            s_nothing);
        var metadata = new Metadata();
        foreach (var (name, value) in headers)
        {
            metadata.Add(name.ToLowerInvariant(), value);
        }

        try
        {
            using var call = channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(metadata, cancellationToken: TestContext.Current.CancellationToken), new object());
            await call;
            return "OK";
        }
        catch (RpcException refused)
        {
            return refused.StatusCode.ToString();
        }
    }

    private static async Task<string> McpAsync(GuardedApp app, Place place, Dictionary<string, string> headers)
    {
        try
        {
            await using var client = await McpClient.CreateAsync(
                new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(app.Http.BaseAddress!, "mcp"), AdditionalHeaders = headers }),
                cancellationToken: TestContext.Current.CancellationToken);
            var answer = await client.CallToolAsync($"{(place.IsMember ? "member" : "class")}-{place.Word}", cancellationToken: TestContext.Current.CancellationToken);
            return answer.IsError == true ? "tool error" : "ok";
        }
        catch (ModelContextProtocol.McpException)
        {
            return "McpException";
        }
        catch (HttpRequestException refused)
        {
            return Status(refused.StatusCode);
        }
    }

    private static string Status(HttpStatusCode? status) => status is { } code ? ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture) : "no answer";
}
