namespace StickyPi.Core.Catalog;

public partial interface ICatalog
{
    /// <summary>Tells whether a token was revoked.</summary>
    /// <param name="tokenId">The id of the token.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>Whether it was.</returns>
    ValueTask<bool> IsTokenRevokedAsync(string tokenId, CancellationToken cancellationToken);

    /// <summary>Reads everything that decides whether a token is valid, as it is at one moment.</summary>
    /// <param name="tokenId">The id of the token.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The facts.</returns>
    ValueTask<TokenFacts> GetTokenFactsAsync(string tokenId, CancellationToken cancellationToken);

    /// <summary>Returns the secret that tokens of this store are signed with; makes it when it is asked for first.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>32 random bytes, the same for all servers of the store.</returns>
    ValueTask<ReadOnlyMemory<byte>> GetTokenSecretAsync(CancellationToken cancellationToken);
}

public partial interface ICatalogTransaction
{
    /// <summary>Remembers that a token was revoked, until a month after it would have expired; those of before are forgotten.</summary>
    /// <param name="tokenId">The id of the token.</param>
    /// <param name="expiresAt">When it expires, UTC.</param>
    /// <returns>False where it was revoked already.</returns>
    bool RevokeToken(string tokenId, DateTime expiresAt);

    /// <summary>Takes back that a token was revoked.</summary>
    /// <param name="tokenId">The id of the token.</param>
    void RestoreToken(string tokenId);
}
