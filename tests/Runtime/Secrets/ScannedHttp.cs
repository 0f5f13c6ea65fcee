using System.Net;

namespace AgentAuth.Secrets;

/// <summary>Lets a scan hear the requests of a test and what is answered.</summary>
internal sealed class ScannedHttp(SecretScan scan, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        scan.Exchanged($"{request.RequestUri} {request.Headers} {await ReadAsync(request.Content, cancellationToken)}");
        var response = await base.SendAsync(request, cancellationToken);
        var body = await ReadAsync(response.Content, cancellationToken);
        scan.Said("a header", response.Headers.ToString());
        if (response.StatusCode >= HttpStatusCode.BadRequest)
        {
            scan.SaidInError(body);
        }

        scan.Exchanged(body);
        return response;
    }

    private static async Task<string> ReadAsync(HttpContent? content, CancellationToken cancellationToken)
    {
        if (content is null)
        {
            return "";
        }

        await content.LoadIntoBufferAsync(cancellationToken);
        return await content.ReadAsStringAsync(cancellationToken);
    }
}
