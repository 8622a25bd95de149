namespace StickyPi.Core.Storage;

/// <summary>Counts what a run has done, and tells of it, one call at a time.</summary>
/// <param name="progress">Whom to tell; null for nobody.</param>
internal sealed class SyncMeter(Action<SyncProgress>? progress)
{
    private readonly Lock _gate = new();
    private SyncProgress _state = new(SyncPhase.Compare, 0, 0, 0, 0, "");

    /// <summary>Counts an item that was found at the source.</summary>
    /// <param name="key">The item.</param>
    public void Found(string key) => Change(state => state with { TotalItems = state.TotalItems + 1, Key = key });

    /// <summary>Begins a phase.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="items">How many items it has.</param>
    /// <param name="bytes">How many bytes it transfers.</param>
    public void Begin(SyncPhase phase, long items, long bytes) => Change(_ => new SyncProgress(phase, 0, items, 0, bytes, ""));

    /// <summary>Tells of an item that is begun.</summary>
    /// <param name="key">The item.</param>
    public void At(string key) => Change(state => state with { Key = key });

    /// <summary>Counts an item that is done.</summary>
    public void Done() => Change(state => state with { Items = state.Items + 1 });

    /// <summary>Counts transferred bytes.</summary>
    /// <param name="bytes">How many more; negative for what has to be transferred again.</param>
    public void Count(long bytes) => Change(state => state with { Bytes = state.Bytes + bytes });

    private void Change(Func<SyncProgress, SyncProgress> change)
    {
        if (progress is not null)
        {
            lock (_gate)
            {
                _state = change(_state);
                progress(_state);
            }
        }
    }
}
