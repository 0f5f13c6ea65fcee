namespace AgentAuth.Configuration;

/// <summary>Checks URLs that identify somebody or lead to keys.</summary>
/// <param name="problems">Takes a sentence for each that cannot be used.</param>
/// <param name="allowLoopbackHttp">See <see cref="AgentAuthOptions.AllowLoopbackHttp"/>.</param>
internal sealed class IdentifierCheck(List<string> problems, bool allowLoopbackHttp)
{
    /// <summary>
    /// RFC 8414 §2, RFC 9728 §1.2: https, no fragment, and for an issuer no query. http only where nobody can listen in, and only when asked for.
    /// </summary>
    /// <param name="path">The setting.</param>
    /// <param name="value">Its value.</param>
    /// <param name="allowQuery">False for an issuer.</param>
    /// <returns>The URL, also where it was reported; null when it is none.</returns>
    public Uri? Read(string path, string value, bool allowQuery)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
        {
            problems.Add($"{path} is '{value}'; it must be an absolute https URL.");
            return null;
        }

        if (uri.Scheme == "http" && !(uri.IsLoopback && allowLoopbackHttp))
        {
            problems.Add(uri.IsLoopback
                ? $"{path} is '{value}'. Plain http on the loopback interface is for development: set AgentAuth:AllowLoopbackHttp to true there."
                : $"{path} is '{value}'; it must be https.");
        }

        if (!IsHost(uri))
        {
            problems.Add($"{path} is '{value}', whose host no name server can know (RFC 5891). Write the name as it is registered.");
            return null;
        }

        if (uri.Fragment.Length > 0 || uri.UserInfo.Length > 0 || value.Contains('#', StringComparison.Ordinal) || (!allowQuery && uri.Query.Length > 0))
        {
            problems.Add($"{path} is '{value}'; it must have no user name, no fragment{(allowQuery ? "" : " and no query")}.");
        }

        return uri;
    }

    // The parser takes names that are no names, and the platform would throw at each try to look one up.
    private static bool IsHost(Uri uri)
    {
        try
        {
            return uri.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
