using System.Collections.Concurrent;
using System.Reflection;
using AgentAuth.Accounts;
using AgentAuth.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth;

#pragma warning disable CA1852 // DispatchProxy derives from it.
/// <summary>The real store and the real accounts, with a list of what was asked of them. The sweeper is off, so that all of it was asked for by requests.</summary>
internal class RecordingStore : DispatchProxy, IAsyncDisposable
#pragma warning restore CA1852
{
    private object _inner = null!;
    private Recording _recording = null!;

    /// <summary>Puts it before a service's store and its built-in accounts. To be given to <see cref="TestService.StartAsync"/>.</summary>
    public static void Use(IServiceCollection services)
    {
        TestService.RemoveSweeper(services);
        services.AddSingleton<Recording>();
        var real = services.Last(service => service.ServiceType == typeof(IAgentAuthStore)).ImplementationFactory!;
        services.AddSingleton(container => Before((IAgentAuthStore)real(container), container));
        if (services.Last(service => service.ServiceType == typeof(IAgentAccounts)).ImplementationType == typeof(StoreAccounts))
        {
            services.AddSingleton<IAgentAccounts>(container => Before<IPlannedAccounts>(new StoreAccounts(container.GetRequiredService<IStoreEngine>()), container));
        }
    }

    /// <summary>What an action asks of the store and the accounts, in order.</summary>
    public static async Task<(T Result, string[] Asked)> AskedByAsync<T>(TestService service, Func<Task<T>> action)
    {
        var recording = service.Services.GetRequiredService<Recording>();
        recording.Asked.Clear();
        var result = await action();
        return (result, [.. recording.Asked]);
    }

    /// <summary>Does something each time a method was called, before that is seen to.</summary>
    public static void Before(TestService service, string method, Action action) => service.Services.GetRequiredService<Recording>().Before = (method, action);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _inner is IAsyncDisposable inner ? inner.DisposeAsync() : ValueTask.CompletedTask;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _recording.Asked.Enqueue(targetMethod!.Name);
        if (targetMethod.Name == _recording.Before.Method)
        {
            _recording.Before.Do!();
        }

        return targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
    }

    private static T Before<T>(T inner, IServiceProvider container)
        where T : class
    {
        var proxy = Create<T, RecordingStore>();
        var self = (RecordingStore)(object)proxy;
        (self._inner, self._recording) = (inner, container.GetRequiredService<Recording>());
        return proxy;
    }

    private sealed class Recording
    {
        public ConcurrentQueue<string> Asked { get; } = new();

        public (string? Method, Action? Do) Before { get; set; }
    }
}
