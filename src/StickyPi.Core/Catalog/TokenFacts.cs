using StickyPi.Core.Users;

namespace StickyPi.Core.Catalog;

/// <summary>Everything that decides whether a token is valid.</summary>
/// <param name="Secret">
/// The secret that the tokens of the store are signed with; null where it is not made yet, and perhaps where the store has no users.
/// </param>
/// <param name="Users">The users, with the hashes of their passwords.</param>
/// <param name="IsRevoked">Whether the token was revoked.</param>
public sealed record TokenFacts(byte[]? Secret, IReadOnlyList<UserRow> Users, bool IsRevoked);
