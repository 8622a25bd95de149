namespace StickyPi.Providers.Sqlite;

/// <summary>
/// Keeps the reads of this process out of its commits: SQLite lets nobody read while somebody commits. Between processes that takes trying
/// again; within one, readers wait for the end of the commit.
/// </summary>
internal sealed class CommitGate : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private volatile Task _committed = Task.CompletedTask;

    /// <summary>Begins a read, unless a commit is in the way. It ends on the same thread, by <see cref="EndRead"/>.</summary>
    /// <param name="committed">What ends when the commit has; null where the read has begun.</param>
    /// <returns>Whether it has.</returns>
    public bool TryBeginRead(out Task? committed)
    {
        bool hasBegun = _lock.TryEnterReadLock(0);
        committed = hasBegun ? null : _committed;
        return hasBegun;
    }

    /// <summary>Ends a read.</summary>
    public void EndRead() => _lock.ExitReadLock();

    /// <summary>Commits, after the reads that have begun. Nobody else commits meanwhile.</summary>
    /// <param name="commit">Does it.</param>
    public void Commit(Action commit)
    {
        TaskCompletionSource committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _committed = committed.Task;

        // Not step by step, as readers wait: whoever gives up for a moment lets new readers in, and would never get through many that overlap.
        // It is for a single look at the rows at most, since nobody copies the catalog while somebody writes.
        _lock.EnterWriteLock();
        try
        {
            commit();
        }
        finally
        {
            _lock.ExitWriteLock();
            committed.SetResult();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
