using System.Net;
using System.Text;
using Npgsql;
using StickyPi.Core;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>Errors stay one line whatever a file is called, and whatever a database or a server says.</summary>
public sealed class OneLineMessageTests : IDisposable
{
    // Linux and macOS allow every one of these in a name.
    private const string Hostile = "a\nb\r\t\u001B[2J\u001B]0;owned\u0007\u202Egpj";
    private const string Shown = @"a\nb\r\t\u001B[2J\u001B]0;owned\u0007\u202Egpj";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Files_in_a_folder_with_line_breaks_and_escape_sequences_in_its_name_are_told_in_one_line()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows allows no such names.");
        await using Store store = Store.OpenLocal(_folder[$"store {Hostile}"], Pictures.Providers);
        string card = Directory.CreateDirectory(_folder[$"card {Hostile}"]).FullName;
        string good = Pictures.Write(card, "5c173ff2", Pictures.Start);
        string misnamed = Path.Combine(card, $"{Hostile}.jpg");
        File.Copy(good, misnamed);
        string damaged = Path.Combine(card, "0a5bb6f4.2021-06-01_00-00-00.jpg");
        await File.WriteAllTextAsync(damaged, "no picture");
        string missing = Path.Combine(card, "0a5bb6f4.2021-06-01_00-20-00.jpg");

        string[] paths = [good, misnamed, damaged, missing];
        List<Outcome<SendImageResult>> sent = await store.SendImagesAsync(paths.ToAsyncEnumerable(), new SendImageOptions()).ToListAsync();

        Assert.Equal(SendImageStatus.Added, Assert.Single(sent, outcome => outcome.Succeeded).Value!.Status);
        Dictionary<string, StickyException> errors = sent
            .Where(outcome => !outcome.Succeeded).ToDictionary(outcome => (string)outcome.Error!.Target!, outcome => outcome.Error!);
        Assert.Equal(
            ["FileNotFound", "InvalidFileName", "InvalidImage"],
            ((string[])[missing, misnamed, damaged]).Select(path => errors[path].ErrorId));
        Assert.All(errors.Values, error =>
        {
            AssertOneLine(error);
            Assert.Contains(Shown, error.Message, StringComparison.Ordinal);
        });

        string stored = (await store.GetImageSeriesAsync(new ImageSeriesQuery { What = ImageContent.Image }).ToListAsync())[0].Url!;
        File.Delete(stored);
        StickyException lost = await Assert.ThrowsAsync<StickyException>(
            async () => await store.ReadImageAsync(new ImageReference("5c173ff2", Pictures.Start), ImageContent.Image));
        AssertOneLine(lost);
        Assert.Contains(Shown, lost.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_damaged_catalog_is_told_in_one_line()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows allows no such names.");
        string folder = Directory.CreateDirectory(_folder[Hostile]).FullName;
        await File.WriteAllTextAsync(Store.GetDatabasePath(folder), new string('x', 8192));

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () =>
        {
            await using Store store = Store.OpenLocal(folder, Pictures.Providers);
            _ = await store.GetImageSeriesAsync(new ImageSeriesQuery()).ToListAsync();
        });

        Assert.Equal("NotAStore", error.ErrorId);
        AssertOneLine(error);
        Assert.Contains("SQLite Error 26: 'file is not a database'.", error.Message, StringComparison.Ordinal);
        Assert.Equal(Store.GetDatabasePath(folder), error.Target);
        _ = Assert.IsType<Microsoft.Data.Sqlite.SqliteException>(error.InnerException);
    }

    [SkippableFact]
    public async Task What_PostgreSQL_says_in_many_lines_is_told_in_one_and_kept_whole_beside_it()
    {
        await using PostgresDatabase database = await PostgresServer.CreateDatabaseAsync();
        using Secret secret = new(database.ConnectionString);
        await using ICatalog catalog = await Pictures.Providers.OpenDatabaseAsync(secret, create: true, default);
        await database.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION USING
                    MESSAGE = E'first line.\nsecond \x1b[31mred ' || repeat('x', 100000) || E' last line.\n',
                    DETAIL = E'detail\nof it', HINT = E'hint\nfor it';
            END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON images FOR EACH ROW EXECUTE FUNCTION refuse();
            """);
        ImageMetadata picture = new()
        {
            Path = "/card/picture.jpg",
            FileName = "picture.jpg",
            Device = "5c173ff2",
            DateTime = Pictures.Start,
            Md5 = new string('0', 32),
            Width = 64,
            Height = 48,
        };
        await using ICatalogTransaction rows = await catalog.BeginWriteAsync(null, default);

        StickyException error = Assert.Throws<StickyException>(() => rows.AddImage(picture));

        AssertOneLine(error);
        Assert.Contains(@"failed (P0001: first line. second \u001B[31mred xxx", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("xxx last line).", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 300, 600);
        Assert.InRange(Assert.IsType<PostgresException>(error.InnerException).MessageText.Length, 100_000, int.MaxValue);
    }

    [Theory]
    [InlineData("text/html", "<html>\n<body>\r\n<h1>Bad request \u001B[31m</h1>\n{0}\n</body>\n</html>\n", false)]
    [InlineData(
        "application/xml",
        "<?xml version=\"1.0\"?>\n<Error><Code>Odd\nCode</Code><Message>First line.\n  Second line. {0}\n</Message>"
            + "<RequestId>r\n42</RequestId></Error>",
        true)]
    public async Task What_answers_in_the_place_of_S3_with_a_megabyte_of_many_lines_is_told_in_one(string type, string body, bool isS3)
    {
        string lines = string.Join('\n', Enumerable.Repeat(isS3 ? "&lt;p>Go away&lt;/p>" : "<p>Go away</p>", 70_000));
        byte[] answer = Encoding.UTF8.GetBytes(body.Replace("{0}", lines, StringComparison.Ordinal));
        using HttpListener server = new();
        string address = Listen(server);
        Task serving = ServeAsync(server, type, answer);
        BucketOptions options = new()
        {
            Bucket = "bucket",
            Endpoint = new Uri(address),
            Region = "us-east-1",
            AccessKey = "a",
            SecretKey = new Secret("s"),
        };

        StickyException error = await Assert.ThrowsAsync<StickyException>(
            async () => await Pictures.Providers.OpenBucketAsync(options, default));

        AssertOneLine(error);
        Assert.InRange(error.Message.Length, 20, 1500);
        Assert.NotNull(error.InnerException);
        Assert.NotNull(error.Service);
        AssertOneLine(error.Service.ToString());
        if (isS3)
        {
            Assert.Contains("First line. Second line. <p>Go away</p>", error.Message, StringComparison.Ordinal);
        }

        server.Stop();
        await serving;
    }

    private static string Listen(HttpListener server)
    {
        using System.Net.Sockets.TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        string address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        free.Stop();
        server.Prefixes.Add(address);
        server.Start();
        return address;
    }

    private static async Task ServeAsync(HttpListener server, string type, byte[] body)
    {
        while (true)
        {
            try
            {
                HttpListenerContext context = await server.GetContextAsync();
                context.Response.StatusCode = 400;
                context.Response.ContentType = type;
                context.Response.Close(body, willBlock: true);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static void AssertOneLine(StickyException error)
    {
        AssertOneLine(error.Message);
        AssertOneLine(error.RecommendedAction ?? "");
        Assert.DoesNotContain("..", error.Message.Replace("../", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static void AssertOneLine(string text) => Assert.DoesNotContain(text, c => char.IsControl(c) || c == '\u202E');
}
