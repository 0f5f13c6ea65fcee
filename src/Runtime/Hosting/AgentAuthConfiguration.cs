using Microsoft.Extensions.Configuration;

namespace AgentAuth.Hosting;

/// <summary>
/// Reads the configuration section <c>AgentAuth</c> into options, by hand: the framework's binder ignores a key that it does not know, and a
/// mistyped security setting must not pass for one that was made. It needs no reflection either.
/// </summary>
internal sealed class AgentAuthConfiguration(List<string> problems)
{
    public const string Section = "AgentAuth";

    public void Read(IConfigurationSection section, AgentAuthOptions options) => ReadKeys(section, new()
    {
        ["Issuer"] = s => options.Issuer = Text(s),
        ["Resource"] = s => options.Resource = Text(s),
        ["AllowLoopbackHttp"] = s => options.AllowLoopbackHttp = Flag(s),
        ["RequireScopes"] = s => options.RequireScopes = Mode(s),
        ["TrustedProviders"] = s => ReadProviders(s, options.TrustedProviders),
        ["Storage"] = s => ReadKeys(s, new() { ["Path"] = p => options.Storage.Path = Text(p) ?? options.Storage.Path }),
        ["Mail"] = s => ReadKeys(s, new()
        {
            ["Folder"] = p => options.Mail.Folder = Text(p) ?? options.Mail.Folder,
            ["From"] = p => options.Mail.From = Text(p),
        }),
        ["Limits"] = s => ReadKeys(s, new() { ["Enabled"] = p => options.Limits.Enabled = Flag(p) }),
    });

    private void ReadProviders(IConfigurationSection section, IList<TrustedProviderOptions> providers)
    {
        foreach (var entry in section.GetChildren())
        {
            var provider = new TrustedProviderOptions();
            ReadKeys(entry, new()
            {
                ["Issuer"] = s => provider.Issuer = Text(s),
                ["Name"] = s => provider.Name = Text(s),
                ["Keys"] = s => provider.Keys = Text(s),
                ["Algorithms"] = s => ReadList(s, provider.Algorithms),
                ["Requires"] = s => ReadList(s, provider.Requires),
                ["TrustsEmail"] = s => provider.TrustsEmail = Flag(s),
            });
            providers.Add(provider);
        }
    }

    private void ReadKeys(IConfigurationSection section, Dictionary<string, Action<IConfigurationSection>> readers)
    {
        foreach (var child in section.GetChildren())
        {
            var known = readers.Keys.FirstOrDefault(key => key.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (known is null)
            {
                problems.Add($"{child.Path} is not a setting. {section.Path} has {string.Join(", ", readers.Keys)}.");
            }
            else
            {
                readers[known](child);
            }
        }
    }

    private void ReadList(IConfigurationSection section, IList<string> values)
    {
        foreach (var entry in section.GetChildren())
        {
            if (Text(entry) is { } value)
            {
                values.Add(value);
            }
        }
    }

    private string? Text(IConfigurationSection section)
    {
        if (section.GetChildren().Any())
        {
            problems.Add($"{section.Path} takes one value, not several.");
        }

        return string.IsNullOrWhiteSpace(section.Value) ? null : section.Value;
    }

    private bool Flag(IConfigurationSection section)
    {
        if (bool.TryParse(section.Value, out var flag))
        {
            return flag;
        }

        problems.Add($"{section.Path} is '{section.Value}'; it must be true or false.");
        return false;
    }

    // By name: Enum.TryParse would take numbers and lists as well.
    private RequireScopesMode Mode(IConfigurationSection section)
    {
        foreach (var mode in Enum.GetValues<RequireScopesMode>())
        {
            if (mode.ToString().Equals(section.Value, StringComparison.OrdinalIgnoreCase))
            {
                return mode;
            }
        }

        problems.Add($"{section.Path} is '{section.Value}'; it must be {string.Join(" or ", Enum.GetNames<RequireScopesMode>())}.");
        return default;
    }
}
