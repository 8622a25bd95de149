namespace StickyPi.Core.Storage;

/// <summary>One key on the two sides of a transfer, while they are compared.</summary>
/// <param name="key">The key, relative to what is transferred.</param>
/// <param name="sides">What is transferred where.</param>
internal sealed class SyncEntry(string key, SyncSides sides)
{
    private ContentComparison _comparison;
    private string? _path;

    /// <summary>Makes the entry of a file that is not written yet.</summary>
    /// <param name="derived">The file.</param>
    /// <param name="sides">What is transferred where.</param>
    public SyncEntry(DerivedFile derived, SyncSides sides)
        : this(derived.Key, sides)
    {
        Derived = derived;
        File = new LocalFile(derived.Key, derived.Path, derived.Size, DateTime.UtcNow);
    }

    public string Key { get; } = key;

    /// <summary>
    /// The whole key in the store: that of the object, which another program may have written otherwise than this one would.
    /// </summary>
    public string WholeKey => Object?.Key ?? sides.KeyOf(Key);

    /// <summary>The file on this machine, or null where there is none.</summary>
    public LocalFile? File { get; set; }

    /// <summary>Where the file is, or would be, on this machine. An absolute path.</summary>
    public string Path
    {
        get => File?.Path ?? _path ?? sides.PathOf(Key);
        set => _path = value;
    }

    /// <summary>How the file is made when it is transferred; null for one that is there.</summary>
    public DerivedFile? Derived { get; }

    /// <summary>The object in the store, or null where there is none.</summary>
    public StickyStorageItem? Object { get; set; }

    /// <summary>The size of the source in bytes.</summary>
    public long Size => (sides.Direction == SyncDirection.Push ? File?.Size : Object?.Size) ?? 0;

    /// <summary>What is planned, and why.</summary>
    public SyncAction Action { get; private set; }

    public string Reason { get; private set; } = "";

    /// <summary>Whether both sides have the same; null before they were compared, and where there is only one.</summary>
    public bool? Equal { get; private set; }

    public bool SourceIsNewer => SourceTime > TargetTime;

    private DateTime? ObjectTime => Object?.ModifiedTime ?? Object?.LastModified;

    private DateTime? SourceTime => sides.Direction == SyncDirection.Push ? File?.ModifiedTime : ObjectTime;

    private DateTime? TargetTime => sides.Direction == SyncDirection.Push ? ObjectTime : File?.ModifiedTime;

    /// <summary>Takes the result of the comparison of contents.</summary>
    public void Compare(ContentComparison comparison)
    {
        _comparison = comparison;
        Equal = comparison.Equal;
    }

    public SyncEntry Plan(SyncAction action, string reason)
    {
        Action = action;
        Reason = reason;
        return this;
    }

    /// <summary>What users see of it.</summary>
    public StickySyncItem ToItem()
    {
        (long? Size, string? Hash) file = (File?.Size, _comparison.FileHash);
        (long? Size, string? Hash) stored = (Object?.Size, Object?.ETag ?? _comparison.ObjectHash);
        ((long? Size, string? Hash) source, (long? Size, string? Hash) target) = sides.Direction == SyncDirection.Push ? (file, stored) : (stored, file);
        return new StickySyncItem
        {
            Key = WholeKey,
            Path = ObjectKey.WhyNotAFile(Key) is null ? Path : null,
            SourceSize = source.Size,
            TargetSize = target.Size,
            SourceHash = source.Hash,
            TargetHash = target.Hash,
            SourceTime = SourceTime,
            TargetTime = TargetTime,
            Action = Action,
            Reason = Reason,
        };
    }

    /// <summary>The same after its transfer, when both sides are alike.</summary>
    /// <param name="transferred">The object as it was uploaded or downloaded.</param>
    public StickySyncItem ToSyncedItem(StickyStorageItem transferred) => ToItem() with
    {
        SourceSize = transferred.Size,
        TargetSize = transferred.Size,
        SourceHash = transferred.ETag,
        TargetHash = transferred.ETag,
        SourceTime = transferred.ModifiedTime ?? SourceTime,
        TargetTime = transferred.ModifiedTime ?? SourceTime,
    };
}
