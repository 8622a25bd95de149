namespace StickyPi.Core.Users;

/// <summary>Which users: those that match one of the names and one of the addresses.</summary>
public sealed record UserQuery
{
    /// <summary>Names or patterns, see <see cref="NamePattern"/>; none means all users.</summary>
    public IReadOnlyList<string> UserNames { get; init; } = [];

    /// <summary>E-mail addresses or patterns, see <see cref="NamePattern"/>; none means all users, those without an address included.</summary>
    public IReadOnlyList<string> Emails { get; init; } = [];
}
