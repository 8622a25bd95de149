using Microsoft.Data.Sqlite;
using StickyPi.Core.Images;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>Looks up exact pictures, one after the other, with one prepared statement.</summary>
internal sealed class ImageFinder : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter _device;
    private readonly SqliteParameter _time;
    private readonly ImageRows _rows = new();
    private readonly MisshapenTimes _misshapen;

    public ImageFinder(SqliteConnection connection)
    {
        _misshapen = new MisshapenTimes(connection);
        _command = connection.CreateCommand();
        _command.CommandText = ImageRows.Find;
        _device = _command.Parameters.Add("@device", SqliteType.Text);
        _time = _command.Parameters.Add("@time", SqliteType.Text);
    }

    public StickyImage? Find(ImageReference reference)
    {
        _device.Value = reference.Device;
        _time.Value = SqliteColumns.ToText(reference.DateTime);
        using SqliteDataReader reader = _command.ExecuteReader();
        if (reader.Read())
        {
            return _rows.Read(reader.Row());
        }

        // Or the picture would be sent once more, and have two rows.
        _misshapen.ThrowIfAt(reference);
        return null;
    }

    public void Dispose()
    {
        _command.Dispose();
        _misshapen.Dispose();
    }
}
