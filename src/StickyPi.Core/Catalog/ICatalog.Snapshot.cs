namespace StickyPi.Core.Catalog;

public partial interface ICatalog
{
    /// <summary>
    /// Whether it was saved from another catalog, by <see cref="SaveSnapshotAsync"/>. It can be read; <see cref="BeginWriteAsync"/> throws
    /// <c>StoreIsCopy</c>.
    /// </summary>
    bool IsSnapshot => false;

    /// <summary>Copies all rows but those of users and tokens, as they are at one moment, into a new SQLite catalog, whose <see cref="IsSnapshot"/> is true.</summary>
    /// <param name="path">The file, which does not exist; its folder does.</param>
    /// <param name="cancellationToken">Stops the copying; what there is of the file is the caller's to delete.</param>
    /// <returns>How many pictures the copy tells of.</returns>
    ValueTask<long> SaveSnapshotAsync(string path, CancellationToken cancellationToken);
}
