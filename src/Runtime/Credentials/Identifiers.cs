namespace AgentAuth.Credentials;

/// <summary>New identifiers and secrets. Identifiers name things in logs and answers; secrets leave the server once.</summary>
internal static class Identifiers
{
    /// <summary>What claim tokens begin with.</summary>
    public const string ClaimTokenPrefix = "clm_";

    /// <summary>What the tokens of mailed links begin with.</summary>
    public const string ClaimAttemptTokenPrefix = "cvt_";

    // 22 characters are 131 bits: no two ever meet, on any replica.
    private const int IdentifierLength = 22;

    // 30 characters are 178 bits, over the 150 that the protocol asks for.
    private const int SecretLength = 30;

    public static string Registration() => "reg_" + Base62.Random(IdentifierLength);

    public static string Credential() => "cred_" + Base62.Random(IdentifierLength);

    public static string ClaimAttempt() => "cla_" + Base62.Random(IdentifierLength);

    public static string Account() => "acc_" + Base62.Random(IdentifierLength);

    public static string ClaimTokenSecret() => ClaimTokenPrefix + Base62.Random(SecretLength);

    public static string ClaimAttemptTokenSecret() => ClaimAttemptTokenPrefix + Base62.Random(SecretLength);
}
