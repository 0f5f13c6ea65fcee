using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace MyService;

/// <summary>The users of an app.</summary>
internal sealed class AppDb(DbContextOptions<AppDb> options) : IdentityDbContext<IdentityUser>(options);
