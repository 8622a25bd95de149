using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Remote;

internal sealed partial class RemoteStore
{
    private const string SeriesPath = "v1/tuboid-series";
    private const string TuboidsPath = "v1/tuboids";

    /// <inheritdoc/>
    public IAsyncEnumerable<Outcome<SendTuboidResult>> SendTuboidsAsync(
        IAsyncEnumerable<string> folders, SendTuboidOptions options, CancellationToken cancellationToken = default) =>
        ParallelWork.RunAsync<Outcome<SendTuboidResult>>(
            (outcomes, token) => new RemoteTuboidSending(this, options, outcomes).RunAsync(folders, token), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StickyTuboid> GetTuboidsAsync(TuboidQuery query, CancellationToken cancellationToken = default) => _api.ListPatientlyAsync(
        TuboidsPath,
        ToParameters(query).Add("what", query.What.ToString()).AddIf("includeLabels", query.IncludeLabels),
        ApiJson.Default.StickyTuboid,
        IdentityOf,
        Freshness.OfLate,
        cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StickyTuboidSeries> GetTuboidSeriesAsync(TuboidQuery query, CancellationToken cancellationToken = default) =>
        _api.ListPatientlyAsync(SeriesPath, ToParameters(query), ApiJson.Default.StickyTuboidSeries, series => series.Id, Freshness.OfLate, cancellationToken);

    // With labels, a tuboid comes once for each.
    private static object IdentityOf(StickyTuboid tuboid) => (tuboid.TuboidId, tuboid.ItcLabel?.Id);

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<StickyTuboidSeries?>> FindTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken = default)
    {
        List<StickyTuboidSeries?> series = new(references.Count);
        await foreach (ApiOutcome<StickyTuboidSeries> outcome in _api.FindAsync(
            $"{SeriesPath}/find",
            QueryParameters.None,
            references,
            ApiJson.Requests.IReadOnlyListTuboidSeriesReference,
            ApiJson.Default.ApiOutcomeStickyTuboidSeries,
            Freshness.Now,
            cancellationToken).ConfigureAwait(false))
        {
            series.Add(outcome.Value);
        }

        return Complete(series, references.Count);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Outcome<StickyTuboidSeries>>> RemoveTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken = default)
    {
        List<Outcome<StickyTuboidSeries>> outcomes = new(references.Count);
        foreach (TuboidSeriesReference[] batch in references.Chunk(RemoteApi.BatchSize))
        {
            ApiRequest request = RemoteApi.Post(
                $"{SeriesPath}/delete",
                QueryParameters.None,
                JsonSerializer.SerializeToUtf8Bytes(batch, ApiJson.Requests.IReadOnlyListTuboidSeriesReference));
            await foreach (ApiOutcome<StickyTuboidSeries> outcome in _api
                .AskLinesAsync(request with { Patience = ApiRequest.LongPatience }, ApiJson.Default.ApiOutcomeStickyTuboidSeries, cancellationToken)
                .ConfigureAwait(false))
            {
                outcomes.Add(ToOutcome(outcome, At(references, outcomes.Count)));
            }
        }

        return Complete(outcomes, references.Count);
    }

    private protected override async ValueTask<long> CountImagesAsync(DeviceRange range, CancellationToken cancellationToken)
    {
        ImageSeriesQuery query = new() { Devices = [range.Device], StartTime = range.StartTime, EndTime = range.EndTime };
        return (await _api.GetAsync("v1/images/count", ToParameters(query), ApiJson.Default.ApiCount, Freshness.Now, cancellationToken)
            .ConfigureAwait(false)).Count;
    }

    private static QueryParameters ToParameters(TuboidQuery query) => new QueryParameters()
        .Add("device", query.Devices)
        .Add("startTime", query.StartTime)
        .Add("endTime", query.EndTime)
        .Add("algoName", query.AlgoNames)
        .Add("algoVersion", query.AlgoVersions);

    /// <summary>One run of sending: each tuboid that the server lacks goes in a request of its own, several at a time.</summary>
    private sealed class RemoteTuboidSending(RemoteStore store, SendTuboidOptions options, ChannelWriter<Outcome<SendTuboidResult>> outcomes)
        : TuboidSending(store, options, outcomes)
    {
        private readonly ConcurrentDictionary<TuboidSeriesReference, Lazy<Task<Dictionary<string, StickyTuboid>>>> _stored = [];

        public async Task RunAsync(IAsyncEnumerable<string> folders, CancellationToken cancellationToken) =>
            await PrepareAllAsync(await PlanAsync(folders, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

        // Series by series, and not one by one. That a tuboid of this id is in another series the server tells.
        protected override async ValueTask<StickyTuboid?> FindTuboidAsync(Candidate candidate, CancellationToken cancellationToken)
        {
            Dictionary<string, StickyTuboid> stored = await _stored.GetOrAdd(
                candidate.Series,
                series => new(() => candidate.Plan.IsNew ? Task.FromResult(new Dictionary<string, StickyTuboid>()) : ListAsync(series, cancellationToken))).Value
                .ConfigureAwait(false);
            return stored.GetValueOrDefault(candidate.Id.Text);
        }

        protected override async ValueTask<string?> HashStoredAsync(string key, CancellationToken cancellationToken) =>
            await store.Storage.FindAsync(key, cancellationToken).ConfigureAwait(false) switch
            {
                null => null,
                { ETag: string etag } when ETag.CountParts(etag) == 0 => etag,
                _ => await base.HashStoredAsync(key, cancellationToken).ConfigureAwait(false),
            };

        // Safe to repeat, as with pictures.
        protected override async ValueTask SendAsync(
            Candidate candidate, TuboidFolder folder, SendTuboidStatus status, CancellationToken cancellationToken)
        {
            TuboidSeriesReference series = candidate.Series;
            SeriesPlan plan = candidate.Plan;
            int attempts = 0;
            ApiRequest request = new(HttpMethod.Put, $"{TuboidsPath}/{RemoteApi.Escape(candidate.Id.Text)}")
            {
                Query = new QueryParameters()
                    .Add("algoName", series.AlgoName)
                    .Add("algoVersion", series.AlgoVersion)
                    .Add("device", series.Device)
                    .Add("startTime", series.StartTime)
                    .Add("endTime", series.EndTime)
                    .Add("imageCount", plan.IsNew ? plan.ImageCount : Options.ImageCount)
                    .Add("tuboidCount", plan.IsNew ? plan.TuboidCount : Options.TuboidCount).Pairs,
                Target = candidate.Path,
                Content = () =>
                {
                    attempts++;
                    return CreateForm(folder);
                },
            };
            ApiSentTuboid sent = await store._api.AskAsync(request, ApiJson.Default.ApiSentTuboid, cancellationToken).ConfigureAwait(false);
            StickyTuboid tuboid = sent.Tuboid ?? throw RemoteErrors.NotAServer(store.Uri, "it does not tell which tuboid it took");
            bool isRepeated = attempts > 1 && sent.Status == SendTuboidStatus.Skipped;
            await Outcomes.WriteAsync(new(Result(candidate, tuboid, isRepeated ? status : sent.Status)), cancellationToken).ConfigureAwait(false);
        }

        private static MultipartFormDataContent CreateForm(TuboidFolder folder)
        {
            MultipartFormDataContent form = [];
            foreach (TuboidFile file in TuboidFiles.All)
            {
                ReadOnlyMemoryContent part = new(folder.Content(file));
                part.Headers.ContentType = new MediaTypeHeaderValue(file == TuboidFile.Metadata ? "text/plain" : "image/jpeg");
                form.Add(part, file.ToString().ToLowerInvariant(), file.FileName());
            }

            return form;
        }

        private async Task<Dictionary<string, StickyTuboid>> ListAsync(TuboidSeriesReference series, CancellationToken cancellationToken)
        {
            TuboidQuery query = new()
            {
                Devices = [series.Device],
                StartTime = series.StartTime,
                EndTime = series.EndTime,
                AlgoNames = [NamePattern.Escape(series.AlgoName)],
                AlgoVersions = [NamePattern.Escape(series.AlgoVersion)],
            };
            Dictionary<string, StickyTuboid> tuboids = new(StringComparer.Ordinal);
            await foreach (StickyTuboid tuboid in store._api
                .ListPatientlyAsync(TuboidsPath, ToParameters(query), ApiJson.Default.StickyTuboid, IdentityOf, Freshness.Now, cancellationToken).ConfigureAwait(false))
            {
                if (tuboid.Series == series)
                {
                    tuboids[tuboid.TuboidId] = tuboid;
                }
            }

            return tuboids;
        }
    }
}
