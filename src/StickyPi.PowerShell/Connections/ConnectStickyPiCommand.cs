using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Errors;
using StickyPi.PowerShell.Loading;

namespace StickyPi.PowerShell.Connections;

/// <summary>
/// Opens a store and makes it the session's default: a folder, a bucket whose rows lie in a file on this machine, or what a server serves.
/// The first two are made where they are missing.
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "StickyPi", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(StickyConnection))]
public sealed partial class ConnectStickyPiCommand : BucketCmdlet
{
    private const string PathSet = "Path";

    private static readonly TimeSpan MinLifetime = TimeSpan.FromSeconds(1);

    private bool _isWhatIf;
    private bool _isVerbose;
    private string _basePath = "";

    /// <summary>The folder of the store; it is made where it is missing.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [FilePath]
    public string? Path { get; set; }

    /// <summary>The path in the bucket below which the store lies. By default it is the whole bucket.</summary>
    [Parameter(ParameterSetName = BucketSet)]
    [AllowEmptyString]
    [Given(EmptyCounts = true)]
    [Id]
    public string BasePath { get; set; } = "";

    /// <summary>The SQLite file of the rows; it is made where it is missing. By default one of its own for each bucket, in the user's data folder.</summary>
    [Parameter(ParameterSetName = BucketSet)]
    [Given]
    [FilePath]
    public string? CatalogPath { get; set; }

    /// <summary>How long the URLs of pictures and other files are good for: from a second to a week, which is the default.</summary>
    [Parameter(ParameterSetName = BucketSet)]
    [TimeSpanText]
    public TimeSpan UrlLifetime { get; set; } = BucketOptions.DefaultUrlLifetime;

    /// <summary>
    /// For a bucket, the access key id as the user name and the secret access key as the password; for a server, the user, whose password is asked for
    /// only where it is needed.
    /// </summary>
    [Parameter(ParameterSetName = BucketSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = NameSet)]
    [CredentialOrName]
    public override PSCredential? Credential { get; set; }

    /// <summary>Whether to return the connection.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        _isWhatIf = Preference.IsWhatIf(this);
        _isVerbose = Preference.IsVerbose(this);
        if (Path is not null)
        {
            Path = ResolvePath(Path);
        }
        else if (Bucket.Length > 0)
        {
            PrepareBucket();
        }
        else
        {
            PrepareServer();
        }
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<object> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        StickyConnection? connection = Path is null && Bucket.Length == 0
            ? await OpenServerAsync(sink, cancellationToken).ConfigureAwait(false)
            : await OpenOrMakeAsync(sink, cancellationToken).ConfigureAwait(false);
        if (connection is not null)
        {
            StickyConnection.Add(connection);
            if (connection.IsSnapshot)
            {
                // A user who forgets which store is open would look for pictures here, or believe that they are stored.
                await sink.WriteWarningAsync(
                    $"'{Path ?? CatalogPath}' {(Path is null ? "is" : "holds")} a saved catalog: questions can be asked, and nothing can be added"
                        + $"{(Path is null ? "" : "; it has no pictures")}.",
                    cancellationToken).ConfigureAwait(false);
            }

            if (PassThru)
            {
                await sink.WriteAsync(connection, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private protected override bool TryTakeWarning([NotNullWhen(true)] out string? warning) => _warnings.TryDequeue(out warning);

    // An address looks like a path on a drive of its own, which might even be there.
    private string ResolvePath(string path)
    {
        try
        {
            return FilePaths.ResolveFolder(this, path);
        }
        catch (StickyException e) when (e.ErrorId == "FolderNotFound" && System.Uri.TryCreate(path, UriKind.Absolute, out Uri? address))
        {
            // It may hold a password, which is not repeated.
            string shown = path.AsSpan().ContainsAny("@?#") ? "<address>" : path;
            string? action = address.Scheme switch
            {
                "http" or "https" => $"Connect to a server with Connect-StickyPi -Uri {shown}.",
                "s3" => $"Open a bucket with Connect-StickyPi -Bucket {address.Host}{(address.AbsolutePath.Trim('/') is { Length: > 0 } basePath ? $" -BasePath {basePath}" : "")}.",
                _ => null,
            };
            if (action is null)
            {
                throw;
            }

            throw new StickyException("InvalidPath", StickyErrorKind.InvalidData, $"'{shown}' is an address, and not the path of a folder.", shown, action, e.InnerException);
        }
    }

    private void PrepareBucket()
    {
        if (UrlLifetime < MinLifetime || UrlLifetime > BucketOptions.DefaultUrlLifetime)
        {
            throw Refuse(
                $"URLs cannot be good for {UrlLifetime:g}: S3 allows a second to seven days.",
                UrlLifetime,
                "Write a time span, such as '1:00:00' for an hour, or (New-TimeSpan -Days 2).");
        }

        if (Credential is not null && CredentialOrNameAttribute.IsNameOnly(Credential))
        {
            Credential = CredentialPrompt.Read(this, $"The secret access key for the bucket '{Bucket}':", Credential.UserName)
                ?? throw Refuse("The secret access key is missing.", Credential.UserName, "Use -Credential (Get-Credential), or -ProfileName.");
        }

        _basePath = ObjectKey.Parse(BasePath);
        CatalogPath = CatalogPath is null
            ? Connections.CatalogPath.GetDefault(Endpoint, Bucket, _basePath)
            : FilePaths.ResolveFolder(this, CatalogPath);
    }

    private async ValueTask<StickyConnection?> OpenOrMakeAsync(IPipelineSink sink, CancellationToken cancellationToken)
    {
        string catalog = Path is null ? CatalogPath! : Store.GetDatabasePath(Path);
        bool exists = new FileInfo(catalog) is { Exists: true, Length: > 0 };
        string target = Path ?? catalog;
        string action = Path is null ? $"Make a catalog for the bucket '{Bucket}'" : "Make a store";
        if (!exists && !await sink.ShouldProcessAsync(target, action, cancellationToken).ConfigureAwait(false))
        {
            // What follows in a script would go there without a word.
            if (!_isWhatIf && StickyConnection.All.FirstOrDefault() is StickyConnection earlier)
            {
                await sink.WriteWarningAsync($"No store was opened: the default connection is still the one to '{earlier.Location}'.", cancellationToken)
                    .ConfigureAwait(false);
            }

            return null;
        }

        StickyConnection connection = await OpenAsync(catalog, cancellationToken).ConfigureAwait(false);
        string what = Path is null ? $"the store '{connection.Location}', with its catalog in '{catalog}'" : $"{(exists ? "the" : "a")} store in '{Path}'";
        await sink.WriteVerboseAsync($"{(exists || Path is null ? "Opened" : "Made")} {what}.", cancellationToken).ConfigureAwait(false);
        if (_isVerbose && !connection.IsSnapshot)
        {
            await sink.WriteVerboseAsync(DescribeJpegEngine(), cancellationToken).ConfigureAwait(false);
        }

        return connection;
    }

    // Loading the engine takes a while, so only those who want to know wait for it.
    private static string DescribeJpegEngine()
    {
        try
        {
            return $"Thumbnails are made by {ProviderLoader.Providers.Jpeg.Describe()}.";
        }
        catch (StickyException e)
        {
            return $"Pictures cannot be sent, because no thumbnails can be made: {ErrorRecords.Describe(e)}";
        }
    }

    private async ValueTask<StickyConnection> OpenAsync(string catalog, CancellationToken cancellationToken)
    {
        if (Path is not null)
        {
            return new StickyConnection(Store.OpenLocal(Path, ProviderLoader.Providers, create: !_isWhatIf), "Local", catalog);
        }

        using BucketOptions options = ReadOptions(_basePath, UrlLifetime);
        Store store = await Store
            .OpenBucketAsync(options, catalog, ProviderLoader.Providers, create: !_isWhatIf, cancellationToken).ConfigureAwait(false);
        return new StickyConnection(store, "S3", catalog, store.Endpoint);
    }
}
