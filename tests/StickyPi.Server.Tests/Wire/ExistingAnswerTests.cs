using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using StickyPi.Server.Errors;

namespace StickyPi.Tests.Wire;

/// <summary>Lists of the existing API that fail while they are written.</summary>
public sealed class ExistingAnswerTests : IAsyncLifetime
{
    private readonly LabServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_list_that_fails_after_its_first_rows_is_an_error_and_not_those_rows_with_an_error_behind_them()
    {
        AddImages("aaaaaaaa", 3);
        AddImages("bbbbbbbb", 1, "nonsense");

        using HttpResponseMessage answer = await GetSeriesAsync("aaaaaaaa", "bbbbbbbb");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal(ErrorAnswers.MediaType, answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("InvalidRow", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["title"]);
    }

    [Fact]
    public async Task A_list_that_fails_when_a_part_of_it_has_gone_out_breaks_the_connection_and_is_logged()
    {
        AddImages("aaaaaaaa", 1000);
        AddImages("bbbbbbbb", 1, "nonsense");

        _ = await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            using HttpResponseMessage answer = await GetSeriesAsync("aaaaaaaa", "bbbbbbbb");
        });

        Assert.Contains(_server.Log.Lines, line => line.StartsWith("Error ", StringComparison.Ordinal) && line.Contains("nonsense", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_long_list_comes_whole()
    {
        AddImages("aaaaaaaa", 1000);

        using HttpResponseMessage answer = await GetSeriesAsync("aaaaaaaa", "bbbbbbbb");

        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(1000, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray().Select(row => (long)row!["id"]!).Distinct().Count());
    }

    private async Task<HttpResponseMessage> GetSeriesAsync(params string[] devices)
    {
        using HttpClient client = _server.Client(LabServer.Reader);
        return await client.PostAsJsonAsync(
            "get_image_series/metadata",
            devices.Select(device => new { device, start_datetime = "2020-01-01_00-00-00", end_datetime = "2021-01-01_00-00-00" }));
    }

    private void AddImages(string device, int count, string created = "2021-01-01 00:00:00.000000") => Assert.Equal(count, _server.Execute(
        $"""
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1})
        INSERT INTO images (device, datetime, md5, width, height, no_flash_shutter_speed, no_flash_exposure_time, no_flash_bv, no_flash_iso,
            api_version, datetime_created)
        SELECT '{device}', strftime('%Y-%m-%d %H:%M:%S.000000', 1600000000 + 60 * i, 'unixepoch'), printf('%032x', i), 2592, 1944, 1.5, 0.25, 0.5, 100,
            '0.1.0', '{created}' FROM n
        """));
}
