using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace StickyPi.Tests;

/// <summary>Starting and stopping the server as its users do.</summary>
public sealed class ServerProcessTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_path_is_enough_to_start_and_the_log_says_where_it_listens_and_how_to_add_a_user()
    {
        using ServerProcess server = Start("--path", "./store", "--urls", "http://127.0.0.1:0");
        Uri uri = await server.ListeningAsync();
        using HttpClient client = new() { BaseAddress = uri };

        Assert.Equal("Healthy", await client.GetStringAsync("/health/ready"));
        Assert.True(File.Exists(_folder["store/database.db"]));
        await WaitForAsync(server, "The store has no user yet");
        Assert.Contains("--admin-user", server.Output, StringComparison.Ordinal);

        if (!OperatingSystem.IsWindows())
        {
            server.Terminate();
            Assert.Equal(0, await server.ExitedAsync());
        }
    }

    [Fact]
    public async Task The_first_administrator_comes_from_the_configuration_and_keeps_a_password_that_was_changed_since()
    {
        Dictionary<string, string> environment = new() { ["STICKYPI_ADMIN_PASSWORD"] = "first password", ["STICKYPI_ADMIN_USER"] = "ada" };
        using (ServerProcess server = Start(["--urls", "http://127.0.0.1:0"], environment))
        {
            using HttpClient client = Client(await server.ListeningAsync(), "ada", "first password");
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1")).StatusCode);
            Assert.DoesNotContain("no user yet", server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("first password", server.Output, StringComparison.Ordinal);
            Assert.Contains("$pbkdf2-sha512$i=210000$", Encoding.Latin1.GetString(File.ReadAllBytes(_folder["store/database.db"])), StringComparison.Ordinal);
        }

        environment["STICKYPI_ADMIN_PASSWORD"] = "second password";
        using (ServerProcess server = Start(["--urls", "http://127.0.0.1:0"], environment))
        {
            Uri uri = await server.ListeningAsync();
            using HttpClient first = Client(uri, "ada", "first password");
            using HttpClient second = Client(uri, "ada", "second password");
            Assert.Equal(HttpStatusCode.OK, (await first.GetAsync("/v1")).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await second.GetAsync("/v1")).StatusCode);
        }
    }

    [Fact]
    public async Task The_password_may_lie_in_a_file_and_options_in_appsettings()
    {
        await File.WriteAllTextAsync(_folder["password"], "from a file\n");
        await File.WriteAllTextAsync(_folder["appsettings.json"], """{ "StickyPi": { "AdminUser": "ada", "AdminPasswordFile": "password", "LogFormat": "json" } }""");
        using ServerProcess server = Start("--urls", "http://127.0.0.1:0");
        Uri uri = await server.ListeningAsync();
        using HttpClient client = Client(uri, "ada", "from a file");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1")).StatusCode);

        // One object a line, each with what it tells of.
        await WaitForAsync(server, "\"Path\":\"/v1");
        string line = server.Output.Split('\n').First(line => line.Contains("\"Path\":\"/v1", StringComparison.Ordinal));
        using JsonDocument json = JsonDocument.Parse(line);
        JsonElement state = json.RootElement.GetProperty("State");
        Assert.Equal(("GET", "ada", "200"), (state.GetProperty("Method").GetString(), state.GetProperty("User").GetString(), state.GetProperty("Status").ToString()));
    }

    [Fact]
    public async Task Plain_http_on_a_network_is_warned_of()
    {
        using ServerProcess server = Start("--urls", "http://0.0.0.0:0");
        _ = await server.ListeningAsync();

        await WaitForAsync(server, "is plain HTTP");
    }

    [SkippableTheory]
    [InlineData(null, true)]
    [InlineData("libvips", true)]
    [InlineData("managed", false)]
    public async Task Without_libvips_the_server_warns_that_it_takes_no_pictures_unless_the_managed_engine_is_asked_for(string? engine, bool warns)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Where a libvips of the system would lie is only known for Linux.");
        ProgramWithoutLibvips.Make(_folder["program"]);
        Dictionary<string, string> environment = new()
        {
            ["LD_LIBRARY_PATH"] = ProgramWithoutLibvips.MakeDecoy(_folder["decoy"]),
            ["STICKYPI_JPEG_ENGINE"] = engine ?? "",
        };
        using ServerProcess server = ServerProcess.Start(_folder.Path, ["--urls", "http://127.0.0.1:0"], environment, _folder["program"]);
        _ = await server.ListeningAsync();

        // It is logged after this one.
        await WaitForAsync(server, "The store has no user yet");
        if (warns)
        {
            await WaitForAsync(server, "This server takes no pictures. libvips");
            Assert.Contains("STICKYPI_JPEG_ENGINE", server.Output, StringComparison.Ordinal);
        }

        server.Terminate();
        Assert.Equal(0, await server.ExitedAsync());
        Assert.Equal(warns, server.Output.Contains("This server takes no pictures", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_lists_the_options()
    {
        using ServerProcess server = Start("--help");

        Assert.Equal(0, await server.ExitedAsync());
        Assert.Contains("--admin-user <name>", server.Output, StringComparison.Ordinal);
        Assert.Contains("STICKYPI_ADMIN_PASSWORD", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--pth is no option", "--pth", "store")]
    [InlineData("did you mean --token-hours?", "--tokenhours", "1")]
    [InlineData("Argument 1 is no option", "store")]
    [InlineData("--path needs a value", "--path")]
    [InlineData("--path is given twice", "--path", "a", "--path", "b")]
    [InlineData("--token-hours can't be 'soon'", "--token-hours", "soon")]
    [InlineData("--token-hours can't be -1", "--token-hours", "-1")]
    [InlineData("--max-json-size can't be 0", "--max-json-size", "0")]
    [InlineData("--log-format can't be 'xml'", "--log-format", "xml")]
    [InlineData("--jpeg-engine can't be 'fast': it is libvips or managed", "--jpeg-engine", "fast")]
    [InlineData("--admin-user needs a password", "--admin-user", "ada")]
    [InlineData("--admin-user can't be the name of a user", "--admin-user", "a:b", "--admin-password-file", "x")]
    [InlineData("--admin-password-file can't be read", "--admin-user", "ada", "--admin-password-file", "none")]
    [InlineData("--admin-password is never taken as an argument", "--admin-password", "hunter2")]
    [InlineData("must not hold a password", "--database", "Host=localhost;Password=hunter2")]
    [InlineData("--database is no connection string", "--database", "hunter2")]
    [InlineData("--bucket can't be given with --path", "--path", "a", "--bucket", "b")]
    [InlineData("--bucket needs --catalog-path or --database", "--bucket", "b")]
    [InlineData("--trusted-proxies can't hold 'lab'", "--trusted-proxies", "lab")]
    [InlineData("--public-url must be an address", "--public-url", "stickypi")]
    [InlineData("--allowed-hosts can't hold 'http://lab'", "--allowed-hosts", "http://lab")]
    [InlineData("--endpoint can't be 'http://['", "--endpoint", "http://[")]
    public async Task An_option_that_is_wrong_ends_with_a_message_that_names_it(string message, params string[] arguments)
    {
        using ServerProcess server = Start(arguments);

        Assert.Equal(2, await server.ExitedAsync());
        Assert.Contains(message, server.Output, StringComparison.Ordinal);
        Assert.Contains("--help", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", server.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task What_keeps_the_server_from_starting_is_said_without_a_stack_trace()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        await File.WriteAllTextAsync(_folder["file"], "");
        foreach ((string message, string[] arguments) in (IEnumerable<(string, string[])>)
        [
            ("address already in use", ["--urls", $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}"]),
            ("none.pem", ["--urls", "https://127.0.0.1:0", "--certificate", "none.pem"]),
            ("is a file; a store is a folder", ["--path", "file"]),
            ("is no option of this server", ["--StickyPi:Pth", "x"]),
        ])
        {
            using ServerProcess server = Start(arguments);
            Assert.NotEqual(0, await server.ExitedAsync());
            Assert.Contains(message, server.Output, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task A_request_that_is_running_when_the_server_is_told_to_stop_ends_first()
    {
        Skip.If(OperatingSystem.IsWindows(), "There are no signals.");
        Dictionary<string, string> environment = new() { ["STICKYPI_ADMIN_PASSWORD"] = LabServer.Password };
        using ServerProcess server = Start(["--urls", "http://127.0.0.1:0", "--admin-user", "ada"], environment);
        Uri uri = await server.ListeningAsync();
        using TcpClient slow = new(uri.Host, uri.Port);
        NetworkStream stream = slow.GetStream();

        // The server asks for the body when it has begun to read it.
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/labels HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic {Encode($"ada:{LabServer.Password}")}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
        using StreamReader reader = new(stream);
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync());
        server.Terminate();
        await stream.WriteAsync("[]"u8.ToArray());

        Assert.Contains("HTTP/1.1 200 OK", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await server.ExitedAsync());
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static HttpClient Client(Uri uri, string user, string password)
    {
        HttpClient client = new() { BaseAddress = uri };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Encode($"{user}:{password}"));
        return client;
    }

    // What is logged comes by another way than what is answered.
    private static async Task WaitForAsync(ServerProcess server, string text)
    {
        for (int i = 0; i < 300 && !server.Output.Contains(text, StringComparison.Ordinal); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        Assert.Contains(text, server.Output, StringComparison.Ordinal);
    }

    private ServerProcess Start(params string[] arguments) => ServerProcess.Start(_folder.Path, arguments);

    private ServerProcess Start(string[] arguments, IReadOnlyDictionary<string, string> environment) =>
        ServerProcess.Start(_folder.Path, arguments, environment);
}
