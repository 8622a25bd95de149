namespace StickyPi.Core.Storage;

/// <summary>
/// The hashes of files of a folder that were read once. Size and time tell whether a file is still the same, and both may be of a sender's
/// choosing; so whatever this process writes or deletes is forgotten, also by whoever is hashing the earlier file meanwhile.
/// </summary>
internal sealed class KnownHashes
{
    private const int MaxCount = 100_000;
    private const int Stripes = 256;

    private readonly Lock _gate = new();
    private readonly RecentItems<string, (long Size, DateTime Time, ContentHashes Hashes)> _known = new(MaxCount, StringComparer.Ordinal);
    private readonly long[] _versions = new long[Stripes];
    private readonly int[] _changing = new int[Stripes];

    /// <summary>What to ask for before a file is opened; what is found and kept later refers to it.</summary>
    /// <param name="key">The key of the file.</param>
    /// <returns>A number.</returns>
    public long GetVersion(string key)
    {
        lock (_gate)
        {
            return _versions[StripeOf(key)];
        }
    }

    /// <summary>Finds the hashes of an open file.</summary>
    /// <param name="file">The file, with size and time of its handle.</param>
    /// <param name="version">The version before it was opened.</param>
    /// <returns>The hashes, or null where they are not known.</returns>
    public ContentHashes? Find(LocalFile file, long version)
    {
        lock (_gate)
        {
            return IsCurrent(file.Key, version)
                && _known.TryGet(file.Key, out var known)
                && known.Size == file.Size
                && known.Time == file.ModifiedTime
                ? known.Hashes
                : null;
        }
    }

    /// <summary>Keeps the hashes of an open file, unless another one came in its place.</summary>
    /// <param name="file">The file, with size and time of its handle.</param>
    /// <param name="version">The version before it was opened.</param>
    /// <param name="hashes">Its hashes.</param>
    /// <returns>Whether they are kept; where not, what was hashed may be another file than the one of that version.</returns>
    public bool Keep(LocalFile file, long version, ContentHashes hashes)
    {
        lock (_gate)
        {
            if (!IsCurrent(file.Key, version))
            {
                return false;
            }

            _known.Put(file.Key, (file.Size, file.ModifiedTime, hashes));
            return true;
        }
    }

    /// <summary>Changes a file. Nothing is known of it meanwhile.</summary>
    /// <param name="key">The key of the file.</param>
    /// <param name="change">Replaces or deletes it.</param>
    public void Change(string key, Action change)
    {
        int stripe = StripeOf(key);
        lock (_gate)
        {
            _versions[stripe]++;
            _changing[stripe]++;
            _known.Remove(key);
        }

        try
        {
            change();
        }
        finally
        {
            lock (_gate)
            {
                _changing[stripe]--;
            }
        }
    }

    private static int StripeOf(string key) => (int)((uint)string.GetHashCode(key, StringComparison.Ordinal) % Stripes);

    private bool IsCurrent(string key, long version) => StripeOf(key) is int stripe && _changing[stripe] == 0 && _versions[stripe] == version;
}
