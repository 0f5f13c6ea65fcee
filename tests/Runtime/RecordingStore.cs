using System.Collections.Concurrent;
using System.Reflection;
using AgentAuth.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth;

#pragma warning disable CA1852 // DispatchProxy derives from it.
/// <summary>The real store, with a list of what was asked of it. The sweeper is off, so that all of it was asked for by requests.</summary>
internal class RecordingStore : DispatchProxy, IAsyncDisposable
#pragma warning restore CA1852
{
    private readonly ConcurrentQueue<string> _asked = new();
    private IAgentAuthStore _inner = null!;
    private (string? Method, Action? Do) _before;

    /// <summary>Puts it before a service's store. To be given to <see cref="TestService.StartAsync"/>.</summary>
    public static void Use(IServiceCollection services)
    {
        TestService.RemoveSweeper(services);
        var real = services.Last(service => service.ServiceType == typeof(IAgentAuthStore)).ImplementationFactory!;
        services.AddSingleton(container =>
        {
            var store = Create<IAgentAuthStore, RecordingStore>();
            ((RecordingStore)(object)store)._inner = (IAgentAuthStore)real(container);
            return store;
        });
    }

    /// <summary>What an action asks of the store, in order.</summary>
    public static async Task<(T Result, string[] Asked)> AskedByAsync<T>(TestService service, Func<Task<T>> action)
    {
        var store = (RecordingStore)(object)service.Store;
        store._asked.Clear();
        var result = await action();
        return (result, [.. store._asked]);
    }

    /// <summary>Does something each time a method of the store was called, before the store sees to it.</summary>
    public static void Before(TestService service, string method, Action action) => ((RecordingStore)(object)service.Store)._before = (method, action);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ((IAsyncDisposable)_inner).DisposeAsync();
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _asked.Enqueue(targetMethod!.Name);
        if (targetMethod.Name == _before.Method)
        {
            _before.Do!();
        }

        return targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
    }
}
