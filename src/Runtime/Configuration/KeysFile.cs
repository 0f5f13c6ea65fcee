using AgentAuth.Trust;

namespace AgentAuth.Configuration;

/// <summary>Reads the file of a provider's pinned keys.</summary>
internal static class KeysFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="setting">The setting that names it.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="problems">Takes a sentence when it cannot be read.</param>
    /// <returns>Its bytes without a byte order mark; null when it cannot be read.</returns>
    public static byte[]? Read(string setting, string path, List<string> problems)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > VerificationKeySet.SizeLimit)
            {
                problems.Add($"{setting} is '{path}', which is larger than {VerificationKeySet.SizeLimit / 1024} KiB. Leave only the provider's keys in it.");
                return null;
            }

            using var bytes = new MemoryStream();
            file.CopyTo(bytes);
            ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
            var json = bytes.ToArray();
            return json.AsSpan().StartsWith(mark) ? json[mark.Length..] : json;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add($"{setting} is '{path}', which cannot be read ({failure.Message}). It must be a JWK set that the service may read.");
            return null;
        }
    }
}
