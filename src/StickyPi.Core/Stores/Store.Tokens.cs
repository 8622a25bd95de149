using System.Security.Cryptography;
using StickyPi.Core.Catalog;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Users;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    private readonly byte[] _temporarySecret = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    /// <summary>Whether a text has the shape of a token, so that it can be told from the name of a user.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Whether it has; a token need not be a good one.</returns>
    public static bool IsToken(string text) => AccessToken.IsShaped(text);

    /// <summary>Verifies a password as <see cref="VerifyUserAsync"/> does, and gives a token for it.</summary>
    /// <param name="userName">The name, exactly; or in another case where only one user has it.</param>
    /// <param name="password">The password; it stays the caller's to dispose of.</param>
    /// <param name="expiresAt">When the token is to expire, UTC; cut to seconds.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// The token, which ends when the password changes or the user goes; null where the password is wrong or there is no such user, and
    /// nothing tells which.
    /// </returns>
    public async ValueTask<ApiToken?> LogInAsync(
        string userName, Secret password, DateTime expiresAt, CancellationToken cancellationToken = default) =>
        await VerifyAsync(userName, password, cancellationToken).ConfigureAwait(false) is UserRow user
            ? await IssueAsync(user, expiresAt, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Gives a new token for one that is still good, which stays so.</summary>
    /// <param name="token">Any text.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="expiresAt">When the new token is to expire, UTC; cut to seconds.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The token, or null as for <see cref="VerifyTokenAsync"/>.</returns>
    public async ValueTask<ApiToken?> RenewTokenAsync(
        string token, DateTime now, DateTime expiresAt, CancellationToken cancellationToken = default) =>
        await FindTokenAsync(token, now, cancellationToken).ConfigureAwait(false) is var (_, user, _)
            ? await IssueAsync(user, expiresAt, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Looks whose token a text is.</summary>
    /// <param name="token">Any text.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// The user as they are now, with what signs in their name; null where the text is no token of this store, or one that has expired or
    /// was revoked, or whose user has another password since or has gone.
    /// </returns>
    public async ValueTask<Signatory?> VerifyTokenAsync(string token, DateTime now, CancellationToken cancellationToken = default) =>
        await FindTokenAsync(token, now, cancellationToken).ConfigureAwait(false) is var (_, user, secret)
            ? new Signatory(user, secret)
            : null;

    /// <summary>Finds the user in whose name something was signed.</summary>
    /// <param name="userId">The row of the user.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The user with the present key; null where there is no such user any more.</returns>
    public async ValueTask<Signatory?> FindSignatoryAsync(long userId, CancellationToken cancellationToken = default) =>
        (await _catalog.GetUsersAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(row => row.User.Id == userId) is UserRow user
            ? new Signatory(user, await GetTokenSecretAsync(cancellationToken).ConfigureAwait(false))
            : null;

    /// <summary>Tells whether something that may be used once was used, see <see cref="TryUseAsync"/>.</summary>
    /// <param name="id">What it is known by: at most 32 characters that nothing else is known by.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>Whether it was.</returns>
    public ValueTask<bool> WasUsedAsync(string id, CancellationToken cancellationToken = default) =>
        _catalog.IsTokenRevokedAsync(id, cancellationToken);

    /// <summary>Remembers, for all servers of the store, that something that may be used once was used.</summary>
    /// <param name="id">What it is known by.</param>
    /// <param name="expiresAt">Until when that matters, UTC.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>False where somebody else was quicker.</returns>
    public async ValueTask<bool> TryUseAsync(string id, DateTime expiresAt, CancellationToken cancellationToken = default)
    {
        await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false);
        bool isFirst = rows.RevokeToken(id, expiresAt);
        rows.Commit(cancellationToken);
        return isFirst;
    }

    /// <summary>Takes back what <see cref="TryUseAsync"/> has remembered, where the use has come to nothing.</summary>
    /// <param name="id">What it is known by.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A task that ends when it may be used again.</returns>
    public async ValueTask TakeBackUseAsync(string id, CancellationToken cancellationToken = default)
    {
        await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false);
        rows.RestoreToken(id);
        rows.Commit(cancellationToken);
    }

    /// <summary>Ends a token before its time, for all servers of the store.</summary>
    /// <param name="token">Any text; one that is no good token is left alone.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A task that ends when the token has.</returns>
    public async ValueTask RevokeTokenAsync(string token, DateTime now, CancellationToken cancellationToken = default)
    {
        if (await FindTokenAsync(token, now, cancellationToken).ConfigureAwait(false) is var (revoked, _, _))
        {
            await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false);
            _ = rows.RevokeToken(revoked.Id, revoked.ExpiresAt);
            rows.Commit(cancellationToken);
        }
    }

    // A catalog that can't be written to, and has no secret yet, gets none: tokens end with this process then.
    private async ValueTask<ReadOnlyMemory<byte>> GetTokenSecretAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _catalog.GetTokenSecretAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StickyException e) when (e.ErrorId == "StoreReadOnly")
        {
            return _temporarySecret;
        }
    }

    private async ValueTask<ApiToken> IssueAsync(UserRow user, DateTime expiresAt, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> secret = await GetTokenSecretAsync(cancellationToken).ConfigureAwait(false);
        DateTime seconds = new(expiresAt.Ticks - (expiresAt.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
        return new ApiToken(AccessToken.Issue(user, seconds, secret.Span), seconds, user.User);
    }

    private async ValueTask<(AccessToken Token, UserRow User, ReadOnlyMemory<byte> Secret)?> FindTokenAsync(
        string token, DateTime now, CancellationToken cancellationToken)
    {
        if (AccessToken.FindId(token) is not string id)
        {
            return null;
        }

        // Nothing is cached, because the catalog may have been restored or replaced since the last request.
        TokenFacts facts = await _catalog.GetTokenFactsAsync(id, cancellationToken).ConfigureAwait(false);
        if (facts.IsRevoked || facts.Users.Count == 0)
        {
            return null;
        }

        ReadOnlyMemory<byte> secret = facts.Secret is byte[] known
            ? known
            : await GetTokenSecretAsync(cancellationToken).ConfigureAwait(false);
        return AccessToken.Verify(token, facts.Users, now, secret.Span) is var (found, user) ? (found, user, secret) : null;
    }
}
