using System.Collections.Concurrent;
using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Remote;
using StickyPi.Core.Users;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;
using StickyPi.PowerShell.Loading;

namespace StickyPi.PowerShell.Connections;

public sealed partial class ConnectStickyPiCommand
{
    private const string UriSet = "Uri";
    private const string NameSet = "Name";

    private readonly ConcurrentQueue<string> _warnings = new();

    private KeptConnection? _kept;

    /// <summary>The address of a server, such as <c>https://stickypi.example.org</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UriSet)]
    [ValidateNotNull]
    public Uri? Uri { get; set; }

    /// <summary>With <see cref="Uri"/>, the name under which the connection is kept; without it, that of one that was kept.</summary>
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(Mandatory = true, ParameterSetName = NameSet)]
    [Given]
    [ValidateLength(1, 64)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [Id]
    public string? Name { get; set; }

    /// <summary>How long answers of the server are used without asking again; zero to ask each time. Five minutes by default.</summary>
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = NameSet)]
    [TimeSpanText]
    public TimeSpan? CacheLifetime { get; set; }

    /// <summary>Whether no answers are kept, not even for when the server can't be reached.</summary>
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = NameSet)]
    public SwitchParameter NoCache { get; set; }

    private static StickyException RefuseConnection(string message, object? target, string recommendedAction) =>
        new("InvalidConnectionOptions", StickyErrorKind.InvalidData, message, target, recommendedAction);

    private void PrepareServer()
    {
        if (CacheLifetime is TimeSpan lifetime && lifetime != TimeSpan.Zero && lifetime < MinLifetime)
        {
            throw RefuseConnection(
                $"Answers cannot be used for {lifetime:g}: the least is a second, or zero to ask each time.",
                lifetime,
                "Write a time span, such as '0:10:00' for ten minutes, or (New-TimeSpan -Hours 2).");
        }

        if (CacheLifetime is not null && NoCache)
        {
            throw RefuseConnection("-CacheLifetime and -NoCache contradict each other.", CacheLifetime, "Leave one of them out.");
        }

        if (Uri is null)
        {
            _kept = KeptConnections.Find(Name!);
        }
        else if (Name is not null)
        {
            // Or it would show only after the log-in that the name cannot be kept.
            _ = KeptConnections.Read();
        }
    }

    private async ValueTask<StickyConnection> OpenServerAsync(IPipelineSink sink, CancellationToken cancellationToken)
    {
        Uri address = Uri ?? _kept!.Uri;
        bool isNameOnly = Credential is not null && CredentialOrNameAttribute.IsNameOnly(Credential);
        PSCredential? credential = isNameOnly ? null : Credential;
        string? userName = Credential?.UserName ?? _kept?.UserName ?? FindOnlyUser(address);
        if (userName is null)
        {
            credential = await sink.ReadCredentialAsync($"The user at {address}:", null, cancellationToken).ConfigureAwait(false)
                ?? throw new StickyException(
                    "CredentialMissing",
                    StickyErrorKind.AccessDenied,
                    $"It is not known who you are at {address}.",
                    address,
                    "Use -Credential with the name of the user, or (Get-Credential).");
            userName = credential.UserName;
        }

        IRemoteStore store;
        try
        {
            store = await OpenAsync(address, userName, credential, cancellationToken).ConfigureAwait(false);
        }
        catch (StickyException e) when (credential is null && e.ErrorId is "CredentialMissing" or "CredentialRefused")
        {
            PSCredential? answer = await sink.ReadCredentialAsync($"The password of '{userName}' at {address}:", userName, cancellationToken).ConfigureAwait(false);
            if (answer is null)
            {
                throw;
            }

            userName = answer.UserName;
            store = await OpenAsync(address, userName, answer, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await KeepAsync(store, userName, sink, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        StickyConnection connection = new(store, Name, _warnings);
        await sink.WriteVerboseAsync($"Opened the store at '{connection.Location}' as '{connection.User}'.", cancellationToken).ConfigureAwait(false);
        return connection;
    }

    private static string? FindOnlyUser(Uri address)
    {
        try
        {
            string[] users =
            [
                .. KeptConnections.Read().Where(kept => kept.Uri == address).Select(kept => kept.UserName)
                    .Distinct(StringComparer.OrdinalIgnoreCase),
            ];
            return users.Length == 1 ? users[0] : null;
        }
        catch (StickyException)
        {
            // Without the name of a connection, the file is not needed. The user is asked for the user name.
            return null;
        }
    }

    private async ValueTask<IRemoteStore> OpenAsync(Uri address, string userName, PSCredential? credential, CancellationToken cancellationToken)
    {
        using Secret? password = credential is null ? null : Secret.From(credential.Password);
        bool noCache = NoCache || (CacheLifetime is null && _kept?.NoCache == true);
        RemoteOptions options = new()
        {
            Uri = address,
            UserName = userName,
            Password = password,

            // With -WhatIf, nothing is written; but a token that is there is used, so that a script can be tried.
            TokenFolder = _isWhatIf && password is not null ? null : UserFolders.Tokens,
            CacheFolder = noCache || _isWhatIf ? null : UserFolders.Cache,
            CacheLifetime = CacheLifetime ?? _kept?.CacheLifetime ?? RemoteOptions.DefaultCacheLifetime,
            Warn = _warnings.Enqueue,
        };
        return await RemoteConnection.OpenAsync(options, ProviderLoader.Providers, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask KeepAsync(IRemoteStore store, string userName, IPipelineSink sink, CancellationToken cancellationToken)
    {
        if (Uri is not null && Name is not null
            && await sink.ShouldProcessAsync(Name, $"Keep the connection to '{store.Uri}' as '{userName}'", cancellationToken).ConfigureAwait(false))
        {
            KeptConnections.Keep(new KeptConnection(Name, store.Uri, userName, CacheLifetime, NoCache));
        }
    }
}
