using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

/// <summary>Rows that another program has damaged: that is the server's trouble, and no fault of the request that meets them.</summary>
public sealed class DamagedRowTests : IAsyncLifetime, IDisposable
{
    private const string Device = "5c173ff2";

    private readonly LabServer _server = new();
    private readonly TestFolder _folder = new();

    private HttpClient Reader => _server.Client(LabServer.Reader);

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        HttpClient writer = _server.Client(LabServer.Writer);
        foreach (string path in Pictures.WriteSeries(_folder.Path, Device, 2))
        {
            _ = await writer.SendImageAsync(path).ReadNodeAsync(201);
        }
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("UPDATE images SET datetime_created = 'nonsense' WHERE id = 2", "/v1/images")]
    [InlineData("UPDATE images SET datetime_created = 'nonsense' WHERE id = 2", "/v1/images?pageSize=10")]
    [InlineData("UPDATE images SET datetime_created = '' WHERE id = 2", "/v1/images")]
    [InlineData("UPDATE images SET datetime = '2021-06-01_00-20-00' WHERE id = 2", "/v1/images")]
    [InlineData("UPDATE images SET datetime_created = 'nonsense' WHERE id = 2", "/v1/images/5c173ff2/2021-06-01_00-20-00")]
    public async Task A_row_that_can_not_be_read_is_a_failure_of_the_server_that_names_it(string damage, string path)
    {
        Run(damage);

        JsonNode error = await Reader.GetAsync(path).AssertRefusedAsync(500, "InvalidRow");

        Assert.Contains("row 2 of images", (string?)error["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain(_server["store"], error.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(_server.Log.Lines, line => line.StartsWith("Error ", StringComparison.Ordinal) && line.Contains("row 2 of images", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE images SET datetime = '2021-06-01 00:20' WHERE id = 2", "/v1/devices")]
    [InlineData("UPDATE users SET datetime_created = 'nonsense'", "/v1/images")]
    [InlineData("UPDATE properties SET json = '[1]'", "/v1/properties/device")]
    [InlineData("UPDATE properties SET json = '{'", "/v1/properties/device/5c173ff2")]
    [InlineData("UPDATE properties SET datetime_created = 'nonsense'", "/v1/properties/device/5c173ff2")]
    public async Task Whatever_row_is_damaged_no_request_is_to_blame(string damage, string path)
    {
        _ = await _server.Client(LabServer.Writer).SendJsonAsync(HttpMethod.Put, "/v1/properties/device/5c173ff2", new { site = "orchard" }).ReadNodeAsync();
        Run(damage);

        _ = await Reader.GetAsync(path).AssertRefusedAsync(500, "InvalidRow");
    }

    private void Run(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Store.GetDatabasePath(_server["store"])}");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        _ = command.ExecuteNonQuery();
    }
}
