using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Properties;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.Core.Remote.Existing;

/// <summary>
/// A store that the existing server serves, by its API. What that cannot do is refused with <c>NotSupportedByServer</c>; nothing is sent again that
/// may have been done already.
/// </summary>
/// <remarks>
/// That server answers whole lists in no order, so that a series is held in memory until it has come: some hundred bytes a picture.
/// </remarks>
internal sealed partial class ExistingStore : StoreBase, IRemoteStore
{
    private readonly ExistingCalls _calls;
    private readonly ApiTransport _transport;
    private readonly IFileStatisticsCache _statistics;
    private readonly IStickyProviders _providers;

    private ExistingStore(
        ApiClient client, ApiTransport transport, ExistingCalls calls, StickyUser user, IFileStatisticsCache statistics, IStickyProviders providers)
        : base(new ExistingStorage(calls))
    {
        Api = client;
        User = user;
        _transport = transport;
        _calls = calls;
        _statistics = statistics;
        _providers = providers;
    }

    /// <inheritdoc/>
    public override string Location => Uri.AbsoluteUri;

    // This server puts no files back.
    private protected override string HowToRestore =>
        "Ask whoever runs the server to copy the file into its store. Do not remove the picture to send it again: its annotations would go with it.";

    private protected override string HowToMend(string key) => HowToRestore;

    /// <inheritdoc/>
    public Uri Uri => Api.Uri;

    /// <inheritdoc/>
    public StickyUser User { get; }

    /// <inheritdoc/>
    public ApiClient Api { get; }

    /// <summary>Logs in, and makes the store.</summary>
    /// <param name="transport">The connections to the server, which go with the store.</param>
    /// <param name="options">Who asks, and what is remembered on this machine.</param>
    /// <param name="providers">The parts that need packages.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The store.</returns>
    /// <exception cref="StickyException">As for <see cref="RemoteConnection.OpenAsync"/>.</exception>
    public static async ValueTask<ExistingStore> OpenAsync(
        ApiTransport transport, RemoteOptions options, IStickyProviders providers, CancellationToken cancellationToken = default)
    {
        ApiClient client = new(transport, new ApiSession(transport, new ExistingTokenScheme(), options));
        try
        {
            ExistingCalls calls = new(client);
            StickyUser user = await FindUserAsync(calls, options.UserName, cancellationToken).ConfigureAwait(false);
            return new ExistingStore(client, transport, calls, user, RemoteStore.OpenStatistics(options, providers), providers);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Somebody of whom the server does not say more than the name.</summary>
    /// <param name="userName">The name.</param>
    /// <returns>The user.</returns>
    public static StickyUser Unknown(string userName) => new() { Id = 0, UserName = userName, CreatedAt = DateTime.UnixEpoch };

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<StickyImage?>> GetImagesAsync(
        IReadOnlyList<ImageReference> references, ImageContent what = ImageContent.Metadata, CancellationToken cancellationToken = default)
    {
        Dictionary<ImageReference, StickyImage> found = [];
        foreach (ImageReference[] batch in references.Distinct().Chunk(ExistingCalls.BatchSize))
        {
            IReadOnlyList<ExistingImageReference> body = [.. batch.Select(reference => new ExistingImageReference(reference.Device, reference.DateTime))];
            await foreach (ExistingImage row in _calls.AskAsync(
                $"get_images/{Word(what)}",
                body,
                ExistingJson.Default.IReadOnlyListExistingImageReference,
                ExistingJson.Default.ExistingImage,
                cancellationToken).ConfigureAwait(false))
            {
                StickyImage image = row.ToImage(what);
                found[image.Reference] = image;
            }
        }

        return [.. references.Select(reference => found.GetValueOrDefault(reference))];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StickyImage> GetImageSeriesAsync(
        ImageSeriesQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IEnumerable<StickyImage> images = await ListAsync(query, cancellationToken).ConfigureAwait(false);
        images = images.Skip((int)Math.Min(query.Skip, int.MaxValue)).Take((int)Math.Min(query.First ?? int.MaxValue, int.MaxValue));
        foreach (StickyImage image in images)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return image;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountImageSeriesAsync(ImageSeriesQuery query, CancellationToken cancellationToken = default) =>
        (await ListAsync(query with { What = ImageContent.Metadata }, cancellationToken).ConfigureAwait(false)).Count;

    /// <inheritdoc/>
    public async IAsyncEnumerable<StickyDevice> GetDevicesAsync(
        IReadOnlyList<string> patterns, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IReadOnlyList<StickyImage> images = await ListAsync(new ImageSeriesQuery { Devices = patterns }, cancellationToken).ConfigureAwait(false);
        foreach (IGrouping<string, StickyImage> device in images.GroupBy(image => image.Device))
        {
            yield return new StickyDevice
            {
                Device = device.Key,
                ImageCount = device.Count(),
                FirstImage = device.First().DateTime,
                LastImage = device.Last().DateTime,
                LastPosition = device.LastOrDefault(image => image.Position is not null)?.Position,
                LastTemperature = device.LastOrDefault(image => image.Temperature is not null)?.Temperature,
            };
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> GetDeviceNamesAsync(CancellationToken cancellationToken = default) =>
        [.. (await ListAsync(new ImageSeriesQuery(), cancellationToken).ConfigureAwait(false)).Select(image => image.Device).Distinct()];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Outcome<StickyImage>>> RemoveImagesAsync(
        IReadOnlyList<ImageReference> references, CancellationToken cancellationToken = default)
    {
        List<Outcome<StickyImage>> outcomes = new(references.Count);
        foreach (ImageReference[] batch in references.Chunk(ExistingCalls.BatchSize))
        {
            IReadOnlyList<ExistingImageReference> body = [.. batch.Distinct().Select(reference => new ExistingImageReference(reference.Device, reference.DateTime))];
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, ExistingJson.Default.IReadOnlyListExistingImageReference);
            List<ExistingImage> rows = await _calls.ChangeAsync(
                "delete_images", () => ExistingCalls.Json(json), ExistingJson.Default.ExistingImage, target: null, cancellationToken).ConfigureAwait(false);
            Dictionary<ImageReference, StickyImage> removed = rows.Select(row => row.ToImage(ImageContent.Metadata)).ToDictionary(image => image.Reference);
            outcomes.AddRange(batch.Select(reference => removed.Remove(reference, out StickyImage? image)
                ? new Outcome<StickyImage>(image)
                : new Outcome<StickyImage>(ImageNotFound(reference))));
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Outcome<StickyPropertySet>>> GetPropertiesAsync(
        IReadOnlyList<PropertyTarget> targets, CancellationToken cancellationToken = default) => throw NotSupported("has no extra properties");

    /// <inheritdoc/>
    public IAsyncEnumerable<StickyPropertySet> ListPropertiesAsync(
        StickyPropertyKind kind, IReadOnlyList<string> patterns, CancellationToken cancellationToken = default) => throw NotSupported("has no extra properties");

    /// <inheritdoc/>
    public ValueTask<Outcome<StickyPropertySet>> ChangePropertiesAsync(
        PropertyTarget target, PropertyChange change, CancellationToken cancellationToken = default) => throw NotSupported("has no extra properties");

    /// <inheritdoc/>
    public ValueTask<StickyCatalogFile> SaveCatalogAsync(string path, CancellationToken cancellationToken = default) =>
        throw NotSupported("gives out no snapshot of its catalog");

    /// <inheritdoc/>
    public void ClearCache() => _statistics.Clear();

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

    /// <summary>The error for what the existing server cannot do.</summary>
    /// <param name="what">What it cannot, as the end of a sentence.</param>
    /// <param name="server">The address of the server.</param>
    /// <param name="target">What was asked of it.</param>
    /// <returns>The error.</returns>
    public static StickyException NotSupported(string what, Uri server, object? target = null) => new(
        "NotSupportedByServer",
        StickyErrorKind.NotAllowed,
        $"{server.GetLeftPart(UriPartial.Authority)} is a server of the existing kind, which {what}.",
        target ?? server,
        "Ask whoever runs it to run the server of this product, or work on a copy of the store.");

    private protected override ValueTask<IReadOnlyList<StickyImage?>> FindImagesAsync(
        IReadOnlyList<ImageReference> references, CancellationToken cancellationToken) =>
        GetImagesAsync(references, ImageContent.Metadata, cancellationToken);

    private protected override async ValueTask<long> CountImagesAsync(DeviceRange range, CancellationToken cancellationToken) =>
        await CountImageSeriesAsync(
            new ImageSeriesQuery { Devices = [range.Device], StartTime = range.StartTime, EndTime = range.EndTime }, cancellationToken).ConfigureAwait(false);

    // Only administrators are told of users, themselves included.
    private static async ValueTask<StickyUser> FindUserAsync(ExistingCalls calls, string userName, CancellationToken cancellationToken)
    {
        try
        {
            List<StickyUser> users = await ReadUsersAsync(calls, cancellationToken).ConfigureAwait(false);
            return users.Find(user => user.UserName == userName) ?? Unknown(userName) with { IsAdmin = true };
        }
        catch (StickyException e) when (e.ErrorId == "AccessDenied")
        {
            return Unknown(userName);
        }
    }

    private static string Word(ImageContent what) => what switch
    {
        ImageContent.Image => "image",
        ImageContent.Thumbnail => "thumbnail",
        ImageContent.ThumbnailMini => "thumbnail-mini",
        _ => "metadata",
    };

    // Patterns that mean the same pictures bring them twice there.
    private async ValueTask<IReadOnlyList<StickyImage>> ListAsync(ImageSeriesQuery query, CancellationToken cancellationToken)
    {
        DateTime start = ExistingTimes.NotBefore(query.StartTime);
        DateTime end = ExistingTimes.End(query.EndTime);
        IReadOnlyList<ExistingSeriesReference> body = [.. ToLike(query.Devices).Select(device => new ExistingSeriesReference(device, start, end))];
        Dictionary<ImageReference, StickyImage> images = [];
        await foreach (ExistingImage row in _calls.AskAsync(
            $"get_image_series/{Word(query.What)}",
            body,
            ExistingJson.Default.IReadOnlyListExistingSeriesReference,
            ExistingJson.Default.ExistingImage,
            cancellationToken).ConfigureAwait(false))
        {
            if (DevicePattern.Matches(row.Device, query.Devices))
            {
                StickyImage image = row.ToImage(query.What);
                images[image.Reference] = image;
            }
        }

        return [.. images.Values.OrderBy(image => image.Device, StringComparer.Ordinal).ThenBy(image => image.DateTime)];
    }

    // What LIKE finds is looked at again: it may find more.
    private static IEnumerable<string> ToLike(IReadOnlyList<string> devices) => devices.Count == 0
        ? ["%"]
        : devices.Select(device => device.Replace('*', '%').Replace('?', '_').Replace("`", "", StringComparison.Ordinal)).Distinct();

    private StickyException NotSupported(string what, object? target = null) => NotSupported(what, Uri, target);

    // What is wrong with one item ends that item alone. Servers that speak this API better tell what it is, by a status of their own.
    private static bool IsRefused(StickyException error) =>
        error.ErrorId == "RefusedByServer" || error.Service?.Status is 400 or 404 or 409;

    // Whether it was done can be looked up.
    private static bool IsLost(StickyException error) => error is { ErrorId: "ServerUnreachable", Service.Status: null };
}
