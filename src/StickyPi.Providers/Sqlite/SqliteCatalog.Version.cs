using System.Globalization;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    // Some file systems keep the time of a file to two seconds: within that time a commit would leave it as it was.
    private static readonly TimeSpan CoarseTime = TimeSpan.FromSeconds(2);

    // By what the file system says alone: whoever opens the file beside SQLite and closes it again takes its locks away.
    public ValueTask<string?> GetVersionAsync(CancellationToken cancellationToken)
    {
        FileInfo[] files = [new(_path), new(_path + "-wal")];
        return new(files.Any(file => file.Exists && DateTime.UtcNow - file.LastWriteTimeUtc < CoarseTime)
            ? null
            : string.Join(' ', files.Select(Describe)));
    }

    private static string Describe(FileInfo file) =>
        file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.Length}:{file.LastWriteTimeUtc.Ticks}") : "none";
}
