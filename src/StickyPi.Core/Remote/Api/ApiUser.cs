using System.Text.Json.Serialization;
using StickyPi.Core.Users;

namespace StickyPi.Core.Remote.Api;

/// <summary>A user to add, with the password.</summary>
public sealed record ApiNewUser : IDisposable
{
    /// <inheritdoc cref="NewUser.UserName"/>
    public required string UserName { get; init; }

    /// <inheritdoc cref="NewUser.Email"/>
    public string? Email { get; init; }

    /// <inheritdoc cref="NewUser.IsAdmin"/>
    public bool IsAdmin { get; init; }

    /// <summary>Whether the user may add and change, which is so where nothing is said; else only read.</summary>
    public bool? CanWrite { get; init; }

    /// <summary>The password; wiped with this.</summary>
    public required Secret Password { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Password.Dispose();
}

/// <summary>What to change of a user. What is null stays as it is.</summary>
public sealed record ApiUserChange : IDisposable
{
    /// <inheritdoc cref="UserChange.Email"/>
    public string? Email { get; init; }

    /// <inheritdoc cref="UserChange.IsAdmin"/>
    public bool? IsAdmin { get; init; }

    /// <inheritdoc cref="UserChange.CanWrite"/>
    public bool? CanWrite { get; init; }

    /// <summary>The new password; wiped with this.</summary>
    public Secret? Password { get; init; }

    /// <inheritdoc cref="UserChange.Force"/>
    public bool Force { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Password?.Dispose();
}

/// <summary>A password that may be a user's.</summary>
public sealed record ApiVerification : IDisposable
{
    /// <summary>The password; wiped with this.</summary>
    public required Secret Password { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Password.Dispose();
}

/// <summary>Whose a password is.</summary>
/// <param name="User">The user; null where the password is not that user's, or there is no such user, and nothing tells which.</param>
public sealed record ApiVerified([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] StickyUser? User);
