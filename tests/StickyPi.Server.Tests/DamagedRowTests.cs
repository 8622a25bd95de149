using System.Text.Json.Nodes;

namespace StickyPi.Tests;

/// <summary>Rows that another program has damaged: that is the server's trouble, and no fault of the request that meets them.</summary>
public sealed class DamagedRowTests : V1Test
{
    private const string Device = "5c173ff2";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (string path in Pictures.WriteSeries(Folder.Path, Device, 2))
        {
            _ = await Writer.SendImageAsync(path).ReadNodeAsync(201);
        }
    }

    [Theory]
    [InlineData("UPDATE images SET datetime_created = 'nonsense' WHERE id = 2", "/v1/images")]
    [InlineData("UPDATE images SET datetime_created = 'nonsense' WHERE id = 2", "/v1/images?pageSize=10")]
    [InlineData("UPDATE images SET datetime_created = '' WHERE id = 2", "/v1/images")]
    [InlineData("UPDATE images SET datetime = '2021-06-01_00-20-00' WHERE id = 2", "/v1/images")]
    [InlineData("UPDATE images SET datetime_created = 'nonsense' WHERE id = 2", "/v1/images/5c173ff2/2021-06-01_00-20-00")]
    public async Task A_row_that_can_not_be_read_is_a_failure_of_the_server_that_names_it(string damage, string path)
    {
        Assert.NotEqual(0, Server.Execute(damage));

        JsonNode error = await Reader.GetAsync(path).AssertRefusedAsync(500, "InvalidRow");

        Assert.Contains("row 2 of images", (string?)error["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain(Server["store"], error.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(Server.Log.Lines, line => line.StartsWith("Error ", StringComparison.Ordinal) && line.Contains("row 2 of images", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE images SET datetime = '2021-06-01 00:20' WHERE id = 2", "/v1/devices")]
    [InlineData("UPDATE users SET datetime_created = 'nonsense'", "/v1/images")]
    [InlineData("UPDATE properties SET json = '[1]'", "/v1/properties/device")]
    [InlineData("UPDATE properties SET json = '{'", "/v1/properties/device/5c173ff2")]
    [InlineData("UPDATE properties SET datetime_created = 'nonsense'", "/v1/properties/device/5c173ff2")]
    public async Task Whatever_row_is_damaged_no_request_is_to_blame(string damage, string path)
    {
        _ = await Writer.SendJsonAsync(HttpMethod.Put, "/v1/properties/device/5c173ff2", new { site = "orchard" }).ReadNodeAsync();
        Assert.NotEqual(0, Server.Execute(damage));

        _ = await Reader.GetAsync(path).AssertRefusedAsync(500, "InvalidRow");
    }
}
