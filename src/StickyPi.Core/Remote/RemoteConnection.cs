namespace StickyPi.Core.Remote;

/// <summary>Opens stores that a server serves.</summary>
public static class RemoteConnection
{
    /// <summary>Logs in, with a token that was kept or with the password, and finds out which API the server speaks.</summary>
    /// <param name="options">Which server, and who asks.</param>
    /// <param name="providers">The parts that need packages.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The store.</returns>
    /// <exception cref="StickyException">
    /// <c>InvalidUri</c>; <c>ServerUnreachable</c>: wrong host, port or no network; <c>ServerNotTrusted</c>: TLS; <c>NotAStickyPiServer</c>;
    /// <c>ClockWrong</c>; <c>CredentialMissing</c>, <c>CredentialRefused</c>; <c>TooManyAttempts</c>.
    /// </exception>
    public static ValueTask<IRemoteStore> OpenAsync(RemoteOptions options, IStickyProviders providers, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
