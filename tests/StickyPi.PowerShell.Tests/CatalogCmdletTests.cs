using StickyPi.Core;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Catalog;

namespace StickyPi.Tests;

public sealed class CatalogCmdletTests : StoreCmdletTest
{
    [Fact]
    public void A_catalog_that_cannot_be_had_leaves_no_folders_behind()
    {
        // All that can be lost of a catalog but its name.
        using (FileStream file = new(Store.GetDatabasePath(Folder["store"]), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(100);
        }

        _ = Directory.CreateDirectory(Folder["mine"]);

        foreach (string path in (string[])[Path.Combine(Folder["a"], "b", "c"), Folder["mine"]])
        {
            _ = Assert.IsType<StickyException>(RunToFailure("Save-StickyCatalog $path", ("path", path)).Failure!.Exception);
        }

        Assert.False(Directory.Exists(Folder["a"]));
        Assert.True(Directory.Exists(Folder["mine"]));
        Assert.Empty(Directory.GetFileSystemEntries(Folder["mine"]));
    }

    [Fact]
    public void The_catalog_of_a_store_whose_pictures_lie_elsewhere_is_not_overwritten()
    {
        foreach (string content in (string[])["SQLite format 3\0 of a store", "", "a list"])
        {
            string file = Store.GetDatabasePath(Directory.CreateDirectory(Folder[$"other {content.Length}"]).FullName);
            File.WriteAllText(file, content);
            Assert.Equal("ReservedKey", Assert.IsType<StickyException>(Fail(file)).ErrorId);
            Assert.Equal(content, File.ReadAllText(file));
        }

        string catalog = Store.GetDatabasePath(Directory.CreateDirectory(Folder["bucket"]).FullName);
        File.Copy(Store.GetDatabasePath(Folder["store"]), catalog);
        Assert.Equal("ReservedKey", Assert.IsType<StickyException>(Fail(catalog)).ErrorId);

        Exception Fail(string file) => RunToFailure("Save-StickyCatalog $path -Force", ("path", Path.GetDirectoryName(file)!)).Failure!.Exception;
    }

    // Before the first step of the work, where no engine can be stopped on purpose.
    [Fact]
    public async Task Whoever_stops_the_saving_finds_no_empty_folder()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        using SaveStickyCatalogCommand save = new() { Connection = Connection, Path = Folder["saved"] };

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => save.ProcessAsync(AsyncEnumerable.Empty<object>(), new RecordingSink(), stop.Token));

        Assert.False(Directory.Exists(Folder["saved"]));
    }
}
