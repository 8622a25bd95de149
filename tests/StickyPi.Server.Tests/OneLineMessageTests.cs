using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Remote;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Server;
using StickyPi.Server.Logging;

namespace StickyPi.Tests;

/// <summary>What a server answers, logs and prints is one line each, whatever it quotes. So is what its clients make of answers.</summary>
public sealed partial class OneLineMessageTests : IDisposable
{
    // Linux and macOS allow every one of these in a name.
    private const string Hostile = "a\nb\r\t\u001B[2J\u202Egpj";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_proxy_that_answers_502_with_a_megabyte_of_HTML_is_told_in_one_line()
    {
        string lines = string.Join('\n', Enumerable.Repeat("<p>Try later</p>", 70_000));
        string page = $"<html>\n<h1>Bad \u001B[31mgateway</h1>\n{lines}\n</html>";
        await using OddServer odd = await OddServer.StartAsync((_, context) => AnswerAsync(context, 502, page, "text/html"));

        StickyException error = await FailAsync(odd);

        Assert.Equal(("ServerFailed", 502), (error.ErrorId, error.Service?.Status));
        AssertOneLine(error);
        Assert.InRange(error.Message.Length, 20, 300);
    }

    [Fact]
    public async Task What_another_server_says_of_an_error_in_many_lines_is_told_in_one()
    {
        string detail = string.Concat(Enumerable.Repeat(@"line\n\u001b[31m", 5000));
        string problem =
            $$"""{"title":"ImageConflict","detail":"{{detail}}","kind":"Conflict","recommendedAction":"{{detail}}","target":"a\nb"}""";
        await using OddServer odd = await OddServer.StartAsync(
            (_, context) => AnswerAsync(context, 409, problem, "application/problem+json"));

        StickyException error = await FailAsync(odd);

        Assert.Equal("ImageConflict", error.ErrorId);
        AssertOneLine(error);
        Assert.InRange(error.Message.Length, 1000, OneLine.MaximumLength);
        Assert.Equal("a\nb", error.Target);
    }

    [SkippableFact]
    public async Task The_place_of_a_store_is_not_told_to_clients_also_where_line_breaks_are_in_its_name()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows allows no such names.");
        string folder = _folder[$"store {Hostile}\nwarn: forged"];
        await using LabServer server = new() { Settings = new Dictionary<string, string?> { ["StickyPi:Path"] = folder } };
        await server.InitializeAsync();

        // Pictures go into a folder of this name, which can't be made.
        await File.WriteAllTextAsync(Path.Combine(folder, "raw_images"), "");
        using HttpClient client = server.Client(LabServer.Writer);
        byte[] jpeg = await File.ReadAllBytesAsync(Pictures.Write(_folder["card"], "5c173ff2", Pictures.Start));
        using ByteArrayContent picture = new(jpeg) { Headers = { ContentType = new("image/jpeg"), ContentMD5 = MD5.HashData(jpeg) } };

        using HttpResponseMessage answer = await client.PutAsync($"v1/images/5c173ff2/{StickyTime.ToFileText(Pictures.Start)}", picture);

        string body = await answer.Content.ReadAsStringAsync();
        ApiError error = System.Text.Json.JsonSerializer.Deserialize(body, ApiJson.Default.ApiError)!;
        Assert.Equal("FileNotWritten", error.ErrorId);
        AssertOneLine(error.Message);
        Assert.Contains("'raw_images/5c173ff2/", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("store a", body, StringComparison.Ordinal);
        Assert.DoesNotContain("forged", body, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_server_prints_a_line_an_entry_whatever_its_store_is_called()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows allows no such names.");
        using ServerProcess server = ServerProcess.Start(
            _folder.Path, ["--path", $"store {Hostile}\nwarn: forged", "--urls", "http://127.0.0.1:0"]);
        _ = await server.ListeningAsync();
        server.Terminate();
        Assert.Equal(0, await server.ExitedAsync());

        string[] lines = server.Output.Split('\n');
        Assert.Contains(
            lines, line => line.Contains(@"store a\nb\r\t\u001B[2J\u202Egpj\nwarn: forged at http://", StringComparison.Ordinal));
        Assert.All(lines, line =>
        {
            Assert.Matches(Entry(), line);
            AssertOneLine(line);
        });
    }

    [Theory]
    [InlineData(2, "--log-format", "x\n\u001B[2Jwarn: forged")]
    [InlineData(2, "--no\nsuch\u001B[2Joption", "1")]
    [InlineData(1, "--urls", "nowhere\u001B[2J\nwarn: forged")]
    [InlineData(1, "--certificate", "none\n\u001B[2J.pem", "--urls", "https://127.0.0.1:0")]
    public async Task What_keeps_a_server_from_starting_is_printed_in_one_line_and_one_of_advice(int exitCode, params string[] arguments)
    {
        using ServerProcess server = ServerProcess.Start(_folder.Path, arguments);

        Assert.Equal(exitCode, await server.ExitedAsync());

        string[] lines = server.Output.Split('\n');
        Assert.InRange(lines.Length, 1, 2);
        Assert.All(lines, AssertOneLine);
    }

    [Fact]
    public void An_error_of_many_lines_is_one_line_of_the_log_with_its_stack()
    {
        Exception cause = Assert.Throws<InvalidOperationException>(() => Throw($"first\nsecond {Hostile}"));
        using StringWriter log = new();
        new LogLine(TimeProvider.System).Write(
            new LogEntry<string>(LogLevel.Error, "Category", new EventId(20), $"Request of {Hostile} failed.", cause, (state, _) => state),
            scopeProvider: null,
            log);

        string line = log.ToString().TrimEnd(Environment.NewLine.ToCharArray());

        Assert.Matches(Entry(), line);
        AssertOneLine(line);
        Assert.Contains(
            @" fail: Category[20] Request of a\nb\r\t\u001B[2J\u202Egpj failed. System.InvalidOperationException: first second a b",
            line,
            StringComparison.Ordinal);
        Assert.Contains($"at StickyPi.Tests.{nameof(OneLineMessageTests)}.{nameof(Throw)}(", line, StringComparison.Ordinal);
    }

    [Fact]
    public void What_exceptions_say_gets_into_answers_as_a_line_only()
    {
        // These pass on what is a message of ours; the one of a batch takes the names of properties out of it.
        string[] allowed =
        [
            "Batch.Missing", "ExistingLabels.PutAsync", "InputErrors.At", "StickyServer.RunAsync", "Tuboids.ReadId",
            "UploadFolder.Localize", "UploadedFile.Hide",
        ];

        Assert.Equal(allowed, CallSites.Of(typeof(StickyServer).Assembly, ["Exception"], "get_Message"));
    }

    private static void Throw(string message) => throw new InvalidOperationException(message);

    private static async Task<StickyException> FailAsync(OddServer odd)
    {
        // What changes something is asked once; what is safe to repeat would be asked five times.
        ApiRequest request = new(HttpMethod.Post, "v1/labels");
        using ApiTransport transport = new(odd.Uri);
        HttpResponseMessage answer = await transport.SendAsync(request, authorization: null, default);
        return await RemoteErrors.FromAnswerAsync(answer, odd.Uri, request, default);
    }

    private static Task AnswerAsync(HttpContext context, int status, string body, string type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    }

    private static void AssertOneLine(StickyException error)
    {
        AssertOneLine(error.Message);
        AssertOneLine(error.RecommendedAction ?? "");
    }

    private static void AssertOneLine(string text) => Assert.DoesNotContain(text, c => char.IsControl(c) || c == '\u202E');

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (info|warn|fail|crit): \S+\[\d+\] ")]
    private static partial Regex Entry();
}
