using Microsoft.Data.Sqlite;
using StickyPi.Core.Images;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>Looks up exact pictures, one after the other, with one prepared statement.</summary>
internal sealed class ImageFinder(SqliteConnection connection) : IDisposable
{
    // The parameters of ImageRows.Find, in the order in which it names them.
    private const int Device = 1;
    private const int Time = 2;

    private readonly SqliteStatement _statement = new(connection, ImageRows.Find);
    private readonly ImageRows _rows = new();
    private readonly MisshapenTimes _misshapen = new(connection);

    public StickyImage? Find(ImageReference reference)
    {
        _statement.Bind(Device, reference.Device);
        _statement.Bind(Time, SqliteColumns.ToText(reference.DateTime));
        try
        {
            if (_statement.Step())
            {
                return _rows.Read(_statement.Row);
            }
        }
        finally
        {
            _statement.Reset();
        }

        // Or the picture would be sent once more, and have two rows.
        _misshapen.ThrowIfAt(reference);
        return null;
    }

    public void Dispose()
    {
        _statement.Dispose();
        _misshapen.Dispose();
    }
}
