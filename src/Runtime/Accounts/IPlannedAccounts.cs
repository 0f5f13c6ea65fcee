using AgentAuth.Storage;

namespace AgentAuth.Accounts;

/// <summary>Accounts that are kept beside the registrations: one is made in the transaction of the registration or claim that it is for, or not at all.</summary>
internal interface IPlannedAccounts : IAgentAccounts
{
    /// <summary>The account that <see cref="IAgentAccounts.MakeAsync"/> would find or make. Asks nobody, and makes nothing.</summary>
    /// <param name="request">Who it is for, and what is proved.</param>
    NewAccount Plan(AgentAccountRequest request);
}
