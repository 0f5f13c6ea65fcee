using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace AgentAuth.EndToEnd.Package;

/// <summary>The package as a stranger gets it: a new project outside the repository, <c>dotnet add package</c>, an auth.md, a real build.</summary>
[Collection<PackedPackagesTests>]
public sealed partial class StrangersProjectTests(PackedPackages packages) : IDisposable
{
    private const string AuthMd =
        """
        # Things auth.md

        - **Resource:** https://api.things.example

        ## Scopes

        | Scope          | Description   | Granted    |
        | -------------- | ------------- | ---------- |
        | `things.read`  | Read things.  | pre-claim  |
        | `things.write` | Write things. | post-claim |

        ## Methods

        ### anonymous
        - **Credentials:** `api_key`
        """;

    private const string Program =
        """
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddAgentAuth();
        var app = builder.Build();
        app.MapAgentAuth();
        app.MapGet("/api/things", () => "things").RequireAgentScope(AgentScopes.ThingsRead);
        app.MapPost("/api/things", () => "made").RequireAgentScope(AgentScopes.ThingsWrite);
        app.MapGet("/health", () => "ok").AllowAnonymous();
        app.Run();
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-stranger-").FullName;

    [Fact]
    public async Task A_project_that_only_adds_the_package_and_an_auth_md_builds_and_runs()
    {
        await CreateAsync(Program, AuthMd);
        await BuildAsync();

        using var service = await StartAsync();
        using var http = new HttpClient { BaseAddress = service.Address };

        var refused = await http.GetAsync("/api/things", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(
            "Bearer resource_metadata=\"https://api.things.example/.well-known/oauth-protected-resource\", scope=\"things.read\"",
            refused.Headers.WwwAuthenticate.ToString());
        Assert.Contains("\"things.read\"", await http.GetStringAsync("/.well-known/oauth-protected-resource", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("\"agent_auth\"", await http.GetStringAsync("/.well-known/oauth-authorization-server", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.StartsWith("# Things auth.md", await http.GetStringAsync("/auth.md", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var body = new StringContent("""{"type":"anonymous"}""", System.Text.Encoding.UTF8, "application/json");
        var registered = await (await http.PostAsync("/agent/auth", body, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        http.DefaultRequestHeaders.Authorization = new("Bearer", KeyPattern().Match(registered).Value);
        Assert.Equal("things", await http.GetStringAsync("/api/things", TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsync("/api/things", null, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Finding("G3", "A stranger's project that adds the package and the MCP SDK, with `[DenyAgents]` on a tool and nothing else", "Builds; the tool does not run for agents and is answered as one that does not exist")]
    [Fact]
    public async Task G3_a_project_that_adds_the_MCP_SDK_has_its_tools_guarded()
    {
        await CreateAsync(
            """
            using System.Security.Claims;
            using ModelContextProtocol.Server;
            var builder = WebApplication.CreateSlimBuilder(args);
            builder.Services.AddAgentAuth();
            builder.Services.AddMcpServer().WithHttpTransport().WithTools<ThingTools>();
            var app = builder.Build();
            app.MapAgentAuth();
            app.MapMcp("/mcp").RequireAgentScope(AgentScopes.ThingsRead);
            app.Run();

            [McpServerToolType]
            internal sealed class ThingTools
            {
                [McpServerTool(Name = "list")]
                public static string List(ClaimsPrincipal user) => "ran for " + user.GetAgent()?.RegistrationType;

                [McpServerTool(Name = "make"), AgentScope(AgentScopes.ThingsWrite)]
                public static string Make() => "ran";

                [McpServerTool(Name = "purge"), DenyAgents]
                public static string Purge() => "ran";
            }
            """,
            AuthMd);
        var (exitCode, output) = await Command.RunAsync(_folder, "dotnet", "add", "package", "ModelContextProtocol.AspNetCore", "--version", McpSdkVersion());
        Assert.True(exitCode == 0, output);
        await BuildAsync();

        using var service = await StartAsync();
        using var http = new HttpClient { BaseAddress = service.Address };
        using var body = new StringContent("""{"type":"anonymous"}""", System.Text.Encoding.UTF8, "application/json");
        var registered = await (await http.PostAsync("/agent/auth", body, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        http.DefaultRequestHeaders.Authorization = new("Bearer", KeyPattern().Match(registered).Value);
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json, text/event-stream");

        Assert.Contains("ran for Anonymous", await CallAsync("list"), StringComparison.Ordinal);
        Assert.Contains("The credential lacks a scope: things.write is needed for the tool \\u0027make\\u0027.", await CallAsync("make"), StringComparison.Ordinal);
        Assert.Equal((await CallAsync("nothing")).Replace("nothing", "purge", StringComparison.Ordinal), await CallAsync("purge"));

        async Task<string> CallAsync(string tool)
        {
            var call = $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}"}}""";
            using var content = new StringContent(call, System.Text.Encoding.UTF8, "application/json");
            return await (await http.PostAsync("/mcp", content, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    [Finding("D1", "An app with types of its own called `Agent`, `MailOptions`, `StorageOptions`, `LimitsOptions`, `UserAuthentication` and `RevocationNote` in a namespace that it imports everywhere", "Builds")]
    [Fact]
    public async Task D1_an_apps_own_names_are_not_ours()
    {
        await CreateAsync(
            """
            global using Things.Models;
            var builder = WebApplication.CreateSlimBuilder(args);
            builder.Services.AddAgentAuth(options => options.Limits.Enabled = true);
            var app = builder.Build();
            app.MapAgentAuth();
            app.MapGet("/api/things", (HttpContext http) => new Agent(http.User.GetAgent()!.RegistrationId)).RequireAgentScope(AgentScopes.ThingsRead);
            app.MapGet("/options", () => $"{new MailOptions()} {new StorageOptions()} {new LimitsOptions()} {new UserAuthentication()} {new RevocationNote()}").RequireAgentScope(AgentScopes.ThingsWrite);
            app.Run();

            namespace Things.Models
            {
                public sealed record Agent(string Id);
                public sealed record MailOptions;
                public sealed record StorageOptions;
                public sealed record LimitsOptions;
                public sealed record TrustedProviderOptions;
                public sealed record UserAuthentication;
                public sealed record RevocationNote;
                public sealed record AccessRevoked;
                public enum RequireScopesMode { None }
                public static class ClaimsPrincipalExtensions;
            }
            """,
            AuthMd);

        await BuildAsync();
    }

    [Finding("D1", "An app with types of its own called `AgentRegistration` and `IAgentMail`, and `<Using Remove=\"AgentAuth\" />` in its project", "Builds; what is generated needs no import, and a file says `using AgentAuth;` where it wants ours")]
    [Fact]
    public async Task D1_the_import_can_be_removed()
    {
        await CreateAsync(
            """
            global using Things.Models;
            var builder = WebApplication.CreateSlimBuilder(args);
            builder.Services.AddAgentAuth();
            var app = builder.Build();
            app.MapAgentAuth();
            app.MapGet("/api/things", () => new AgentRegistration(nameof(IAgentMail))).RequireAgentScope(AgentScopes.ThingsRead);
            app.MapPost("/api/things", [AgentAuth.AgentScope(AgentScopes.ThingsWrite)] () => "made");
            app.Run();

            namespace Things.Models
            {
                public sealed record AgentRegistration(string Id);
                public interface IAgentMail;
            }
            """,
            AuthMd,
            """<ItemGroup><Using Remove="AgentAuth" /></ItemGroup>""");

        await BuildAsync();
    }

    [Finding("D9", "A project whose `RootNamespace` is `AgentAuth`, or that imports `AgentAuth` itself, with warnings as errors", "Builds")]
    [Theory]
    [InlineData("<PropertyGroup><RootNamespace>AgentAuth</RootNamespace></PropertyGroup>")]
    [InlineData("""<ItemGroup><Using Include="AgentAuth" /></ItemGroup>""")]
    public async Task D9_nothing_is_imported_twice(string more)
    {
        await CreateAsync("global using AgentAuth;\n" + Program, AuthMd, more);

        await BuildAsync();
    }

    [Fact]
    public async Task An_undeclared_scope_is_a_build_error_that_names_the_nearest()
    {
        await CreateAsync(Program.Replace("AgentScopes.ThingsWrite", "\"things.wriet\"", StringComparison.Ordinal), AuthMd);

        var (exitCode, output) = await Command.RunAsync(_folder, "dotnet", "build", "--nologo");

        Assert.NotEqual(0, exitCode);
        Assert.Contains(
            "Program.cs(6,60): error AUTHMD2001: Scope 'things.wriet' is not declared in auth.md; did you mean 'things.write' (auth.md line 10, AgentScopes.ThingsWrite)?",
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scope_renamed_in_auth_md_breaks_every_use_of_the_old_name_with_its_new_one()
    {
        await CreateAsync(Program, AuthMd.Replace("`things.read` ", "`things.list` ", StringComparison.Ordinal));

        var (exitCode, output) = await Command.RunAsync(_folder, "dotnet", "build", "--nologo");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Program.cs(5,73): error AUTHMD2001: The scope behind 'AgentScopes.ThingsRead' is not declared in auth.md; did you mean 'things.list' (auth.md line 9, AgentScopes.ThingsList)?", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_auth_md_is_a_build_error_in_auth_md()
    {
        await CreateAsync(Program, AuthMd.Replace("https://api", "http://api", StringComparison.Ordinal));

        var (exitCode, output) = await Command.RunAsync(_folder, "dotnet", "build", "--nologo");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("auth.md(3,17): error AUTHMD1003: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_without_a_scope_is_a_build_warning_that_proposes_one()
    {
        await CreateAsync(Program.Replace(".RequireAgentScope(AgentScopes.ThingsWrite)", "", StringComparison.Ordinal).Replace("app.Run();", "_ = AgentScopes.ThingsWrite;\napp.Run();", StringComparison.Ordinal), AuthMd);

        var (exitCode, output) = await Command.RunAsync(_folder, "dotnet", "build", "--nologo", "-p:TreatWarningsAsErrors=false");

        Assert.Equal(0, exitCode);
        Assert.Contains(
            "Program.cs(6,5): warning AUTHMD2002: The endpoint POST /api/things does not say whether agents may use it, so every agent gets 403 there. Add RequireAgentScope(AgentScopes.ThingsWrite)",
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    [Finding("G5", "plain `dotnet format`, and `dotnet format --severity info`, on a stranger's app with unsaid endpoints, hubs and actions", "only `DenyAgents` is added, and with `info` constants for literals; the app builds, and people get what they got")]
    public async Task G5_Dotnet_format_opens_nothing_and_the_app_builds()
    {
        const string Unsaid =
            """
            app.MapGet("/notes", () => "notes");
            app.MapPost("/refunds", () => "paid");
            app.MapGroup("/users").MapDelete("/{id}", (string id) => id);
            app.MapGet("/literal", () => "").RequireAgentScope("things.read");
            app.MapHub<ChatHub>("/chat");
            app.MapControllers();
            """;
        const string Types =
            """
            using Microsoft.AspNetCore.Mvc;
            using Microsoft.AspNetCore.SignalR;

            namespace Things;

            public sealed class ChatHub : Hub
            {
                public Task Say(string text) => Clients.All.SendAsync("said", text);
            }

            public sealed class OrdersController : ControllerBase
            {
                [HttpDelete("/orders")]
                public string Delete() => "deleted";
            }

            """;
        var program = "using Things;\n\n" + Program.Replace("app.Run();", Unsaid + "\napp.Run();", StringComparison.Ordinal) + "\n";
        await CreateAsync(program, AuthMd);
        await WriteAsync("Types.cs", Types);

        await FormatAsync();

        var (said, types) = (await ReadAsync("Program.cs"), await ReadAsync("Types.cs"));
        Assert.Equal(4, said.Split(".DenyAgents()").Length - 1);
        Assert.Equal(program, said.Replace(".DenyAgents()", "", StringComparison.Ordinal));
        Assert.Equal(Types, types.Replace("    [DenyAgents]\n", "", StringComparison.Ordinal));
        Assert.Contains("    [DenyAgents]\n    [HttpDelete", types, StringComparison.Ordinal);
        await BuildAsync();

        await FormatAsync("--severity", "info");

        Assert.Equal(said.Replace("\"things.read\"", "AgentScopes.ThingsRead", StringComparison.Ordinal), await ReadAsync("Program.cs"));
        Assert.Equal(types, await ReadAsync("Types.cs"));
        Assert.Equal(AuthMd, await ReadAsync("auth.md"));
        await BuildAsync();
    }

    [Fact]
    [Finding("G5", "`dotnet format` on an app that asks for a scope under an old or misspelt name", "nothing: the build goes on to fail until a person chooses the scope")]
    public async Task G5_Dotnet_format_chooses_no_scope()
    {
        var program = Program.Replace("AgentScopes.ThingsWrite", "\"things.wriet\"", StringComparison.Ordinal).Replace("AgentScopes.ThingsRead", "AgentScopes.ThingsRaed", StringComparison.Ordinal) + "\n";
        await CreateAsync(program, AuthMd);

        await FormatAsync();

        Assert.Equal(program, await ReadAsync("Program.cs"));
        Assert.Equal(AuthMd, await ReadAsync("auth.md"));
    }

    [Fact]
    [Finding("G2", "`[DenyAgents]` on a Razor page handler, in the markup and in a page model of a stranger's app", "`dotnet build` fails at each place")]
    public async Task G2_A_guard_on_a_page_handler_is_a_build_error_also_in_the_markup()
    {
        await CreateAsync(Program.Replace("app.Run();", "app.MapRazorPages().DenyAgents();\napp.Run();", StringComparison.Ordinal).Replace("builder.Services.AddAgentAuth();", "builder.Services.AddAgentAuth();\nbuilder.Services.AddRazorPages();", StringComparison.Ordinal), AuthMd);
        Directory.CreateDirectory(Path.Combine(_folder, "Pages"));
        await WriteAsync("Pages/Inline.cshtml", "@page\n@attribute [AgentAuth.UserOrAgentScope(\"things.read\")]\n<p>ok</p>\n@functions {\n    [AgentAuth.DenyAgents]\n    public void OnPost() { }\n}\n");
        await WriteAsync("Pages/Part.razor", "@attribute [AgentAuth.DenyAgents]\n<p>ok</p>\n");
        await WriteAsync("Pages/Routed.razor", "@page \"/routed\"\n@attribute [AgentAuth.AgentScope(\"things.raed\")]\n<p>ok</p>\n");
        await WriteAsync("Pages/Coded.cs", "namespace Things;\n\npublic class Coded : Microsoft.AspNetCore.Mvc.RazorPages.PageModel\n{\n    [DenyAgents]\n    public void OnPostSave() { }\n}\n");

        var (exitCode, output) = await Command.RunAsync(_folder, "dotnet", "build", "--nologo");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Inline.cshtml(5,6): error AUTHMD2009: [DenyAgents] stands on the Razor page handler ", output, StringComparison.Ordinal);
        Assert.Contains("Coded.cs(5,6): error AUTHMD2009: [DenyAgents] stands on the Razor page handler Coded.OnPostSave, and nothing enforces it there", output, StringComparison.Ordinal);
        Assert.Contains("error AUTHMD2009: [DenyAgents] stands on the component Part, and nothing enforces it there: it has no @page", output, StringComparison.Ordinal);
        Assert.Contains("error AUTHMD2001: Scope 'things.raed' is not declared in auth.md; did you mean 'things.read'", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Inline.cshtml(2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_that_is_named_as_the_root_namespace_begins_gets_out_of_the_way_by_a_property()
    {
        await CreateAsync(Program + "\nclass Things;", AuthMd);

        await BuildAsync("-p:RootNamespace=Things.Api", "-p:AgentAuthNamespace=ThingsApi");
    }

    [Fact]
    public async Task Without_an_auth_md_nothing_is_generated_and_nothing_breaks()
    {
        await CreateAsync("System.Console.WriteLine(1);", authMd: null);

        await BuildAsync();
    }

    [Fact]
    public void The_package_holds_the_compilers_side_and_no_assembly_of_the_frameworks()
    {
        using var package = ZipFile.OpenRead(Path.Combine(packages.Feed, $"AgentAuth.Codegen.{packages.Version}.nupkg"));

        Assert.Equal(
            ["AgentAuth.Analyzers.dll", "AgentAuth.AuthMd.dll", "AgentAuth.CodeFixes.dll", "AgentAuth.Generator.dll", "AgentAuth.Markdig.dll", "AgentAuth.Protocol.dll"],
            package.Entries.Where(e => e.Name.EndsWith(".dll", StringComparison.Ordinal)).Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.All(
            package.Entries.Where(e => e.Name.EndsWith(".dll", StringComparison.Ordinal)),
            entry => Assert.StartsWith("analyzers/dotnet/roslyn5.0/cs/", entry.FullName, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task CreateAsync(string program, string? authMd, string more = "")
    {
        await WriteAsync("Things.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              {more}
            </Project>
            """);
        await WriteAsync("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{packages.Feed}" />
              </packageSources>
            </configuration>
            """);
        await WriteAsync("Program.cs", program);
        if (authMd is not null)
        {
            await WriteAsync("auth.md", authMd);
        }

        var (exitCode, output) = await Command.RunAsync(_folder, "dotnet", "add", "package", "AgentAuth.Codegen", "--version", packages.Version);
        Assert.True(exitCode == 0, output);
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text, TestContext.Current.CancellationToken);

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(Path.Combine(_folder, name), TestContext.Current.CancellationToken);

    private async Task FormatAsync(params string[] options)
    {
        var (exitCode, output) = await Command.RunAsync(_folder, "dotnet", ["format", "--no-restore", .. options]);
        Assert.True(exitCode == 0, output);
    }

    private async Task BuildAsync(params string[] properties)
    {
        var (exitCode, output) = await Command.RunAsync(_folder, "dotnet", ["build", "--nologo", .. properties]);
        Assert.True(exitCode == 0, output);
    }

    private async Task<RunningService> StartAsync()
    {
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)port.LocalEndpoint).Port}");
        port.Stop();
        var process = Process.Start(Command.Start(_folder, "dotnet", ["bin/Debug/net10.0/Things.dll", "--urls", address.OriginalString]))!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("Application started", StringComparison.Ordinal))
            {
                return new RunningService(process, address);
            }
        }

        throw new InvalidOperationException("The service did not start: " + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    // The one that the repository is tested with.
    private static string McpSdkVersion() =>
        McpSdkPattern().Match(File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props"))).Groups[1].Value;

    [GeneratedRegex("Include=\"ModelContextProtocol.AspNetCore\" Version=\"([^\"]+)\"")]
    private static partial Regex McpSdkPattern();

    [GeneratedRegex("agk_[0-9A-Za-z]{36}")]
    private static partial Regex KeyPattern();

    private sealed record RunningService(Process Process, Uri Address) : IDisposable
    {
        public void Dispose()
        {
            Process.Kill(entireProcessTree: true);
            Process.WaitForExit();
            Process.Dispose();
        }
    }
}
