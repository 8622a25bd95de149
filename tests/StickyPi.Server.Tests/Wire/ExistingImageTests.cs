using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StickyPi.Core.Images;
using StickyPi.Server.Errors;

namespace StickyPi.Tests.Wire;

/// <summary>Pictures that the existing client sends and the store can't keep.</summary>
public sealed class ExistingImageTests : IDisposable
{
    private const string Good = "0a5bb6f4";
    private const string Bad = "5c173ff2";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_picture_that_the_disk_does_not_take_is_told_of_by_its_name()
    {
        await using LabServer server = new();
        await server.InitializeAsync();
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(server["store/raw_images"]).FullName, Bad), "no folder");

        JsonNode error = await SendAsync(server, HttpStatusCode.InternalServerError, Good, Bad);

        Assert.Equal("FileNotWritten", (string?)error["title"]);
        Assert.Equal(NameOf(Bad), (string?)error["field"]);
        Assert.DoesNotContain(server["store"], error.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull((await server.Store.GetImagesAsync([new ImageReference(Good, Pictures.Start)]))[0]);
    }

    [Theory]
    [InlineData(StatusCodes.Status403Forbidden, "AccessDenied")]
    [InlineData(StatusCodes.Status400BadRequest, "NotToday")]
    public async Task A_picture_that_the_bucket_does_not_take_is_told_of_without_the_bucket(int status, string code)
    {
        await using OddServer bucket = await OddServer.StartAsync((_, context) => AnswerAsync(
            context,
            context.Request.Method == "GET" ? StatusCodes.Status200OK : status,
            context.Request.Method == "GET"
                ? "<ListBucketResult><Name>traps</Name><KeyCount>0</KeyCount><MaxKeys>1</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>"
                : $"<Error><Code>{code}</Code><Message>No.</Message></Error>"));
        await using LabServer server = new()
        {
            Settings = new Dictionary<string, string?>
            {
                ["StickyPi:Bucket"] = "traps",
                ["StickyPi:Endpoint"] = bucket.Uri.AbsoluteUri,
                ["StickyPi:Region"] = "us-east-1",
                ["StickyPi:AccessKey"] = "key",
                ["StickyPi:SecretKey"] = "secret",
                ["StickyPi:CatalogPath"] = _folder["catalog.db"],
            },
        };
        await server.InitializeAsync();

        JsonNode error = await SendAsync(server, HttpStatusCode.ServiceUnavailable, Bad);

        Assert.False(string.IsNullOrEmpty((string?)error["title"]));
        Assert.Equal(NameOf(Bad), (string?)error["field"]);
        Assert.DoesNotContain("traps", error.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(bucket.Uri.Authority, error.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(server.Log.Lines, line => line.StartsWith("Error ", StringComparison.Ordinal) && line.Contains(code, StringComparison.Ordinal));
    }

    private static string NameOf(string device) => new ImageReference(device, Pictures.Start).FileName;

    private static Task AnswerAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body}");
    }

    // One request with a part a picture, as the existing client makes them.
    private async Task<JsonNode> SendAsync(LabServer server, HttpStatusCode expected, params string[] devices)
    {
        using MultipartFormDataContent body = [];
        foreach (string device in devices)
        {
            ByteArrayContent part = new(await File.ReadAllBytesAsync(Pictures.Write(_folder["card"], device, Pictures.Start)));
            part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            body.Add(part, NameOf(device), NameOf(device));
        }

        using HttpClient client = server.Client(LabServer.Writer);
        using HttpResponseMessage answer = await client.PostAsync("_put_new_images", body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {text}");
        Assert.Equal(ErrorAnswers.MediaType, answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!;
    }
}
