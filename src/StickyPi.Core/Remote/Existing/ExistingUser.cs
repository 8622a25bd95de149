using System.Text.Json.Serialization;
using StickyPi.Core.Users;

namespace StickyPi.Core.Remote.Existing;

/// <summary>A row of <c>users</c>, with asterisks for the hash of the password.</summary>
public sealed record ExistingUser
{
    /// <inheritdoc cref="StickyUser.ApiUser"/>
    public string? ApiUser { get; init; }

    /// <inheritdoc cref="StickyUser.ApiVersion"/>
    public string? ApiVersion { get; init; }

    /// <inheritdoc cref="StickyUser.CanWrite"/>
    public bool? CanWrite { get; init; }

    /// <inheritdoc cref="StickyUser.CreatedAt"/>
    [JsonPropertyName("datetime_created")]
    public DateTime CreatedAt { get; init; }

    /// <inheritdoc cref="StickyUser.Email"/>
    public string? Email { get; init; }

    /// <inheritdoc cref="StickyUser.Id"/>
    public long Id { get; init; }

    /// <inheritdoc cref="StickyUser.IsAdmin"/>
    public bool? IsAdmin { get; init; }

    /// <summary>Asterisks, whatever the password.</summary>
    public string PasswordHash { get; init; } = "***********";

    /// <inheritdoc cref="StickyUser.UserName"/>
    [JsonPropertyName("username")]
    public required string UserName { get; init; }

    /// <summary>Tells a user.</summary>
    /// <param name="user">The user.</param>
    /// <returns>What goes over the wire.</returns>
    public static ExistingUser From(StickyUser user) => new()
    {
        ApiUser = user.ApiUser,
        ApiVersion = user.ApiVersion,
        CanWrite = user.CanWrite,
        CreatedAt = user.CreatedAt,
        Email = user.Email,
        Id = user.Id,
        IsAdmin = user.IsAdmin,
        UserName = user.UserName,
    };

    /// <summary>Makes the user again.</summary>
    /// <returns>The user.</returns>
    public StickyUser ToUser() => new()
    {
        Id = Id,
        UserName = UserName,
        Email = Email,
        IsAdmin = IsAdmin ?? false,
        CanWrite = CanWrite ?? true,
        CreatedAt = CreatedAt,
        ApiVersion = ApiVersion,
        ApiUser = ApiUser,
    };
}

/// <summary>A user who is to be added.</summary>
public sealed record ExistingNewUser
{
    /// <inheritdoc cref="NewUser.UserName"/>
    [JsonPropertyName("username")]
    public required string UserName { get; init; }

    /// <summary>The password; a secret.</summary>
    public required string Password { get; init; }

    /// <inheritdoc cref="NewUser.Email"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Email { get; init; }

    /// <inheritdoc cref="NewUser.IsAdmin"/>
    public bool IsAdmin { get; init; }

    /// <inheritdoc cref="NewUser.CanWrite"/>
    public bool CanWrite { get; init; } = true;

    /// <summary>The name; never the password.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => UserName;
}
