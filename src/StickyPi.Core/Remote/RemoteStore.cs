using System.Text.Json;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.Core.Remote;

/// <summary>A store that a server serves below <c>/v1</c>.</summary>
internal sealed partial class RemoteStore : StoreBase, IRemoteStore
{
    private readonly RemoteApi _api;
    private readonly IFileStatisticsCache _statistics;
    private readonly IStickyProviders _providers;

    private RemoteStore(ApiClient client, RemoteApi api, RemoteStorage storage, StickyUser user, IFileStatisticsCache statistics, IStickyProviders providers)
        : base(storage)
    {
        Api = client;
        User = user;
        _api = api;
        _statistics = statistics;
        _providers = providers;
    }

    /// <inheritdoc/>
    public override string Location => Uri.AbsoluteUri;

    /// <inheritdoc/>
    public Uri Uri => Api.Uri;

    /// <inheritdoc/>
    public StickyUser User { get; }

    /// <inheritdoc/>
    public ApiClient Api { get; }

    /// <summary>Makes the store of a server that has answered.</summary>
    /// <param name="client">The connections, which go with the store.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="options">What is remembered on this machine.</param>
    /// <param name="providers">The parts that need packages.</param>
    /// <returns>The store.</returns>
    public static RemoteStore Create(ApiClient client, StickyUser user, RemoteOptions options, IStickyProviders providers)
    {
        ResponseCache? cache = options.CacheFolder is null
            ? null
            : new ResponseCache(Path.Combine(options.CacheFolder, "answers"), client.Uri, user.UserName, options.CacheLifetime, options.Warn);
        client.Changed = cache is null ? null : cache.Drop;
        RemoteApi api = new(client, cache);
        return new RemoteStore(client, api, new RemoteStorage(api), user, OpenStatistics(options, providers), providers);
    }

    /// <summary>Opens what is remembered of files that were sent.</summary>
    /// <param name="options">What is remembered on this machine.</param>
    /// <param name="providers">The parts that need packages.</param>
    /// <returns>What is remembered; nothing ever, where nothing may be kept.</returns>
    public static IFileStatisticsCache OpenStatistics(RemoteOptions options, IStickyProviders providers) => options.CacheFolder is null
        ? new NoFileStatistics()
        : providers.OpenFileStatisticsCache(Path.Combine(options.CacheFolder, "file-statistics.db"));

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<StickyImage?>> GetImagesAsync(
        IReadOnlyList<ImageReference> references, ImageContent what = ImageContent.Metadata, CancellationToken cancellationToken = default) =>
        await FindImagesAsync(references, what, Freshness.NowIfReachable, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<long> CountImageSeriesAsync(ImageSeriesQuery query, CancellationToken cancellationToken = default) =>
        (await _api.GetAsync("v1/images/count", ToParameters(query), ApiJson.Default.ApiCount, Freshness.OfLate, cancellationToken).ConfigureAwait(false)).Count;

    /// <inheritdoc/>
    public IAsyncEnumerable<StickyDevice> GetDevicesAsync(IReadOnlyList<string> patterns, CancellationToken cancellationToken = default) => _api.ListAsync(
        "v1/devices", new QueryParameters().Add("device", patterns), ApiJson.Default.StickyDevice, Freshness.OfLate, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> GetDeviceNamesAsync(CancellationToken cancellationToken = default) => _api.GetAsync(
        "v1/devices/names", QueryParameters.None, ApiJson.Default.IReadOnlyListString, Freshness.OfLate, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Outcome<StickyImage>>> RemoveImagesAsync(
        IReadOnlyList<ImageReference> references, CancellationToken cancellationToken = default)
    {
        List<Outcome<StickyImage>> outcomes = new(references.Count);
        foreach (ImageReference[] batch in references.Chunk(RemoteApi.BatchSize))
        {
            ApiRequest request = RemoteApi.Post(
                "v1/images/delete",
                QueryParameters.None,
                JsonSerializer.SerializeToUtf8Bytes(batch, ApiJson.Requests.IReadOnlyListImageReference));
            await foreach (ApiOutcome<StickyImage> outcome in _api
                .AskLinesAsync(request with { Patience = ApiRequest.LongPatience }, ApiJson.Default.ApiOutcomeStickyImage, cancellationToken).ConfigureAwait(false))
            {
                outcomes.Add(ToOutcome(outcome, At(references, outcomes.Count)));
            }
        }

        return Complete(outcomes, references.Count);
    }

    /// <inheritdoc/>
    public void ClearCache()
    {
        _statistics.Clear();
        _api.ClearCache();
    }

    /// <inheritdoc/>
    public ValueTask<StickyException?> ForgetAsync(IEnumerable<IRemoteStore>? others = null, CancellationToken cancellationToken = default) =>
        Api.Session.ForgetAsync((others ?? []).Select(other => other.Api.Session), cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _statistics.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
        Api.Dispose();
    }

    private protected override ValueTask<IReadOnlyList<StickyImage?>> FindImagesAsync(
        IReadOnlyList<ImageReference> references, CancellationToken cancellationToken) =>
        FindImagesAsync(references, ImageContent.Metadata, Freshness.Now, cancellationToken);

    private async ValueTask<IReadOnlyList<StickyImage?>> FindImagesAsync(
        IReadOnlyList<ImageReference> references, ImageContent what, Freshness freshness, CancellationToken cancellationToken)
    {
        List<StickyImage?> images = new(references.Count);
        await foreach (ApiOutcome<StickyImage> outcome in _api.FindAsync(
            "v1/images/find",
            new QueryParameters().Add("what", what.ToString()),
            references,
            ApiJson.Requests.IReadOnlyListImageReference,
            ApiJson.Default.ApiOutcomeStickyImage,
            freshness,
            cancellationToken).ConfigureAwait(false))
        {
            images.Add(outcome.Value);
        }

        return Complete(images, references.Count);
    }

    private static Outcome<T> ToOutcome<T>(ApiOutcome<T> outcome, object? target)
        where T : class => outcome switch
        {
            { Error: ApiError error } => new(error.ToException(target)),
            { Value: T value } => new(value),
            _ => new(new StickyException("NotFoundOnServer", StickyErrorKind.NotFound, $"The server has no {target}.", target)),
        };

    private static T? At<T>(IReadOnlyList<T> items, int index) => index < items.Count ? items[index] : default;

    // Whoever joins two lists by their order must not do so when one is short.
    private IReadOnlyList<T> Complete<T>(IReadOnlyList<T> answers, int count) => answers.Count == count
        ? answers
        : throw RemoteErrors.NotAServer(Uri, FormattableString.Invariant($"it gave {answers.Count} answers to {count} questions"));

    /// <summary>Remembers nothing, where nothing may be kept.</summary>
    private sealed class NoFileStatistics : IFileStatisticsCache
    {
        public IReadOnlyList<FileStatistics?> Find(IReadOnlyList<FileStamp> files) => new FileStatistics?[files.Count];

        public void Remember(IReadOnlyList<(FileStamp File, FileStatistics Statistics)> files)
        {
        }

        public void Clear()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
