using StickyPi.Core;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Catalog;

namespace StickyPi.Tests;

public sealed class CatalogCmdletTests : StoreCmdletTest
{
    [Fact]
    public async Task A_catalog_that_cannot_be_had_leaves_no_folders_behind()
    {
        // All that can be lost of a catalog but its name.
        using (FileStream file = new(Store.GetDatabasePath(Folder["store"]), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(100);
        }

        _ = Directory.CreateDirectory(Folder["mine"]);

        foreach (string path in (string[])[Path.Combine(Folder["a"], "b", "c"), Folder["mine"]])
        {
            _ = await Assert.ThrowsAsync<StickyException>(() => SaveAsync(path, default));
        }

        Assert.False(Directory.Exists(Folder["a"]));
        Assert.True(Directory.Exists(Folder["mine"]));
        Assert.Empty(Directory.GetFileSystemEntries(Folder["mine"]));
    }

    [Fact]
    public async Task Whoever_stops_the_saving_finds_no_empty_folder()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SaveAsync(Folder["saved"], stop.Token));

        Assert.False(Directory.Exists(Folder["saved"]));
    }

    private async Task SaveAsync(string path, CancellationToken cancellationToken)
    {
        using SaveStickyCatalogCommand save = new() { Connection = Connection, Path = path };
        await save.ProcessAsync(AsyncEnumerable.Empty<object>(), Sink, cancellationToken);
    }
}
