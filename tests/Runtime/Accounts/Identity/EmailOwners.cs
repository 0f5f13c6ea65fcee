using Microsoft.AspNetCore.Identity;

namespace MyService;

/// <summary>Gives an account whose address nobody had confirmed to the one who has just shown that it is theirs.</summary>
public static class EmailOwners
{
    public static async Task HandOverAsync(this UserManager<IdentityUser> users, IdentityUser user)
    {
        // Whoever made the account knows all of these. They end first, and the address is confirmed last.
        Check(await users.RemovePasswordAsync(user));
        foreach (var login in await users.GetLoginsAsync(user))
        {
            Check(await users.RemoveLoginAsync(user, login.LoginProvider, login.ProviderKey));
        }

        if (users.Options.Stores.SchemaVersion >= IdentitySchemaVersions.Version3)
        {
            foreach (var passkey in await users.GetPasskeysAsync(user))
            {
                Check(await users.RemovePasskeyAsync(user, passkey.CredentialId));
            }
        }

        Check(await users.SetTwoFactorEnabledAsync(user, false));
        Check(await users.ResetAuthenticatorKeyAsync(user));
        await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 0);
        Check(await users.SetPhoneNumberAsync(user, null));
        Check(await users.UpdateSecurityStampAsync(user));
        user.EmailConfirmed = true;
        Check(await users.UpdateAsync(user));
    }

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException(string.Join(' ', result.Errors.Select(error => error.Description)));
        }
    }
}
