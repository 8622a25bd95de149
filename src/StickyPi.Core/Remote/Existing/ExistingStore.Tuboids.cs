using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using StickyPi.Core.Images;
using StickyPi.Core.Labels;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Remote.Existing;

internal sealed partial class ExistingStore
{
    /// <inheritdoc/>
    public IAsyncEnumerable<Outcome<SendTuboidResult>> SendTuboidsAsync(
        IAsyncEnumerable<string> folders, SendTuboidOptions options, CancellationToken cancellationToken = default) =>
        ParallelWork.RunAsync<Outcome<SendTuboidResult>>(
            (outcomes, token) => new ExistingTuboidSending(this, options, outcomes).RunAsync(folders, token), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StickyTuboid> GetTuboidsAsync(
        TuboidQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IReadOnlyList<StickyTuboid> tuboids = await ListAsync(query, cancellationToken).ConfigureAwait(false);
        if (!query.IncludeLabels)
        {
            foreach (StickyTuboid tuboid in tuboids)
            {
                yield return tuboid;
            }

            yield break;
        }

        foreach (StickyTuboid[] batch in tuboids.Chunk(ExistingCalls.BatchSize))
        {
            ILookup<string, StickyLabel> labels = (await FindLabelsAsync(batch, cancellationToken).ConfigureAwait(false)).ToLookup(label => label.TuboidId);
            foreach (StickyTuboid tuboid in batch)
            {
                foreach (StickyLabel? label in labels[tuboid.TuboidId].DefaultIfEmpty())
                {
                    yield return tuboid with { ItcLabel = label };
                }
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StickyTuboidSeries> GetTuboidSeriesAsync(
        TuboidQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (StickyTuboidSeries series in ToSeries(await ListAsync(query with { What = TuboidContent.Metadata }, cancellationToken).ConfigureAwait(false)))
        {
            yield return series;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<StickyTuboidSeries?>> FindTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken = default)
    {
        Dictionary<TuboidSeriesReference, StickyTuboidSeries> found = [];
        foreach (TuboidSeriesReference reference in references.Distinct())
        {
            foreach (StickyTuboidSeries series in ToSeries(await ListAsync(QueryFor(reference), cancellationToken).ConfigureAwait(false)))
            {
                found[series.Reference] = series;
            }
        }

        return [.. references.Select(reference => found.GetValueOrDefault(reference))];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Outcome<StickyTuboidSeries>>> RemoveTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken = default)
    {
        List<Outcome<StickyTuboidSeries>> outcomes = new(references.Count);
        foreach (TuboidSeriesReference reference in references)
        {
            try
            {
                outcomes.Add(new(await RemoveAsync(reference, cancellationToken).ConfigureAwait(false)));
            }
            catch (StickyException e) when (e.Kind != StickyErrorKind.StoreUnavailable)
            {
                outcomes.Add(new(e));
            }
        }

        return outcomes;
    }

    // The series of tuboids that there are; one without any is not told of.
    private static IEnumerable<StickyTuboidSeries> ToSeries(IReadOnlyList<StickyTuboid> tuboids) => tuboids
        .GroupBy(tuboid => tuboid.Series)
        .Select(series => new StickyTuboidSeries
        {
            Id = series.First().SeriesRowId,
            Device = series.Key.Device,
            StartTime = series.Key.StartTime,
            EndTime = series.Key.EndTime,
            ImageCount = series.First().SeriesImageCount,
            TuboidCount = series.First().SeriesTuboidCount,
            StoredTuboidCount = series.Count(),
            AlgoName = series.Key.AlgoName,
            AlgoVersion = series.Key.AlgoVersion,
        });

    private static TuboidQuery QueryFor(TuboidSeriesReference reference) =>
        new() { Devices = [reference.Device], StartTime = reference.StartTime, EndTime = reference.EndTime };

    private async ValueTask<StickyTuboidSeries> RemoveAsync(TuboidSeriesReference reference, CancellationToken cancellationToken)
    {
        // That server deletes all that lies within the range, whatever algorithm made it.
        StickyTuboidSeries[] within = [.. ToSeries(await ListAsync(QueryFor(reference), cancellationToken).ConfigureAwait(false))];
        StickyTuboidSeries series = within.FirstOrDefault(series => series.Reference == reference) ?? throw new StickyException(
            "TuboidSeriesNotFound",
            StickyErrorKind.NotFound,
            $"The server has no tuboid of the series {reference}.",
            reference,
            "Get-StickyTuboid -Series lists the series.");
        if (within.FirstOrDefault(other => other.Reference != reference) is StickyTuboidSeries other)
        {
            throw NotSupported($"deletes all series within a range at once; with this one, {other} would go too", reference);
        }

        IReadOnlyList<ExistingSeriesReference> body = [Describe(reference, series.ImageCount, series.TuboidCount)];
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, ExistingJson.Default.IReadOnlyListExistingSeriesReference);
        List<ExistingTuboidSeries> removed = await _calls.ChangeAsync(
            "delete_tiled_tuboids", () => ExistingCalls.Json(json), ExistingJson.Default.ExistingTuboidSeries, reference, cancellationToken).ConfigureAwait(false);
        return removed.Select(row => row.ToSeries()).FirstOrDefault(row => row.Reference == reference) is StickyTuboidSeries row
            ? row with { StoredTuboidCount = series.StoredTuboidCount }
            : throw RemoteErrors.NotAServer(Uri, $"it does not tell that it deleted {reference}");
    }

    private static ExistingSeriesReference Describe(TuboidSeriesReference reference, int imageCount, int tuboidCount) =>
        new(reference.Device, ExistingTimes.NotBefore(reference.StartTime), ExistingTimes.NotAfter(reference.EndTime))
        {
            NTuboids = tuboidCount,
            NImages = imageCount,
            AlgoName = reference.AlgoName,
            AlgoVersion = reference.AlgoVersion,
        };

    private async ValueTask<IReadOnlyList<StickyTuboid>> ListAsync(TuboidQuery query, CancellationToken cancellationToken)
    {
        DateTime start = ExistingTimes.NotBefore(query.StartTime);
        DateTime end = ExistingTimes.NotAfter(query.EndTime);
        IReadOnlyList<ExistingSeriesReference> body = [.. ToLike(query.Devices).Select(device => new ExistingSeriesReference(device, start, end))];
        Dictionary<string, StickyTuboid> tuboids = new(StringComparer.Ordinal);
        await foreach (ExistingTuboid row in _calls.AskAsync(
            $"get_tiled_tuboid_series/{(query.What == TuboidContent.Data ? "data" : "metadata")}",
            body,
            ExistingJson.Default.IReadOnlyListExistingSeriesReference,
            ExistingJson.Default.ExistingTuboid,
            cancellationToken).ConfigureAwait(false))
        {
            if (DevicePattern.Matches(row.DeviceSeries, query.Devices)
                && NamePattern.Matches(row.AlgoNameSeries, query.AlgoNames)
                && NamePattern.Matches(row.AlgoVersionSeries, query.AlgoVersions))
            {
                tuboids[row.TuboidId] = row.ToTuboid();
            }
        }

        return
        [
            .. tuboids.Values
                .OrderBy(tuboid => tuboid.Device, StringComparer.Ordinal)
                .ThenBy(tuboid => tuboid.SeriesStartTime)
                .ThenBy(tuboid => tuboid.SeriesRowId)
                .ThenBy(tuboid => tuboid.Id),
        ];
    }

    /// <summary>One run of sending: each tuboid that the server lacks goes in a request of its own.</summary>
    private sealed class ExistingTuboidSending(ExistingStore store, SendTuboidOptions options, ChannelWriter<Outcome<SendTuboidResult>> outcomes)
        : TuboidSending(store, options, outcomes)
    {
        private readonly ConcurrentDictionary<TuboidSeriesReference, Lazy<Task<Dictionary<string, StickyTuboid>>>> _stored = [];

        // The first tuboid of a series makes its row, which two at a time would do twice.
        private readonly SemaphoreSlim _oneByOne = new(1);

        // It does not tell how many pictures a series was made from.
        protected override bool KnowsImageCounts => false;

        public async Task RunAsync(IAsyncEnumerable<string> folders, CancellationToken cancellationToken) =>
            await PrepareAllAsync(await PlanAsync(folders, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

        protected override async ValueTask<StickyTuboid?> FindTuboidAsync(Candidate candidate, CancellationToken cancellationToken) =>
            (await _stored.GetOrAdd(candidate.Series, series => new(() => ListAsync(series, cancellationToken))).Value.ConfigureAwait(false))
                .GetValueOrDefault(candidate.Id.Text);

        protected override async ValueTask SendAsync(
            Candidate candidate, TuboidFolder folder, SendTuboidStatus status, CancellationToken cancellationToken)
        {
            if (status == SendTuboidStatus.Restored)
            {
                throw store.NotSupported("does not restore the files of a tuboid; remove its series, and send that again", candidate.Path);
            }

            await _oneByOne.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await SendOneAsync(candidate, folder, status, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _ = _oneByOne.Release();
            }
        }

        private async ValueTask SendOneAsync(Candidate candidate, TuboidFolder folder, SendTuboidStatus status, CancellationToken cancellationToken)
        {
            ExistingSeriesReference series = Describe(candidate.Series, candidate.Plan.ImageCount, candidate.Plan.TuboidCount);
            StickyTuboid? stored;
            try
            {
                List<IReadOnlyList<ExistingTuboid>> rows = await store._calls.ChangeAsync(
                    "_put_tiled_tuboids",
                    () => CreateForm(folder, series),
                    ExistingJson.Default.IReadOnlyListExistingTuboid,
                    candidate.Path,
                    cancellationToken).ConfigureAwait(false);
                stored = rows.SelectMany(list => list).FirstOrDefault()?.ToTuboid() ?? throw RemoteErrors.NotAServer(store.Uri, "it does not tell which tuboid it took");
            }
            catch (StickyException e) when (IsRefused(e) || IsLost(e))
            {
                // Whether it was done after all can be looked up; and of what it refuses, that the series is full is the likeliest.
                Dictionary<string, StickyTuboid> now = await ListAsync(candidate.Series, cancellationToken).ConfigureAwait(false);
                stored = now.GetValueOrDefault(candidate.Id.Text)
                    ?? throw (now.Count > 0 && now.Count >= now.Values.First().SeriesTuboidCount ? SeriesFull(candidate, now.Values.First().SeriesTuboidCount) : e);
            }

            await Outcomes.WriteAsync(new(Result(candidate, stored, status)), cancellationToken).ConfigureAwait(false);
        }

        private async Task<Dictionary<string, StickyTuboid>> ListAsync(TuboidSeriesReference series, CancellationToken cancellationToken) =>
            (await store.ListAsync(QueryFor(series), cancellationToken).ConfigureAwait(false))
                .Where(tuboid => tuboid.Series == series)
                .ToDictionary(tuboid => tuboid.TuboidId);

        private static MultipartFormDataContent CreateForm(TuboidFolder folder, ExistingSeriesReference series)
        {
            MultipartFormDataContent form = ExistingForm.Create();
            foreach (TuboidFile file in (TuboidFile[])[TuboidFile.Metadata, TuboidFile.Tuboid, TuboidFile.Context])
            {
                form.AddPart(
                    file.ToString().ToLowerInvariant(),
                    file.FileName(),
                    file == TuboidFile.Metadata ? "application/text" : "application/octet-stream",
                    new ReadOnlyMemoryContent(folder.Content(file)));
            }

            form.AddPart("tuboid_id", "tuboid_id", "application/json", Json(folder.Id.Text, ExistingJson.Default.String));
            form.AddPart("series_info", "series_info", "application/json", Json(series, ExistingJson.Default.ExistingSeriesReference));
            return form;

            static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type));
        }
    }
}
