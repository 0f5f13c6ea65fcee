using System.Security.Cryptography;
using System.Text;
using AgentAuth.Credentials;

namespace AgentAuth.Accounts;

/// <summary>
/// Ids for accounts that are yet to be made. One is always the same for one (issuer, subject), or one registration, so that an app knows its own
/// earlier try. They are keyed: who could tell somebody's id beforehand might be there first, with a user of that name.
/// </summary>
internal sealed class AccountIds(ServerSecret secret)
{
    // 22 characters are 131 bits.
    private const int Length = 22;

    public string Of(AgentDelegationKey delegation) => Of("identity", delegation.Issuer, delegation.Subject);

    public string Of(string registrationId) => Of("registration", registrationId);

    private string Of(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Key);
        hash.AppendData("account\0"u8);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return "acc_" + Base62.Of(hash.GetHashAndReset().AsSpan(0, Length));
    }
}
