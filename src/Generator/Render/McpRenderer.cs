namespace AgentAuth.Generator.Render;

/// <summary>
/// Renders what holds the tools, prompts and resources of an MCP server to their attributes: filters of the MCP SDK, which ask the runtime. The
/// runtime does not know the SDK; the project does.
/// </summary>
internal static class McpRenderer
{
    // Names in full, so that none of the project's own types gets in between. A placeholder for each namespace keeps it readable.
    private const string Code =
        """

        /// <summary>Asks the runtime about each call of an MCP server's tools, prompts and resources, and about each list of them.</summary>
        {GeneratedCode}
        file sealed class AgentAuthMcpServers(global::AgentAuth.Hosting.AgentAuthMcp agents)
            : global::Microsoft.Extensions.Options.IPostConfigureOptions<{Server}McpServerOptions>
        {
            /// <summary>Adds it, whether the app adds its server before or later.</summary>
            /// <param name="services">The app's services.</param>
            public static void Add(global::Microsoft.Extensions.DependencyInjection.IServiceCollection services)
            {
                global::AgentAuth.Hosting.AgentAuthMcp.Add(services, Offered);

                // The SDK answers with an error where attributes are and its own filters are not. They judge the app's own policies. Beside a handler of
                // the app's own for alternate results the SDK takes no filter of ordinary ones: that one is taken out again, another of theirs does the same.
                Configure(services, static options => options.Filters.Request.CallToolFilters = new SetAside(options.Filters.Request.CallToolFilters));
                global::Microsoft.Extensions.DependencyInjection.HttpMcpServerBuilderExtensions.AddAuthorizationFilters(new SdkFilters(services));
                Configure(services, static options =>
                {
                    if (options.Filters.Request.CallToolFilters is SetAside aside)
                    {
                        options.Filters.Request.CallToolFilters = aside.Own;
                    }
                });

                // Behind the SDK's: what is put in first is asked first.
                global::Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<
                    global::Microsoft.Extensions.Options.IPostConfigureOptions<{Server}McpServerOptions>, AgentAuthMcpServers>(services);
                global::Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<
                    global::Microsoft.AspNetCore.Authorization.IAuthorizationHandler, AgentAuthMcpLists>(services);
            }

            /// <summary>Puts the runtime's judgement around each request: before the app's filters, and once more behind them, for they may change what is called.</summary>
            /// <param name="name">The options' name.</param>
            /// <param name="options">The server's options.</param>
            public void PostConfigure(string? name, {Server}McpServerOptions options)
            {
                var filters = options.Filters.Request;
        #pragma warning disable MCPEXP002 // Nothing else is asked before a task is made of a call.
                filters.CallToolWithAlternateFilters.Insert(0, async (context, next, cancellationToken) =>
                {
                    await JudgeToolAsync(context);
                    return await next(context, cancellationToken);
                });
                if (options.Handlers.CallToolWithAlternateHandler is null)
                {
                    filters.CallToolFilters.Add(next => async (context, cancellationToken) =>
                    {
                        await JudgeToolAsync(context);
                        return await next(context, cancellationToken);
                    });
                }
        #pragma warning restore MCPEXP002
                Around(filters.GetPromptFilters, next => async (context, cancellationToken) =>
                {
                    await JudgeAsync(context, context.MatchedPrimitive, "prompt", $"Unknown prompt: '{context.Params?.Name}'", {Sdk}McpErrorCode.InvalidParams);
                    return await next(context, cancellationToken);
                });
                Around(filters.ReadResourceFilters, next => async (context, cancellationToken) =>
                {
                    await JudgeResourceAsync(context, context.MatchedPrimitive, context.Params?.Uri);
                    return await next(context, cancellationToken);
                });
                filters.SubscribeToResourcesFilters.Insert(0, next =>
                {
                    var resources = options.ResourceCollection;
                    return async (context, cancellationToken) =>
                    {
                        await JudgeResourceAsync(context, Resource(resources, context.Params?.Uri), context.Params?.Uri);
                        return await next(context, cancellationToken);
                    };
                });
                filters.CompleteFilters.Insert(0, next =>
                {
                    var prompts = options.PromptCollection;
                    var resources = options.ResourceCollection;
                    return async (context, cancellationToken) =>
                    {
                        if (context.Params?.Ref is {Protocol}PromptReference prompt)
                        {
                            await JudgeAsync(context, Find(prompts, prompt.Name), "prompt", $"Unknown prompt: '{prompt.Name}'", {Sdk}McpErrorCode.InvalidParams);
                        }
                        else if (context.Params?.Ref is {Protocol}ResourceTemplateReference resource)
                        {
                            await JudgeResourceAsync(context, Resource(resources, resource.Uri), resource.Uri);
                        }

                        return await next(context, cancellationToken);
                    };
                });

                filters.ListToolsFilters.Insert(0, next =>
                {
                    var tools = options.ToolCollection;
                    return async (context, cancellationToken) =>
                    {
                        var caller = await CallerAsync(context);
                        var result = await next(context, cancellationToken);
                        Hide(result.Tools, tool => Find(tools, tool.Name), caller);
                        return result;
                    };
                });
                filters.ListPromptsFilters.Insert(0, next =>
                {
                    var prompts = options.PromptCollection;
                    return async (context, cancellationToken) =>
                    {
                        var caller = await CallerAsync(context);
                        var result = await next(context, cancellationToken);
                        Hide(result.Prompts, prompt => Find(prompts, prompt.Name), caller);
                        return result;
                    };
                });
                filters.ListResourcesFilters.Insert(0, next =>
                {
                    var resources = options.ResourceCollection;
                    return async (context, cancellationToken) =>
                    {
                        var caller = await CallerAsync(context);
                        var result = await next(context, cancellationToken);
                        Hide(result.Resources, resource => Find(resources, resource.Uri), caller);
                        return result;
                    };
                });
                filters.ListResourceTemplatesFilters.Insert(0, next =>
                {
                    var resources = options.ResourceCollection;
                    return async (context, cancellationToken) =>
                    {
                        var caller = await CallerAsync(context);
                        var result = await next(context, cancellationToken);
                        Hide(result.ResourceTemplates, template => Find(resources, template.UriTemplate), caller);
                        return result;
                    };
                });
            }

            private static void Configure(global::Microsoft.Extensions.DependencyInjection.IServiceCollection services, global::System.Action<{Server}McpServerOptions> configure) =>
                global::Microsoft.Extensions.DependencyInjection.OptionsServiceCollectionExtensions.Configure(services, configure);

            private static void Around<TParams, TResult>(
                global::System.Collections.Generic.IList<{Server}McpRequestFilter<TParams, TResult>> filters, {Server}McpRequestFilter<TParams, TResult> filter)
            {
                filters.Insert(0, filter);
                filters.Add(filter);
            }

            private global::System.Threading.Tasks.ValueTask JudgeToolAsync({Server}RequestContext<{Protocol}CallToolRequestParams> context) =>
                JudgeAsync(context, context.MatchedPrimitive, "tool", $"Unknown tool: '{context.Params?.Name}'", {Sdk}McpErrorCode.InvalidParams);

            // Which error the SDK has for a resource that is not there depends on the protocol's version.
            private global::System.Threading.Tasks.ValueTask JudgeResourceAsync({Server}MessageContext context, {Server}IMcpServerPrimitive? resource, string? uri) =>
                JudgeAsync(
                    context,
                    resource,
                    "resource",
                    $"Unknown resource URI: '{uri}'",
                    string.CompareOrdinal(context.Server.NegotiatedProtocolVersion, "2026-07-28") >= 0 ? {Sdk}McpErrorCode.InvalidParams : {Sdk}McpErrorCode.ResourceNotFound);

            private async global::System.Threading.Tasks.ValueTask JudgeAsync(
                {Server}MessageContext context, {Server}IMcpServerPrimitive? offered, string kind, string unknown, {Sdk}McpErrorCode unknownCode)
            {
                var caller = await CallerAsync(context);
                if (offered is null)
                {
                    return;
                }

                if (caller.Refusal($"{kind} '{offered.Id}'", offered.Metadata) is { } refusal)
                {
                    throw caller.Misses(offered.Metadata)
                        ? new {Sdk}McpProtocolException(unknown, unknownCode)
                        : new {Sdk}McpProtocolException(refusal, {Sdk}McpErrorCode.InvalidRequest);
                }
            }

            private async global::System.Threading.Tasks.ValueTask<global::AgentAuth.Hosting.AgentAuthMcpCaller> CallerAsync({Server}MessageContext context)
            {
                var caller = await agents.CallerAsync(context.User);
                context.User = caller.User;
                return caller;
            }

            private static void Hide<T>(
                global::System.Collections.Generic.IList<T> list, global::System.Func<T, {Server}IMcpServerPrimitive?> find, global::AgentAuth.Hosting.AgentAuthMcpCaller caller)
            {
                for (var i = list.Count - 1; i >= 0; i--)
                {
                    if (find(list[i]) is { } offered && !caller.Sees(offered.Metadata))
                    {
                        list.RemoveAt(i);
                    }
                }
            }

            private static {Server}IMcpServerPrimitive? Find<T>({Server}McpServerPrimitiveCollection<T>? offered, string? id)
                where T : {Server}IMcpServerPrimitive =>
                id is not null && offered is not null && offered.TryGetPrimitive(id, out var found) ? found : null;

            // As the SDK does, but for a template by its own text as well.
            private static {Server}IMcpServerPrimitive? Resource({Server}McpServerResourceCollection? resources, string? uri)
            {
                if (Find(resources, uri) is { } exact)
                {
                    return exact;
                }

                foreach (var resource in resources ?? [])
                {
                    if (uri is not null && resource.IsMatch(uri))
                    {
                        return resource;
                    }
                }

                return null;
            }

            private static global::System.Collections.Generic.IEnumerable<global::System.Collections.Generic.KeyValuePair<string, global::System.Collections.Generic.IReadOnlyList<object>>> Offered(
                global::System.IServiceProvider services)
            {
                var options = global::Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions
                    .GetRequiredService<global::Microsoft.Extensions.Options.IOptions<{Server}McpServerOptions>>(services).Value;
                foreach (var tool in options.ToolCollection ?? [])
                {
                    yield return new($"tool '{tool.ProtocolTool.Name}'", tool.Metadata);
                }

                foreach (var prompt in options.PromptCollection ?? [])
                {
                    yield return new($"prompt '{prompt.ProtocolPrompt.Name}'", prompt.Metadata);
                }

                foreach (var resource in options.ResourceCollection ?? [])
                {
                    yield return new($"resource '{resource.ProtocolResourceTemplate.UriTemplate}'", resource.Metadata);
                }
            }

            private sealed class SetAside(global::System.Collections.Generic.IList<{Server}McpRequestFilter<{Protocol}CallToolRequestParams, {Protocol}CallToolResult>> own)
                : global::System.Collections.Generic.List<{Server}McpRequestFilter<{Protocol}CallToolRequestParams, {Protocol}CallToolResult>>
            {
                public global::System.Collections.Generic.IList<{Server}McpRequestFilter<{Protocol}CallToolRequestParams, {Protocol}CallToolResult>> Own => own;
            }

            private sealed class SdkFilters(global::Microsoft.Extensions.DependencyInjection.IServiceCollection services) : global::Microsoft.Extensions.DependencyInjection.IMcpServerBuilder
            {
                public global::Microsoft.Extensions.DependencyInjection.IServiceCollection Services => services;
            }
        }

        /// <summary>In a list an agent sees what it lacks no more than a scope for.</summary>
        {GeneratedCode}
        file sealed class AgentAuthMcpLists : global::Microsoft.AspNetCore.Authorization.IAuthorizationHandler
        {
            /// <summary>The SDK makes a list by evaluating policies with the request for that list.</summary>
            /// <param name="context">What is evaluated.</param>
            public global::System.Threading.Tasks.Task HandleAsync(global::Microsoft.AspNetCore.Authorization.AuthorizationHandlerContext context)
            {
                if (context.Resource is {Server}RequestContext<{Protocol}ListToolsRequestParams>
                    or {Server}RequestContext<{Protocol}ListPromptsRequestParams>
                    or {Server}RequestContext<{Protocol}ListResourcesRequestParams>
                    or {Server}RequestContext<{Protocol}ListResourceTemplatesRequestParams>)
                {
                    global::AgentAuth.Hosting.AgentAuthMcp.ShowInList(context);
                }

                return global::System.Threading.Tasks.Task.CompletedTask;
            }
        }
        """;

    public static void Render(CSharpWriter code)
    {
        var text = Code
            .Replace("{GeneratedCode}", CSharpWriter.GeneratedCode)
            .Replace("{Server}", "global::ModelContextProtocol.Server.")
            .Replace("{Protocol}", "global::ModelContextProtocol.Protocol.")
            .Replace("{Sdk}", "global::ModelContextProtocol.");
        foreach (var line in text.Split('\n'))
        {
            code.Line(line.TrimEnd('\r'));
        }
    }
}
