using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <inheritdoc/>
    public IAsyncEnumerable<Outcome<SendTuboidResult>> SendTuboidsAsync(
        IAsyncEnumerable<string> folders, SendTuboidOptions options, CancellationToken cancellationToken = default) =>
        ParallelWork.RunAsync<Outcome<SendTuboidResult>>(
            (outcomes, token) => new TuboidSending(this, options, outcomes).RunAsync(folders, token), cancellationToken);

    /// <summary>
    /// One run of sending. The folders' names come first, all of them, because a new series takes as many tuboids as are sent; then, as
    /// with pictures, folders are read, checked and staged, several at a time, and what is staged is published and committed in batches.
    /// </summary>
    private sealed class TuboidSending(Store store, SendTuboidOptions options, ChannelWriter<Outcome<SendTuboidResult>> outcomes)
    {
        private const int CommitBatchSize = 16;

        private readonly Channel<Candidate> _unread = Channel.CreateBounded<Candidate>(CommitBatchSize);
        private readonly Channel<StagedTuboid> _staged = Channel.CreateBounded<StagedTuboid>(CommitBatchSize);

        public async Task RunAsync(IAsyncEnumerable<string> folders, CancellationToken cancellationToken)
        {
            CheckOptions();
            List<Candidate> candidates = await PlanAsync(folders, cancellationToken).ConfigureAwait(false);
            try
            {
                await ParallelWork.WhenAllAsync(
                    cancellationToken,
                    async stop =>
                    {
                        foreach (Candidate candidate in candidates)
                        {
                            await _unread.Writer.WriteAsync(candidate, stop).ConfigureAwait(false);
                        }

                        _unread.Writer.Complete();
                    },
                    async stop =>
                    {
                        await ParallelWork.ForEachAsync(_unread.Reader, options.Parallelism, stop, candidate => PrepareAsync(candidate, stop))
                            .ConfigureAwait(false);
                        _staged.Writer.Complete();
                    },
                    CommitAsync).ConfigureAwait(false);
            }
            finally
            {
                List<StagedTuboid> left = [];
                while (_staged.Reader.TryRead(out StagedTuboid? tuboid))
                {
                    left.Add(tuboid);
                }

                await left.DisposeAllAsync().ConfigureAwait(false);
            }
        }

        private void CheckOptions()
        {
            string? reason = options switch
            {
                _ when string.IsNullOrWhiteSpace(options.AlgoName) => "its algorithm has no name",
                { AlgoName.Length: > TuboidSeriesReference.MaximumAlgoNameLength } =>
                    $"the name of its algorithm has more than {TuboidSeriesReference.MaximumAlgoNameLength} characters",
                { AlgoVersion: string version } when string.IsNullOrWhiteSpace(version) => "the version of its algorithm is empty",
                { AlgoVersion.Length: > TuboidSeriesReference.MaximumAlgoVersionLength } =>
                    $"the version of its algorithm has more than {TuboidSeriesReference.MaximumAlgoVersionLength} characters",
                { Device: string device } when !ImageReference.IsDevice(device) => $"its device '{device}' is not 8 hexadecimal digits",
                { StartTime: DateTime start, EndTime: DateTime end } when end < start =>
                    $"its end {StickyTime.ToFileText(end)} is before its start {StickyTime.ToFileText(start)}",
                { ImageCount: < 0 } or { TuboidCount: < 0 } => "a count is negative",
                _ => null,
            };
            if (reason is not null)
            {
                throw new StickyException(
                    "InvalidTuboidSeries", StickyErrorKind.InvalidData, $"The tuboids cannot be of this series: {reason}.", options.AlgoName,
                    "Correct what was said of the series.");
            }
        }

        private async ValueTask<List<Candidate>> PlanAsync(IAsyncEnumerable<string> folders, CancellationToken cancellationToken)
        {
            List<Candidate> candidates = [];
            Dictionary<TuboidSeriesReference, HashSet<string>> tuboids = [];
            await foreach (string path in folders.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    TuboidId id = TuboidFolder.ParseName(path);
                    TuboidSeriesReference series = new(
                        options.Device?.ToLowerInvariant() ?? id.Device,
                        WholeMicroseconds(options.StartTime ?? id.StartTime),
                        WholeMicroseconds(options.EndTime ?? id.EndTime),
                        options.AlgoName,
                        options.AlgoVersion ?? id.AlgoVersion);
                    candidates.Add(new Candidate(path, id, series));
                    _ = (tuboids.TryGetValue(series, out HashSet<string>? ids) ? ids : tuboids[series] = []).Add(id.Text);
                }
                catch (StickyException e)
                {
                    await ReportAsync(e, cancellationToken).ConfigureAwait(false);
                }
            }

            TuboidSeriesReference[] references = [.. tuboids.Keys];
            IReadOnlyList<StickyTuboidSeries?> stored = await store._catalog.FindTuboidSeriesAsync(references, cancellationToken).ConfigureAwait(false);
            Dictionary<TuboidSeriesReference, SeriesPlan> plans = [];
            for (int i = 0; i < references.Length; i++)
            {
                TuboidSeriesReference series = references[i];
                int tuboidCount = options.TuboidCount ?? tuboids[series].Count;
                plans[series] = new SeriesPlan(
                    stored[i] is StickyTuboidSeries existing ? CheckCounts(existing) : null,
                    options.ImageCount ?? await CountImagesAsync(series, cancellationToken).ConfigureAwait(false),
                    tuboidCount);
            }

            candidates.ForEach(candidate => candidate.Plan = plans[candidate.Series]);
            return candidates;
        }

        // A time of now, say, is finer than what the catalog holds, and would differ from itself when it is read back.
        private static DateTime WholeMicroseconds(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

        private async ValueTask<int> CountImagesAsync(TuboidSeriesReference series, CancellationToken cancellationToken)
        {
            // The last moment of a series belongs to it, and that of a range of pictures does not; the catalog holds microseconds.
            DateTime end = series.EndTime < DateTime.MaxValue.AddMicroseconds(-1) ? series.EndTime.AddMicroseconds(1) : DateTime.MaxValue;
            return (int)await store._catalog.CountImagesAsync(new DeviceRange(series.Device, series.StartTime, end), cancellationToken)
                .ConfigureAwait(false);
        }

        private async ValueTask PrepareAsync(Candidate candidate, CancellationToken cancellationToken)
        {
            try
            {
                if (candidate.Plan.Conflict is SeriesConflict conflict)
                {
                    throw conflict.ToError(candidate);
                }

                TuboidFolder folder = await TuboidFolder.ReadAsync(candidate.Path, cancellationToken).ConfigureAwait(false);
                CheckInside(candidate, folder.Metadata);
                StagedTuboid staged = new(candidate, folder);
                StickyTuboid? stored = (await store._catalog.FindTuboidsAsync([candidate.Id.Text], cancellationToken).ConfigureAwait(false))[0];
                if (stored is not null && await IsWholeAsync(staged, stored, cancellationToken).ConfigureAwait(false))
                {
                    await outcomes.WriteAsync(new(Result(candidate, stored, SendTuboidStatus.Skipped)), cancellationToken).ConfigureAwait(false);
                    return;
                }

                if (options.Confirm is not null && !await options.Confirm(candidate.Path, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                if (!options.Simulate)
                {
                    await StageAsync(staged, folder, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (StickyException e) when (e.Kind is not (StickyErrorKind.StorageFull or StickyErrorKind.StoreUnavailable))
            {
                await ReportAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }

        private async ValueTask StageAsync(StagedTuboid staged, TuboidFolder folder, CancellationToken cancellationToken)
        {
            try
            {
                foreach (TuboidFile file in TuboidFiles.All)
                {
                    staged.Files.Add(
                        await store.Storage.StageAsync(folder.Id.Key(file), folder.Content(file), cancellationToken).ConfigureAwait(false));
                }

                await _staged.Writer.WriteAsync(staged, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                await staged.DisposeAsync().ConfigureAwait(false);
                if (e is IOException or UnauthorizedAccessException)
                {
                    throw DiskErrors.NotWritten(store.Storage.GetPlace(folder.Id.Folder), store.Location, e);
                }

                throw;
            }
        }

        private async Task CommitAsync(CancellationToken cancellationToken)
        {
            while (await _staged.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                List<StagedTuboid> batch = [];
                while (batch.Count < CommitBatchSize && _staged.Reader.TryRead(out StagedTuboid? tuboid))
                {
                    batch.Add(tuboid);
                }

                try
                {
                    await CommitAsync(batch, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    await batch.DisposeAllAsync().ConfigureAwait(false);
                }
            }
        }

        private async ValueTask CommitAsync(List<StagedTuboid> batch, CancellationToken cancellationToken)
        {
            List<Outcome<SendTuboidResult>> results = [];
            List<string> published = [];
            try
            {
                await using ICatalogTransaction rows = await store._catalog.BeginWriteAsync(store._user, cancellationToken).ConfigureAwait(false);
                Dictionary<TuboidSeriesReference, StickyTuboidSeries> series = [];
                foreach (StagedTuboid staged in batch)
                {
                    try
                    {
                        results.Add(new(await PublishAsync(staged, rows, series, published, cancellationToken).ConfigureAwait(false)));
                    }
                    catch (StickyException e) when (e.Kind is not (StickyErrorKind.StorageFull or StickyErrorKind.StoreUnavailable))
                    {
                        results.Add(new(e));
                    }
                }

                rows.Commit(cancellationToken);
            }
            catch (Exception)
            {
                // What was published has no row now. It does no harm, and the next run writes over it; but a full disk wants its space back.
                await TryDeleteUnlistedFilesAsync(published).ConfigureAwait(false);
                throw;
            }

            foreach (Outcome<SendTuboidResult> result in results)
            {
                // What is in the store is reported if anybody still listens, even when another stage has failed meanwhile.
                if (!outcomes.TryWrite(result))
                {
                    await outcomes.WriteAsync(result, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        // The right to write is held, and the row looked at, before files appear under their names: another process that sends another
        // tuboid of the same id can't get its files under this one's row. The row of a new series comes after the files of its first
        // tuboid: where those can't be written, no empty series stays.
        private async ValueTask<SendTuboidResult> PublishAsync(
            StagedTuboid staged,
            ICatalogTransaction rows,
            Dictionary<TuboidSeriesReference, StickyTuboidSeries> known,
            List<string> published,
            CancellationToken cancellationToken)
        {
            Candidate candidate = staged.Candidate;
            if (rows.FindTuboid(candidate.Id.Text) is StickyTuboid stored)
            {
                if (await IsWholeAsync(staged, stored, cancellationToken).ConfigureAwait(false))
                {
                    return Result(candidate, stored, SendTuboidStatus.Skipped);
                }

                await PublishAsync(staged, cancellationToken).ConfigureAwait(false);
                return Result(candidate, stored, SendTuboidStatus.Restored);
            }

            StickyTuboidSeries? series = known.GetValueOrDefault(candidate.Series) ?? rows.FindTuboidSeries(candidate.Series);
            if (series is not null && CheckCounts(series) is SeriesConflict conflict)
            {
                throw conflict.ToError(candidate);
            }

            int capacity = series?.TuboidCount ?? candidate.Plan.TuboidCount;
            if ((series?.StoredTuboidCount ?? 0) >= capacity)
            {
                throw SeriesFull(candidate, capacity);
            }

            published.Add(candidate.Id.Text);
            await PublishAsync(staged, cancellationToken).ConfigureAwait(false);
            series ??= rows.AddTuboidSeries(candidate.Series, candidate.Plan.ImageCount, candidate.Plan.TuboidCount);
            StickyTuboid tuboid = rows.AddTuboid(series, candidate.Id, staged.Metadata);
            known[candidate.Series] = series with { StoredTuboidCount = series.StoredTuboidCount + 1 };
            return Result(candidate, tuboid, SendTuboidStatus.Added);
        }

        private async ValueTask PublishAsync(StagedTuboid staged, CancellationToken cancellationToken)
        {
            try
            {
                await staged.Files.PublishAllAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw DiskErrors.NotWritten(store.Storage.GetPlace(staged.Candidate.Id.Folder), store.Location, e);
            }
        }

        // False where files are missing that sending puts back. Whatever else differs from what is stored is refused.
        private async ValueTask<bool> IsWholeAsync(StagedTuboid sent, StickyTuboid stored, CancellationToken cancellationToken)
        {
            if (stored.Series != sent.Candidate.Series)
            {
                throw Exists($"it is of the series {stored.Series}, and not of {sent.Candidate.Series}");
            }

            if ((stored.StartTime, stored.EndTime, stored.ShotCount) != (sent.Metadata.StartTime, sent.Metadata.EndTime, sent.Metadata.Shots.Count))
            {
                throw Exists("it has other shots");
            }

            bool whole = true;
            foreach (TuboidFile file in TuboidFiles.All)
            {
                string? md5 = await HashStoredAsync(sent.Candidate.Id.Key(file), cancellationToken).ConfigureAwait(false);
                if (md5 is not null && md5 != sent.Hashes[file])
                {
                    throw Exists($"its {file.FileName()} differs");
                }

                whole &= md5 is not null;
            }

            return whole;

            StickyException Exists(string difference) => new(
                "TuboidExists",
                StickyErrorKind.Conflict,
                $"The store has another tuboid '{stored.TuboidId}' than '{sent.Candidate.Path}': {difference}.",
                sent.Candidate.Path,
                "Compare the two. To replace the stored one, remove its series with Remove-StickyTuboidSeries and send the series again.");
        }

        private async ValueTask<string?> HashStoredAsync(string key, CancellationToken cancellationToken)
        {
            try
            {
                using Stream? stream = await store.Storage.OpenReadAsync(key, cancellationToken).ConfigureAwait(false);
                return stream is null ? null : Convert.ToHexStringLower(await MD5.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new StickyException(
                    "StoredFileUnreadable",
                    StickyErrorKind.ReadFailed,
                    $"The stored file '{store.Storage.GetPlace(key)}' cannot be read to compare it: {e.Message}",
                    store.Storage.GetPlace(key),
                    "Check that you may read the file.",
                    e);
            }
        }

        private static void CheckInside(Candidate candidate, TuboidMetadata metadata)
        {
            TuboidSeriesReference series = candidate.Series;
            string? reason = candidate.Id.Device != series.Device ? $"it is of device {candidate.Id.Device}, and its series of {series.Device}"
                : metadata.StartTime < series.StartTime
                    ? $"its first shot, of {StickyTime.ToFileText(metadata.StartTime)}, is before the start of its series, {StickyTime.ToFileText(series.StartTime)}"
                : metadata.EndTime > series.EndTime
                    ? $"its last shot, of {StickyTime.ToFileText(metadata.EndTime)}, is after the end of its series, {StickyTime.ToFileText(series.EndTime)}"
                : null;
            if (reason is not null)
            {
                throw new StickyException(
                    "TuboidOutsideSeries",
                    StickyErrorKind.InvalidData,
                    $"The tuboid '{candidate.Path}' does not lie within its series: {reason}.",
                    candidate.Path,
                    "Device, start and end of the series are those in the name of the folder, unless -Device, -StartTime and -EndTime say otherwise.");
            }
        }

        private SeriesConflict? CheckCounts(StickyTuboidSeries series) =>
            options.TuboidCount is int tuboids && tuboids != series.TuboidCount ? new SeriesConflict("tuboids", series.TuboidCount, tuboids)
            : options.ImageCount is int images && images != series.ImageCount ? new SeriesConflict("pictures", series.ImageCount, images)
            : null;

        private static StickyException SeriesFull(Candidate candidate, int capacity) => new(
            "SeriesFull",
            StickyErrorKind.Conflict,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The series {candidate.Series} has all of its {capacity} tuboids already; '{candidate.Path}' cannot be added."),
            candidate.Path,
            "Send the tuboids of another run under another -AlgoVersion, or remove the series and send all of its tuboids again.");

        private async ValueTask TryDeleteUnlistedFilesAsync(List<string> published)
        {
            try
            {
                _ = await store.DeleteUnlistedFilesAsync(published, CancellationToken.None).ConfigureAwait(false);
            }
            catch (StickyException)
            {
                // The error that led here is the one that the user must see.
            }
        }

        private ValueTask ReportAsync(StickyException error, CancellationToken cancellationToken) =>
            outcomes.WriteAsync(new(error), cancellationToken);

        private static SendTuboidResult Result(Candidate candidate, StickyTuboid tuboid, SendTuboidStatus status) => new()
        {
            Path = candidate.Path,
            TuboidId = tuboid.TuboidId,
            Status = status,
            Tuboid = tuboid,
        };

        private sealed class Candidate(string path, TuboidId id, TuboidSeriesReference series)
        {
            public string Path { get; } = path;

            public TuboidId Id { get; } = id;

            public TuboidSeriesReference Series { get; } = series;

            public SeriesPlan Plan { get; set; } = null!;
        }

        // What a series gets if it is new, or why nothing can be added to the one that there is.
        private sealed record SeriesPlan(SeriesConflict? Conflict, int ImageCount, int TuboidCount);

        private sealed record SeriesConflict(string What, int Stored, int Given)
        {
            public StickyException ToError(Candidate candidate) => new(
                "SeriesConflict",
                StickyErrorKind.Conflict,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The store has the series {candidate.Series} with {Stored} {What}, and not with {Given}; '{candidate.Path}' was not added."),
                candidate.Path,
                "Leave the counts out to use the series as it is, or remove it with Remove-StickyTuboidSeries and send it again.");
        }

        // The bytes are on the disk by then; what is needed to compare them with what another process may have stored is kept.
        private sealed class StagedTuboid(Candidate candidate, TuboidFolder folder) : IAsyncDisposable
        {
            public Candidate Candidate { get; } = candidate;

            public TuboidMetadata Metadata { get; } = folder.Metadata;

            public IReadOnlyDictionary<TuboidFile, string> Hashes { get; } = folder.Hash();

            public List<IStagedObject> Files { get; } = new(3);

            public ValueTask DisposeAsync() => new(Files.DisposeAllAsync());
        }
    }
}
