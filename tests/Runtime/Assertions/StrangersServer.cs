using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentAuth.Assertions;

/// <summary>
/// A server on loopback with a certificate of an issuer that nobody knows. The certificate says where to find that, and where to ask whether it was
/// revoked.
/// </summary>
internal sealed class StrangersServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2 _issuer;
    private readonly bool _sendsIssuer;
    private readonly Task<bool> _greeting;

    public StrangersServer(Uri names, bool sendsIssuer)
    {
        _sendsIssuer = sendsIssuer;
        (_certificate, _issuer) = Create(names.OriginalString);
        _listener.Start();
        _greeting = GreetAsync();
    }

    public Uri Url => new($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/client.json");

    /// <summary>True when a client came as far as the certificate, and turned away.</summary>
    public Task<bool> WasGreetedAsync() => _greeting;

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
        _issuer.Dispose();
    }

    private static (X509Certificate2 Certificate, X509Certificate2 Issuer) Create(string names)
    {
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issuerRequest = new CertificateRequest("CN=Nobody", issuerKey, HashAlgorithmName.SHA256);
        issuerRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var issuer = issuerRequest.CreateSelfSigned(from, to);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(ocspUris: [names], caIssuersUris: [names]));
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([names]));
        using var certificate = request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(8));
        using var withKey = certificate.CopyWithPrivateKey(key);
        return (X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), password: null), issuer);
    }

    private async Task<bool> GreetAsync()
    {
        using var client = await _listener.AcceptTcpClientAsync();
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(_certificate, additionalCertificates: _sendsIssuer ? [_issuer] : null, offline: true),
            });

            // In TLS 1.3 the server is done before the client has looked at the certificate.
            return await tls.ReadAsync(new byte[1]) == 0;
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException)
        {
            return true;
        }
    }
}
