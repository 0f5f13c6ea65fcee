using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Access;

/// <summary>What agents get from gRPC services, whose methods are endpoints with the attributes of class and method.</summary>
public sealed class GrpcServiceTests
{
    [Finding("G1", "an agent with `tickets.read` calls methods of a gRPC service for it that have `[AgentScope(tickets.write)]` or `[DenyAgents]`", "`PERMISSION_DENIED`; what the class asks for is enough for the rest")]
    [Fact]
    public async Task G1_attributes_of_gRPC_services_and_methods_count()
    {
        var called = new ConcurrentQueue<string>();
        await using var service = await TestService.StartAsync(
            services: services =>
            {
                services.AddGrpc();
                services.AddSingleton(called);
                services.Configure<KestrelServerOptions>(options => options.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
            },
            endpoints: app => app.MapGrpcService<Desk>());
        var registered = await service.SendAsync(
            HttpMethod.Post, "/agent/auth", null, TestService.JsonContent("""{"type":"anonymous","requested_credential_type":"api_key"}"""), request =>
            {
                request.Version = HttpVersion.Version20;
                request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            });
        var key = registered.Text("credential");
        using var channel = GrpcChannel.ForAddress(service.Client.BaseAddress!);
        var calls = channel.CreateCallInvoker();

        Assert.Equal("read", await CallAsync("Read", key));
        Assert.Equal(StatusCode.PermissionDenied, await RefusalAsync("Write", key));
        Assert.Equal(StatusCode.PermissionDenied, await RefusalAsync("Denied", key));
        Assert.Equal(StatusCode.Unauthenticated, await RefusalAsync("Read", null));
        Assert.Equal(["read"], called);

        Task<string> CallAsync(string method, string? credential) => calls.AsyncUnaryCall(
            Desk.Method(method), null, new CallOptions(Headers(credential), cancellationToken: TestContext.Current.CancellationToken), "").ResponseAsync;

        async Task<StatusCode> RefusalAsync(string method, string? credential) => (await Assert.ThrowsAsync<RpcException>(() => CallAsync(method, credential))).StatusCode;
    }

    private static Metadata Headers(string? credential) => credential is null ? [] : new Metadata { { "Authorization", $"Bearer {credential}" } };

    /// <summary>As the gRPC compiler makes it of a .proto file.</summary>
    [BindServiceMethod(typeof(DeskBase), nameof(BindService))]
    private abstract class DeskBase
    {
        public static Method<string, string> Method(string name) => new(MethodType.Unary, "desk", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);

        public static void BindService(ServiceBinderBase binder, DeskBase? service)
        {
            binder.AddMethod(Method(nameof(Read)), service is null ? null : new UnaryServerMethod<string, string>(service.Read));
            binder.AddMethod(Method(nameof(Write)), service is null ? null : new UnaryServerMethod<string, string>(service.Write));
            binder.AddMethod(Method(nameof(Denied)), service is null ? null : new UnaryServerMethod<string, string>(service.Denied));
        }

        public abstract Task<string> Read(string request, ServerCallContext context);

        public abstract Task<string> Write(string request, ServerCallContext context);

        public abstract Task<string> Denied(string request, ServerCallContext context);
    }

    [AgentScope("tickets.read")]
    private sealed class Desk(ConcurrentQueue<string> called) : DeskBase
    {
        public override Task<string> Read(string request, ServerCallContext context) => Note("read");

        [AgentScope("tickets.write")]
        public override Task<string> Write(string request, ServerCallContext context) => Note("written");

        [DenyAgents]
        public override Task<string> Denied(string request, ServerCallContext context) => Note("denied");

        private Task<string> Note(string what)
        {
            called.Enqueue(what);
            return Task.FromResult(what);
        }
    }
}
