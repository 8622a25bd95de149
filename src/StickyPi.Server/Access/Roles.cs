using Microsoft.AspNetCore.Authorization;
using StickyPi.Core.Users;

namespace StickyPi.Server.Access;

/// <summary>
/// What a user may do. Every route names the least role that it is for; one that names none is for administrators, so that a forgotten
/// word opens nothing.
/// </summary>
internal static class Roles
{
    /// <summary>May read.</summary>
    public const string Reader = nameof(Reader);

    /// <summary>May add and change pictures, annotations, tuboids, labels, bundles and properties.</summary>
    public const string Writer = nameof(Writer);

    /// <summary>May delete, and manage users.</summary>
    public const string Administrator = nameof(Administrator);

    /// <summary>The roles that a user has.</summary>
    /// <param name="user">The user.</param>
    /// <returns>Their names.</returns>
    public static IEnumerable<string> Of(StickyUser user) => user switch
    {
        { IsAdmin: true } => [Reader, Writer, Administrator],
        { CanWrite: true } => [Reader, Writer],
        _ => [Reader],
    };

    /// <summary>Makes a policy of each role.</summary>
    /// <param name="options">Where they go.</param>
    public static void AddPolicies(AuthorizationOptions options)
    {
        foreach (string role in (string[])[Reader, Writer, Administrator])
        {
            options.AddPolicy(role, policy => policy.RequireRole(role));
        }

        options.FallbackPolicy = options.GetPolicy(Administrator);
    }
}
