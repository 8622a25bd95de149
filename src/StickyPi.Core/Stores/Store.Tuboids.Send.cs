using System.Globalization;
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
            (outcomes, token) => new StoreTuboidSending(this, options, outcomes).RunAsync(folders, token), cancellationToken);

    private protected override ValueTask<long> CountImagesAsync(DeviceRange range, CancellationToken cancellationToken) =>
        _catalog.CountImagesAsync(range, cancellationToken);

    /// <summary>One run of sending: as with pictures, folders are staged, several at a time, and what is staged is published and committed in batches.</summary>
    private sealed class StoreTuboidSending(Store store, SendTuboidOptions options, ChannelWriter<Outcome<SendTuboidResult>> outcomes)
        : TuboidSending(store, options, outcomes)
    {
        private const int CommitBatchSize = 16;

        private readonly Channel<StagedTuboid> _staged = Channel.CreateBounded<StagedTuboid>(CommitBatchSize);

        public async Task RunAsync(IAsyncEnumerable<string> folders, CancellationToken cancellationToken)
        {
            if (store.WhyNoRows is StickyException error)
            {
                throw error;
            }

            List<Candidate> candidates = await PlanAsync(folders, cancellationToken).ConfigureAwait(false);
            try
            {
                await ParallelWork.WhenAllAsync(
                    cancellationToken,
                    async stop =>
                    {
                        await PrepareAllAsync(candidates, stop).ConfigureAwait(false);
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

        protected override async ValueTask<StickyTuboid?> FindTuboidAsync(Candidate candidate, CancellationToken cancellationToken) =>
            (await store._catalog.FindTuboidsAsync([candidate.Id.Text], cancellationToken).ConfigureAwait(false))[0];

        protected override async ValueTask SendAsync(
            Candidate candidate, TuboidFolder folder, SendTuboidStatus status, CancellationToken cancellationToken)
        {
            StagedTuboid staged = new(candidate, folder);
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
                if (!Outcomes.TryWrite(result))
                {
                    await Outcomes.WriteAsync(result, cancellationToken).ConfigureAwait(false);
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
                if (await IsWholeAsync(candidate, staged.Metadata, staged.Hashes, stored, cancellationToken).ConfigureAwait(false))
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
