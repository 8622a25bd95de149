using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Stores;

public abstract partial class StoreBase
{
    /// <inheritdoc cref="IStickyStore.FindTuboidSeriesAsync"/>
    public abstract ValueTask<IReadOnlyList<StickyTuboidSeries?>> FindTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken = default);

    /// <summary>Counts the pictures of one device as they are now.</summary>
    /// <param name="range">The device and the range of time.</param>
    /// <param name="cancellationToken">Stops the counting.</param>
    /// <returns>Their number.</returns>
    private protected abstract ValueTask<long> CountImagesAsync(DeviceRange range, CancellationToken cancellationToken);

    /// <summary>
    /// What every run of sending does alike. The folders' names come first, all of them, because a new series takes as many tuboids as are
    /// sent; then folders are read, checked and compared with what the store has, several at a time; what is new is handed on.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="options">How to send.</param>
    /// <param name="outcomes">Where the outcomes go.</param>
    private protected abstract class TuboidSending(StoreBase store, SendTuboidOptions options, ChannelWriter<Outcome<SendTuboidResult>> outcomes)
    {
        private const int ReadAhead = 16;

        private readonly Channel<Candidate> _unread = Channel.CreateBounded<Candidate>(ReadAhead);

        /// <summary>Where the outcomes go.</summary>
        protected ChannelWriter<Outcome<SendTuboidResult>> Outcomes { get; } = outcomes;

        /// <summary>How to send.</summary>
        protected SendTuboidOptions Options { get; } = options;

        /// <summary>Reads and compares folders, several at a time.</summary>
        /// <param name="candidates">The folders.</param>
        /// <param name="cancellationToken">Stops the work.</param>
        /// <returns>A task that ends when every folder has been reported or handed on.</returns>
        protected Task PrepareAllAsync(List<Candidate> candidates, CancellationToken cancellationToken) => ParallelWork.WhenAllAsync(
            cancellationToken,
            async stop =>
            {
                foreach (Candidate candidate in candidates)
                {
                    await _unread.Writer.WriteAsync(candidate, stop).ConfigureAwait(false);
                }

                _unread.Writer.Complete();
            },
            stop => ParallelWork.ForEachAsync(_unread.Reader, Options.Parallelism, stop, candidate => PrepareAsync(candidate, stop)));

        /// <summary>Whether the store tells how many pictures a series was made from.</summary>
        protected virtual bool KnowsImageCounts => true;

        /// <summary>Looks up the tuboid that has the id of a folder.</summary>
        /// <param name="candidate">The folder.</param>
        /// <param name="cancellationToken">Stops the search.</param>
        /// <returns>The tuboid, or null.</returns>
        protected abstract ValueTask<StickyTuboid?> FindTuboidAsync(Candidate candidate, CancellationToken cancellationToken);

        /// <summary>Puts a tuboid into the store that it does not have, or has lost files of.</summary>
        /// <param name="candidate">Where it comes from.</param>
        /// <param name="folder">The tuboid.</param>
        /// <param name="status">What is going to be done.</param>
        /// <param name="cancellationToken">Stops the work.</param>
        /// <returns>A task that ends when it is done, or on its way.</returns>
        protected abstract ValueTask SendAsync(Candidate candidate, TuboidFolder folder, SendTuboidStatus status, CancellationToken cancellationToken);

        private void CheckOptions()
        {
            string? reason = Options switch
            {
                _ when VisibleName.ShowsNothing(Options.AlgoName) => "its algorithm has no name",
                { AlgoName.Length: > TuboidSeriesReference.MaximumAlgoNameLength } =>
                    $"the name of its algorithm has more than {TuboidSeriesReference.MaximumAlgoNameLength} characters",
                _ when VisibleName.WhyNotInRow(Options.AlgoName) is string unseen => $"the name of its algorithm {unseen}",
                { AlgoVersion: string version } when VisibleName.ShowsNothing(version) => "the version of its algorithm is empty",
                { AlgoVersion: string version } when VisibleName.WhyNotInRow(version) is string unseen => $"the version of its algorithm {unseen}",
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
                    "InvalidTuboidSeries", StickyErrorKind.InvalidData, $"The tuboids cannot be of this series: {reason}.", Options.AlgoName,
                    "Correct what was said of the series.");
            }
        }

        /// <summary>Reads the names of all folders, because a new series takes as many tuboids as are sent.</summary>
        /// <param name="folders">Absolute paths.</param>
        /// <param name="cancellationToken">Stops the reading.</param>
        /// <returns>The folders whose names are right.</returns>
        /// <exception cref="StickyException"><c>InvalidTuboidSeries</c>.</exception>
        protected async ValueTask<List<Candidate>> PlanAsync(IAsyncEnumerable<string> folders, CancellationToken cancellationToken)
        {
            CheckOptions();
            List<Candidate> candidates = [];
            Dictionary<TuboidSeriesReference, HashSet<string>> tuboids = [];
            await foreach (string path in folders.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    TuboidId id = TuboidFolder.ParseName(path);
                    TuboidSeriesReference series = new(
                        Options.Device?.ToLowerInvariant() ?? id.Device,
                        WholeMicroseconds(Options.StartTime ?? id.StartTime),
                        WholeMicroseconds(Options.EndTime ?? id.EndTime),
                        Options.AlgoName,
                        Options.AlgoVersion ?? id.AlgoVersion);
                    candidates.Add(new Candidate(path, id, series));
                    _ = (tuboids.TryGetValue(series, out HashSet<string>? ids) ? ids : tuboids[series] = []).Add(id.Text);
                }
                catch (StickyException e)
                {
                    await ReportAsync(e, cancellationToken).ConfigureAwait(false);
                }
            }

            TuboidSeriesReference[] references = [.. tuboids.Keys];
            IReadOnlyList<StickyTuboidSeries?> stored = await store.FindTuboidSeriesAsync(references, cancellationToken).ConfigureAwait(false);
            Dictionary<TuboidSeriesReference, SeriesPlan> plans = [];
            for (int i = 0; i < references.Length; i++)
            {
                TuboidSeriesReference series = references[i];
                int tuboidCount = Options.TuboidCount ?? tuboids[series].Count;
                plans[series] = new SeriesPlan(
                    stored[i] is null,
                    stored[i] is StickyTuboidSeries existing ? CheckCounts(existing) : null,
                    Options.ImageCount ?? await CountImagesAsync(series, cancellationToken).ConfigureAwait(false),
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
            return (int)await store.CountImagesAsync(new DeviceRange(series.Device, series.StartTime, end), cancellationToken).ConfigureAwait(false);
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
                StickyTuboid? stored = await FindTuboidAsync(candidate, cancellationToken).ConfigureAwait(false);
                if (stored is not null && await IsWholeAsync(candidate, folder.Metadata, folder.Hash(), stored, cancellationToken).ConfigureAwait(false))
                {
                    await Outcomes.WriteAsync(new(Result(candidate, stored, SendTuboidStatus.Skipped)), cancellationToken).ConfigureAwait(false);
                    return;
                }

                if (Options.Confirm is not null && !await Options.Confirm(candidate.Path, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                if (!Options.Simulate)
                {
                    SendTuboidStatus status = stored is null ? SendTuboidStatus.Added : SendTuboidStatus.Restored;
                    await SendAsync(candidate, folder, status, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (StickyException e) when (e.Kind is not (StickyErrorKind.StorageFull or StickyErrorKind.StoreUnavailable))
            {
                await ReportAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }

        /// <summary>Compares a tuboid with the one of the same id that the store has.</summary>
        /// <param name="candidate">Where it comes from.</param>
        /// <param name="metadata">Its shots.</param>
        /// <param name="hashes">The MD5 of its files.</param>
        /// <param name="stored">The stored one.</param>
        /// <param name="cancellationToken">Stops the reading.</param>
        /// <returns>False where files are missing that sending puts back.</returns>
        /// <exception cref="StickyException"><c>TuboidExists</c>: whatever else differs.</exception>
        protected async ValueTask<bool> IsWholeAsync(
            Candidate candidate,
            TuboidMetadata metadata,
            IReadOnlyDictionary<TuboidFile, string> hashes,
            StickyTuboid stored,
            CancellationToken cancellationToken)
        {
            if (stored.Series != candidate.Series)
            {
                throw Exists($"it is of the series {stored.Series}, and not of {candidate.Series}");
            }

            if ((stored.StartTime, stored.EndTime, stored.ShotCount) != (metadata.StartTime, metadata.EndTime, metadata.Shots.Count))
            {
                throw Exists("it has other shots");
            }

            bool whole = true;
            foreach (TuboidFile file in TuboidFiles.All)
            {
                string? md5 = await HashStoredAsync(candidate.Id.Key(file), cancellationToken).ConfigureAwait(false);
                if (md5 is not null && md5 != hashes[file])
                {
                    throw Exists($"its {file.FileName()} differs");
                }

                whole &= md5 is not null;
            }

            return whole;

            StickyException Exists(string difference) => new(
                "TuboidExists",
                StickyErrorKind.Conflict,
                $"The store has another tuboid '{stored.TuboidId}' than '{candidate.Path}': {difference}.",
                candidate.Path,
                "Compare the two. To replace the stored one, remove its series with Remove-StickyTuboidSeries and send the series again.");
        }

        /// <summary>Hashes a file that the store has.</summary>
        /// <param name="key">The file.</param>
        /// <param name="cancellationToken">Stops the reading.</param>
        /// <returns>Its MD5, in lower case; null where it is missing.</returns>
        /// <exception cref="StickyException"><c>StoredFileUnreadable</c>.</exception>
        protected virtual async ValueTask<string?> HashStoredAsync(string key, CancellationToken cancellationToken)
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
                    $"The stored file '{store.Storage.GetPlace(key)}' cannot be read to compare it: {OneLine.Quote(e)}.",
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

        /// <summary>Looks whether a series is as the options say.</summary>
        /// <param name="series">The series.</param>
        /// <returns>The difference, or null.</returns>
        protected SeriesConflict? CheckCounts(StickyTuboidSeries series) =>
            Options.TuboidCount is int tuboids && tuboids != series.TuboidCount ? new SeriesConflict("tuboids", series.TuboidCount, tuboids)
            : KnowsImageCounts && Options.ImageCount is int images && images != series.ImageCount ? new SeriesConflict("pictures", series.ImageCount, images)
            : null;

        private ValueTask ReportAsync(StickyException error, CancellationToken cancellationToken) =>
            Outcomes.WriteAsync(new(error), cancellationToken);

        /// <summary>Tells what was done.</summary>
        /// <param name="candidate">The folder.</param>
        /// <param name="tuboid">The tuboid as the store has it.</param>
        /// <param name="status">What was done.</param>
        /// <returns>The result.</returns>
        protected static SendTuboidResult Result(Candidate candidate, StickyTuboid tuboid, SendTuboidStatus status) => new()
        {
            Path = candidate.Path,
            TuboidId = tuboid.TuboidId,
            Status = status,
            Tuboid = tuboid,
        };

        /// <summary>The error for a tuboid of a series that has all that it takes.</summary>
        /// <param name="candidate">The folder.</param>
        /// <param name="capacity">How many the series takes.</param>
        /// <returns>The error <c>SeriesFull</c>.</returns>
        protected static StickyException SeriesFull(Candidate candidate, int capacity) => new(
            "SeriesFull",
            StickyErrorKind.Conflict,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The series {candidate.Series} has all of its {capacity} tuboids already; '{candidate.Path}' cannot be added."),
            candidate.Path,
            "Send the tuboids of another run under another -AlgoVersion, or remove the series and send all of its tuboids again.");

        /// <summary>A folder whose name is right.</summary>
        protected sealed class Candidate(string path, TuboidId id, TuboidSeriesReference series)
        {
            public string Path { get; } = path;

            public TuboidId Id { get; } = id;

            public TuboidSeriesReference Series { get; } = series;

            public SeriesPlan Plan { get; set; } = null!;
        }

        /// <summary>What a series gets if it is new, or why nothing can be added to the one that there is.</summary>
        protected sealed record SeriesPlan(bool IsNew, SeriesConflict? Conflict, int ImageCount, int TuboidCount);

        /// <summary>A count of a series that differs from what the options say.</summary>
        protected sealed record SeriesConflict(string What, int Stored, int Given)
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
    }
}
