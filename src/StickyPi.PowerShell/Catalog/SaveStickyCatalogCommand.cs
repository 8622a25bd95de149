using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Catalog;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Connections;
using LocalStore = StickyPi.Core.Stores.Store;

namespace StickyPi.PowerShell.Catalog;

/// <summary>Saves the catalog of a store in a folder, which can then be opened and searched without the store.</summary>
[Cmdlet(VerbsData.Save, "StickyCatalog", SupportsShouldProcess = true)]
[OutputType(typeof(StickyCatalogFile))]
public sealed class SaveStickyCatalogCommand : StoreCmdlet<object>
{
    /// <summary>The folder that gets the file <c>database.db</c>; it is made where it is missing.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [FilePath]
    public string Path { get; set; } = "";

    /// <summary>Whether a catalog that was saved there earlier is overwritten.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Whether to return what was saved.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        Path = FilePaths.ResolveFolder(this, Path);
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<object> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        string file = LocalStore.GetDatabasePath(Path);
        Check(file);
        if (!await sink.ShouldProcessAsync(file, $"Save the catalog of store '{Store.Location}'", cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        string[] made = [.. MissingFolders()];
        try
        {
            await SaveAsync(file, sink, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            TryRemove(made);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<object> ReadRecord() => [];

    private async Task SaveAsync(string file, IPipelineSink sink, CancellationToken cancellationToken)
    {
        try
        {
            _ = Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StickyException(
                "FileNotWritten",
                StickyErrorKind.WriteFailed,
                $"The folder '{Path}' cannot be made: {OneLine.Quote(e)}.",
                Path,
                "Choose another folder.",
                e);
        }

        StickyCatalogFile saved = await Store.SaveCatalogAsync(file, cancellationToken).ConfigureAwait(false);
        await sink.WriteVerboseAsync($"Saved the catalog of '{saved.Source}' as '{saved.Path}'.", cancellationToken).ConfigureAwait(false);
        if (PassThru)
        {
            await sink.WriteAsync(saved, cancellationToken).ConfigureAwait(false);
        }
    }

    // The folder and those around it that are not there yet, innermost first.
    private IEnumerable<string> MissingFolders()
    {
        for (string? folder = System.IO.Path.TrimEndingDirectorySeparator(Path); folder is not null && !Directory.Exists(folder); folder = System.IO.Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    private static void TryRemove(string[] folders)
    {
        try
        {
            foreach (string folder in folders.Where(Directory.Exists))
            {
                // Whatever somebody has put there meanwhile keeps it, as this deletes empty folders alone.
                Directory.Delete(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that led here is the one that the user must see.
        }
    }

    // A store's own catalog has rows that exist nowhere else.
    private void Check(string file)
    {
        // The folder and not the file: what was saved there before may be replaced.
        if (new StoreFolders().WhyNot(Path) is StickyException refusal)
        {
            throw refusal;
        }

        if (!File.Exists(file))
        {
            return;
        }

        if (StickyConnection.All.Any(connection => connection.CatalogPath is string open && System.IO.Path.GetFullPath(open) == file)
            || NewKey.FoldersWithRows.Any(folder => Directory.Exists(System.IO.Path.Combine(Path, folder))))
        {
            throw new StickyException(
                "FolderIsAStore",
                StickyErrorKind.NotAllowed,
                $"'{Path}' holds a store that is open, or one with pictures or tuboids of its own: its catalog is not overwritten.",
                Path,
                "Choose another folder, or close what was saved there with Disconnect-StickyPi.");
        }

        // That of a store whose pictures lie in a bucket has nothing beside it.
        if (!SavedCatalog.Is(file))
        {
            throw new StickyException(
                "ReservedKey",
                StickyErrorKind.NotAllowed,
                $"'{file}' was not saved from a store: it is the catalog of one, or another program's. It is not overwritten.",
                file,
                "Choose another folder.");
        }

        if (!Force)
        {
            throw new StickyException(
                "FileExists", StickyErrorKind.Conflict, $"'{file}' exists already.", file, "Use -Force to overwrite it, or choose another folder.");
        }
    }
}
