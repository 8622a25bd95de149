using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalogTransaction
{
    public bool RevokeToken(string tokenId, DateTime expiresAt)
    {
        _ = Run(RevokedTokens.DeleteExpired, ("@before", RevokedTokens.ForgetBefore));
        return Run(RevokedTokens.Insert, ("@id", tokenId), ("@expires", expiresAt)) > 0;
    }

    public void RestoreToken(string tokenId) => _ = Run(RevokedTokens.Delete, ("@id", tokenId));

    /// <summary>Makes the secret of the store's tokens, unless another server was quicker.</summary>
    /// <returns>The secret.</returns>
    public byte[] MakeTokenSecret()
    {
        if (Query(TokenSecret.Find, row => row.Utf8(0)) is [byte[] known])
        {
            return known;
        }

        byte[] secret = TokenSecret.Make();
        _ = Run(TokenSecret.Insert, ("@secret", secret));
        return secret;
    }
}
