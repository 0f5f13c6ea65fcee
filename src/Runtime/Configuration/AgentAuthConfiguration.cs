using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AgentAuth.Configuration;

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
        ["Clients"] = s => ReadClients(s, options.Clients),
        ["Storage"] = s => ReadKeys(s, new()
        {
            ["Path"] = p => options.Storage.Path = Text(p) ?? options.Storage.Path,
            ["PostgreSql"] = p => options.Storage.PostgreSql = Text(p),
        }),
        ["Mail"] = s => ReadKeys(s, new()
        {
            ["Folder"] = p => options.Mail.Folder = Text(p) ?? options.Mail.Folder,
            ["From"] = p => options.Mail.From = Text(p),
        }),
        ["Limits"] = s => ReadKeys(s, new() { ["Enabled"] = p => options.Limits.Enabled = Flag(p) }),
    });

    private void ReadProviders(IConfigurationSection section, IList<AgentAuthTrustedProviderOptions> providers)
    {
        foreach (var entry in section.GetChildren())
        {
            var provider = new AgentAuthTrustedProviderOptions();
            ReadKeys(entry, new()
            {
                ["Issuer"] = s => provider.Issuer = Text(s),
                ["Name"] = s => provider.Name = Text(s),
                ["Keys"] = s => provider.Keys = Text(s),
                ["KeysFile"] = s => provider.KeysFile = Text(s),
                ["PinnedKeys"] = s => ReadKeySet(s, provider.PinnedKeys),
                ["Algorithms"] = s => ReadList(s, provider.Algorithms),
                ["Requires"] = s => ReadList(s, provider.Requires),
                ["Acr"] = s => ReadList(s, provider.Acr),
                ["MaxAuthenticationAge"] = s => provider.MaxAuthenticationAge = Time(s),
                ["Clients"] = s => ReadList(s, provider.Clients),
                ["TrustsEmail"] = s => provider.TrustsEmail = Flag(s),
                ["EmailDomains"] = s => ReadList(s, provider.EmailDomains),
            });
            providers.Add(provider);
        }
    }

    private void ReadClients(IConfigurationSection section, IList<AgentAuthClientOptions> clients)
    {
        foreach (var entry in Entries(section))
        {
            var client = new AgentAuthClientOptions();
            ReadKeys(entry, new()
            {
                ["Id"] = s => client.Id = Text(s),
                ["SecretHashes"] = s => ReadList(s, client.SecretHashes),
                ["Keys"] = s => ReadKeySet(s, client.Keys),
                ["Provider"] = s => client.Provider = Text(s),
                ["Scopes"] = s => ReadList(s, client.Scopes),
            });
            clients.Add(client);
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

    // A list that holds nothing, or one value where a list belongs, is a setting that somebody believes in and nobody applies.
    private void ReadList(IConfigurationSection section, IList<string> values)
    {
        foreach (var entry in Entries(section))
        {
            if (Text(entry) is { } value)
            {
                values.Add(value);
            }
            else
            {
                problems.Add($"{entry.Path} is empty. Give it a value, or leave it out.");
            }
        }
    }

    private IConfigurationSection[] Entries(IConfigurationSection section)
    {
        var entries = section.GetChildren().ToArray();
        if (entries.Length == 0)
        {
            problems.Add(string.IsNullOrWhiteSpace(section.Value)
                ? $"{section.Path} is an empty list. Give it values, or leave it out."
                : $"{section.Path} is '{section.Value}'; it takes a list: {section.Path}:0, {section.Path}:1 and so on.");
        }

        return entries;
    }

    private void ReadKeySet(IConfigurationSection section, IList<string> keys)
    {
        foreach (var entry in Entries(section))
        {
            keys.Add(ConfiguredJwk.Read(entry, problems));
        }
    }

    // With hours, minutes and seconds: "30" alone would be thirty days, and "5:00" five hours.
    private TimeSpan? Time(IConfigurationSection section)
    {
        if (section.Value?.Count(c => c == ':') == 2 && TimeSpan.TryParseExact(section.Value, "c", CultureInfo.InvariantCulture, out var time))
        {
            return time;
        }

        problems.Add($"{section.Path} is '{section.Value}'; it must be a time span in hours, minutes and seconds, such as 01:00:00.");
        return null;
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
    private AgentScopesMode Mode(IConfigurationSection section)
    {
        foreach (var mode in Enum.GetValues<AgentScopesMode>())
        {
            if (mode.ToString().Equals(section.Value, StringComparison.OrdinalIgnoreCase))
            {
                return mode;
            }
        }

        problems.Add($"{section.Path} is '{section.Value}'; it must be {string.Join(" or ", Enum.GetNames<AgentScopesMode>())}.");
        return default;
    }
}
