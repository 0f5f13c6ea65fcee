using System.Net;
using System.Runtime.InteropServices;
using AgentAuth.Configuration;
using AgentAuth.Manifest;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Text;

namespace AgentAuth.Limits;

/// <summary>
/// The limits of auth.md, by operation. Where the remote address is not known, the limit per address is skipped. What is counted in all is a
/// switch that strangers can turn, so it is counted last: after what nobody can fake, where there is such a thing.
/// </summary>
internal sealed class RequestLimits(AgentAuthSettings settings, SlidingWindowLimiter limiter)
{
    private const int Capacity = 50_000;

    private readonly AddressLimit? _anonymous = AddressLimit.Of(settings.Manifest.Limits.AnonymousPerAddress);
    private readonly LimitTable? _anonymousTotal = Table(settings.Manifest.Limits.AnonymousTotal, 1);
    private readonly AddressLimit? _email = AddressLimit.Of(settings.Manifest.Limits.VerifiedEmailPerAddress);
    private readonly LimitTable? _emailTotal = Table(settings.Manifest.Limits.VerifiedEmailTotal, 1);
    private readonly AddressLimit? _assertion = AddressLimit.Of(settings.Manifest.Limits.IdentityAssertionPerAddress);
    private readonly LimitTable? _user = Table(settings.Manifest.Limits.IdentityAssertionPerUser, Capacity);
    private readonly LimitTable? _provider = Table(settings.Manifest.Limits.IdentityAssertionPerProvider, Capacity);
    private readonly AddressLimit? _mail = AddressLimit.Of(settings.Manifest.Limits.ClaimMailPerAddress);
    private readonly LimitTable? _recipient = Table(settings.Manifest.Limits.ClaimMailPerRecipient, Capacity);
    private readonly LimitTable? _mailTotal = Table(settings.Manifest.Limits.ClaimMailTotal, 1);
    private readonly AddressLimit? _complete = AddressLimit.Of(settings.Manifest.Limits.CompletePerAddress);
    private readonly AddressLimit? _challenge = AddressLimit.Of(settings.Manifest.Limits.ClaimPagePerAddress);
    private readonly AddressLimit? _decline = AddressLimit.Of(settings.Manifest.Limits.ClaimPagePerAddress);

    /// <summary>An anonymous start.</summary>
    public Refusal? Anonymous(IPAddress? address) => Acquire(_anonymous, address, (_anonymousTotal, LimitKeys.All));

    /// <summary>A registration by email, beside its <see cref="ClaimMail"/>.</summary>
    public Refusal? Email(IPAddress? address) => Acquire(_email, address, (_emailTotal, LimitKeys.All));

    /// <summary>An assertion that nobody has looked at yet: anybody can send one.</summary>
    public Refusal? Assertion(IPAddress? address) => Acquire(_assertion, address);

    /// <summary>
    /// An assertion that is verified: it counts for its user and its provider, and for nobody else. No user uses a provider's budget up, and no
    /// provider another's.
    /// </summary>
    public Refusal? Verified(AgentDelegationKey user) =>
        Acquire(null, null, (_user, LimitKeys.Of($"{user.Issuer}\0{user.Subject}")), (_provider, LimitKeys.Of(user.Issuer)));

    /// <summary>A claim mail. Addresses of one mailbox are one recipient.</summary>
    public Refusal? ClaimMail(IPAddress? address, string recipient) =>
        Acquire(_mail, address, (_recipient, LimitKeys.Of(EmailAddress.MailboxOf(recipient))), (_mailTotal, LimitKeys.All));

    /// <summary>A guess at a code.</summary>
    public Refusal? Complete(IPAddress? address) => Acquire(_complete, address);

    /// <summary>A press on "Show the code".</summary>
    public Refusal? Challenge(IPAddress? address) => Acquire(_challenge, address);

    /// <summary>A press on "This wasn't me": apart, so that nobody can take it away by pressing the other button.</summary>
    public Refusal? Decline(IPAddress? address) => Acquire(_decline, address);

    private static LimitTable? Table(RateLimit? limit, int capacity) => limit is { } rate ? new LimitTable(rate, capacity) : null;

    private Refusal? Acquire(AddressLimit? perAddress, IPAddress? address, params ReadOnlySpan<(LimitTable? Table, UInt128 Key)> others)
    {
        if (!settings.LimitsEnabled)
        {
            return null;
        }

        var keys = new List<LimitedKey>(others.Length + 3);
        if (address is not null)
        {
            perAddress?.Add(keys, address);
        }

        foreach (var (table, key) in others)
        {
            if (table is not null)
            {
                keys.Add(new LimitedKey(table, key));
            }
        }

        return limiter.TryAcquire(CollectionsMarshal.AsSpan(keys)) is { } wait
            ? new Refusal(RefusalReason.RateLimited, "Too many requests of this kind. Wait as long as Retry-After says, then try again.", wait)
            : null;
    }
}
