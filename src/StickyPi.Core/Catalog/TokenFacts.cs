using StickyPi.Core.Users;

namespace StickyPi.Core.Catalog;

/// <summary>What tells whether a token is good.</summary>
/// <param name="Secret">The secret that the tokens of the store are signed with; null where none was made yet.</param>
/// <param name="Users">The users, with the hashes of their passwords.</param>
/// <param name="IsRevoked">Whether the token was revoked.</param>
public sealed record TokenFacts(byte[]? Secret, IReadOnlyList<UserRow> Users, bool IsRevoked);
