using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Labels;
using StickyPi.Core.Properties;
using StickyPi.Core.Remote;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Storage;
using StickyPi.Core.Tuboids;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>Coming to a server: what goes wrong on the way is told apart, and no password or token goes where it should not.</summary>
public sealed class RemoteConnectionTests(LabServer server) : IClassFixture<LabServer>, IDisposable
{
    private const string UserJson = """{"id":1,"userName":"ada","isAdmin":true,"canWrite":true,"createdAt":"2026-01-01T00:00:00Z"}""";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_that_listens_is_told_at_once()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();

        StickyException error = await FailAsync(new Uri($"http://127.0.0.1:{port}"));

        Assert.Equal("ServerUnreachable", error.ErrorId);
        Assert.Equal($"Connecting failed: nothing listens at http://127.0.0.1:{port}.", error.Message);
        Assert.Contains("port", error.RecommendedAction, StringComparison.Ordinal);
        Assert.NotNull(error.Service);
    }

    [Fact]
    public async Task Who_was_connected_to_a_server_that_has_gone_is_not_told_to_check_the_address()
    {
        OddServer odd = await StartGoodAsync((_, _) => null);
        await using IRemoteStore store = await OpenAsync(odd);
        await odd.DisposeAsync();

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await store.Api.SendAsync(new ApiRequest(HttpMethod.Put, "v1/images/x")));

        Assert.Equal("ServerUnreachable", error.ErrorId);
        Assert.Contains("'PUT v1/images/x'", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            "The server answered before: it may have been stopped, or the network is gone. Run the same command again when it is back.", error.RecommendedAction);
    }

    [Fact]
    public async Task A_host_that_does_not_exist_is_named()
    {
        StickyException error = await FailAsync(new Uri("http://no-such-host.invalid"));

        Assert.Equal("ServerUnreachable", error.ErrorId);
        Assert.Contains("no-such-host.invalid", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CN=127.0.0.1", "127.0.0.1", 365, "issued by itself")]
    [InlineData("CN=other.example", "other.example", 365, "is for other.example, and not for 127.0.0.1")]
    [InlineData("CN=127.0.0.1", "127.0.0.1", -1, "has expired")]
    public async Task A_certificate_that_is_not_trusted_says_why(string subject, string name, int daysLeft, string expected)
    {
        using X509Certificate2 certificate = MakeCertificate(subject, name, daysLeft);
        await using OddServer odd = await OddServer.StartAsync((_, _) => Task.CompletedTask, certificate);

        StickyException error = await FailAsync(new Uri($"https://127.0.0.1:{odd.Uri.Port}"));

        Assert.Equal("ServerNotTrusted", error.ErrorId);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Empty(odd.Requests);
    }

    [Fact]
    public async Task A_server_without_TLS_is_not_asked_by_https()
    {
        StickyException error = await FailAsync(new UriBuilder(server.Uri) { Scheme = "https" }.Uri);

        Assert.Equal("ServerNotTrusted", error.ErrorId);
        Assert.Contains("does not speak TLS", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "text/html", "<html>")]
    [InlineData(404, "text/html", "<html>")]
    public async Task Another_server_is_told_and_gets_no_password(int status, string type, string body)
    {
        bool authorized = false;
        await using OddServer odd = await OddServer.StartAsync((_, context) =>
        {
            authorized |= context.Request.Headers.Authorization.Count > 0;
            return AnswerAsync(context, status, body, type);
        });

        StickyException error = await FailAsync(odd.Uri);

        Assert.Equal("NotAStickyPiServer", error.ErrorId);
        Assert.False(authorized);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task A_server_of_files_that_knows_no_log_in_is_told(int status)
    {
        await using OddServer odd = await OddServer.StartAsync((_, context) => AnswerAsync(context, context.Request.Method == "POST" ? status : 404, "<html>", "text/html"));

        StickyException error = await FailAsync(odd.Uri);

        Assert.Equal("NotAStickyPiServer", error.ErrorId);
        Assert.Contains("Check the address", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_elsewhere_is_named_and_not_followed()
    {
        await using OddServer other = await OddServer.StartAsync((_, context) => AnswerAsync(context, 200, "{}"));
        await using OddServer odd = await OddServer.StartAsync((_, context) =>
        {
            context.Response.Redirect(new Uri(other.Uri, "/v1?secret=1").AbsoluteUri);
            return Task.CompletedTask;
        });

        StickyException error = await FailAsync(odd.Uri);

        Assert.Equal("NotAStickyPiServer", error.ErrorId);
        Assert.Contains($"to {other.Uri}v1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("https://ada:s3cret@lab.example.org")]
    [InlineData("ftp://lab.example.org")]
    [InlineData("https://lab.example.org/?token=s3cret")]
    public async Task An_address_that_is_none_is_refused_without_repeating_a_password(string address)
    {
        StickyException error = await FailAsync(new Uri(address));

        Assert.Equal("InvalidUri", error.ErrorId);
        Assert.DoesNotContain("s3cret", error.Message + error.Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://lab.example.org/", true)]
    [InlineData("https://lab.example.org/", false)]
    [InlineData("http://localhost/", false)]
    [InlineData("http://127.0.0.2:80/", false)]
    [InlineData("http://[::1]/", false)]
    public void Only_plain_http_over_a_network_is_unprotected(string address, bool unprotected) =>
        Assert.Equal(unprotected, ServerAddress.IsUnprotected(new Uri(address)));

    [Fact]
    public async Task A_wrong_password_is_refused_even_where_a_token_is_kept()
    {
        await using (await OpenAsync(LabServer.Password))
        {
            StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await OpenAsync("wrong"));

            Assert.Equal("CredentialRefused", error.ErrorId);
            Assert.Equal(401, error.Service?.Status);
            Assert.DoesNotContain("wrong", error.ToString().Replace("wrong name", "", StringComparison.Ordinal).Split(" at ")[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_password_a_kept_token_serves_until_it_is_forgotten()
    {
        Assert.Equal("CredentialMissing", (await Assert.ThrowsAsync<StickyException>(async () => await OpenAsync(password: null))).ErrorId);
        await using (IRemoteStore first = await OpenAsync(LabServer.Password))
        {
            Assert.Equal(LabServer.Writer, first.User.UserName);
        }

        await using (IRemoteStore second = await OpenAsync(password: null))
        {
            Assert.Empty(await second.GetDeviceNamesAsync());
            await second.ForgetAsync();
            Assert.Equal("CredentialMissing", (await Assert.ThrowsAsync<StickyException>(async () => await second.GetUsersAsync(new UserQuery()))).ErrorId);
        }

        Assert.Empty(Directory.GetFiles(_folder["tokens"]));
        Assert.Equal("CredentialMissing", (await Assert.ThrowsAsync<StickyException>(async () => await OpenAsync(password: null))).ErrorId);
    }

    [Fact]
    public async Task Each_of_two_connections_revokes_its_own_token_and_the_last_one_that_which_is_kept()
    {
        await using IRemoteStore first = await OpenAsync(LabServer.Password);
        await using IRemoteStore second = await OpenAsync(LabServer.Password);
        await using IRemoteStore third = await OpenAsync(password: null);
        string own = TokenOf(first);
        string kept = TokenOf(second);
        Assert.Equal(kept, TokenOf(third));

        Assert.Null(await first.ForgetAsync([second, third]));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await TryAsync(own), await TryAsync(kept)));
        Assert.Null(await second.ForgetAsync([third]));
        Assert.Equal(HttpStatusCode.OK, await TryAsync(kept));
        Assert.Empty(await third.GetDeviceNamesAsync());
        Assert.Single(Directory.GetFiles(_folder["tokens"]));
        Assert.Null(await third.ForgetAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(kept));
        Assert.Empty(Directory.GetFiles(_folder["tokens"]));
    }

    [Fact]
    public async Task The_token_that_is_kept_stays_for_who_is_left_and_goes_with_them()
    {
        await using IRemoteStore first = await OpenAsync(LabServer.Password);
        await using IRemoteStore second = await OpenAsync(LabServer.Password);
        (string own, string kept) = (TokenOf(first), TokenOf(second));

        Assert.Null(await second.ForgetAsync([first]));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await TryAsync(own), await TryAsync(kept)));
        await using IRemoteStore third = await OpenAsync(password: null);
        Assert.Null(await first.ForgetAsync([third]));
        Assert.Null(await third.ForgetAsync());

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (await TryAsync(own), await TryAsync(kept)));
        Assert.Empty(Directory.GetFiles(_folder["tokens"]));
    }

    [Fact]
    public async Task A_token_that_another_program_has_kept_since_stays()
    {
        await using IRemoteStore store = await OpenAsync(LabServer.Password);
        string own = TokenOf(store);
        using HttpClient client = server.Client(LabServer.Writer);
        ApiToken other = JsonSerializer.Deserialize(
            await (await client.PostAsync("/v1/token", content: null)).Content.ReadAsStringAsync(), ApiJson.Default.ApiToken)!;
        TokenFile file = new(_folder["tokens"], server.Uri, LabServer.Writer);
        file.Write(other);

        Assert.Null(await store.ForgetAsync());

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await TryAsync(own), await TryAsync(other.Token)));
        Assert.Equal(other.Token, file.Read()?.Token);
    }

    [Fact]
    public async Task A_kept_token_is_revoked_without_opening_the_store_unless_an_open_one_needs_it()
    {
        RemoteOptions options = new() { Uri = server.Uri, UserName = LabServer.Writer, TokenFolder = _folder["tokens"] };
        Assert.Null(await RemoteConnection.ForgetAsync(options, []));
        string token;
        await using (IRemoteStore store = await OpenAsync(LabServer.Password))
        {
            token = TokenOf(store);
            Assert.Null(await RemoteConnection.ForgetAsync(options, [store]));
            Assert.Equal(HttpStatusCode.OK, await TryAsync(token));
            Assert.Single(Directory.GetFiles(_folder["tokens"]));
        }

        Assert.Null(await RemoteConnection.ForgetAsync(options, []));

        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(token));
        Assert.Empty(Directory.GetFiles(_folder["tokens"]));
    }

    [Fact]
    public async Task Where_no_server_can_be_told_the_token_is_forgotten_all_the_same_and_how_long_it_is_good_is_said()
    {
        OddServer odd = await StartGoodAsync((_, _) => null);
        using Secret password = new("p");
        RemoteOptions options = Options(odd.Uri, password) with { TokenFolder = _folder["tokens"] };
        await (await RemoteConnection.OpenAsync(options, Pictures.Providers)).DisposeAsync();
        await odd.DisposeAsync();

        StickyException? warning = await RemoteConnection.ForgetAsync(options, []);

        Assert.Equal("TokenNotRevoked", warning?.ErrorId);
        Assert.Contains("2036-01-01 00:00 UTC", warning!.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["tokens"]));
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_token_is_its_owners_alone_and_its_file_gives_nothing_away()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows protects the profile.");
        await using (await OpenAsync(LabServer.Password))
        {
        }

        string file = Assert.Single(Directory.GetFiles(_folder["tokens"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder["tokens"]));
        Assert.DoesNotContain(LabServer.Writer, Path.GetFileName(file), StringComparison.Ordinal);
        Assert.DoesNotContain(LabServer.Password, await File.ReadAllTextAsync(file), StringComparison.Ordinal);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Equal("CredentialMissing", (await Assert.ThrowsAsync<StickyException>(async () => await OpenAsync(password: null))).ErrorId);
        Assert.Empty(Directory.GetFiles(_folder["tokens"]));
    }

    [Fact]
    public async Task A_damaged_token_is_dropped()
    {
        await using (await OpenAsync(LabServer.Password))
        {
        }

        string file = Assert.Single(Directory.GetFiles(_folder["tokens"]));
        await File.WriteAllTextAsync(file, "{\"token\":");

        Assert.Equal("CredentialMissing", (await Assert.ThrowsAsync<StickyException>(async () => await OpenAsync(password: null))).ErrorId);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_token_that_expires_is_renewed_once_and_the_request_sent_again()
    {
        string good = "t1";
        int given = 0;
        await using OddServer odd = await OddServer.StartAsync((_, context) => (context.Request.Method, context.Request.Headers.Authorization.ToString()) switch
        {
            ("POST", _) => AnswerAsync(context, 200, TokenJson(good = $"t{++given}")),
            (_, string header) when header == $"Bearer {good}" => AnswerAsync(context, 200, ServerJson),
            _ => AnswerAsync(context, 401, "Unauthorized Access", "text/plain"),
        });
        using Secret password = new("p");
        await using IRemoteStore store = await RemoteConnection.OpenAsync(Options(odd.Uri, password), Pictures.Providers);
        good = "gone";

        using HttpResponseMessage response = await store.Api.SendAsync(new ApiRequest(HttpMethod.Get, "v1"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, given);
    }

    [Fact]
    public async Task Who_logs_out_while_a_token_is_being_renewed_leaves_none_behind()
    {
        string good = "t1";
        int given = 0;
        TaskCompletionSource renewing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource loggedOut = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OddServer odd = await OddServer.StartAsync(async (_, context) =>
        {
            if (context.Request.Method == "POST" && ++given > 1)
            {
                renewing.SetResult();
                await loggedOut.Task;
            }

            await (context.Request.Method == "POST" ? AnswerAsync(context, 200, TokenJson(good = $"t{given}"))
                : context.Request.Headers.Authorization == $"Bearer {good}" ? AnswerAsync(context, 200, ServerJson)
                : AnswerAsync(context, 401, "Unauthorized Access", "text/plain"));
        });
        using Secret password = new("p");
        await using IRemoteStore store = await RemoteConnection.OpenAsync(
            Options(odd.Uri, password) with { TokenFolder = _folder["tokens"] }, Pictures.Providers);
        Assert.Single(Directory.GetFiles(_folder["tokens"]));
        good = "gone";
        Task<HttpResponseMessage>[] requests =
            [.. Enumerable.Range(0, 3).Select(_ => store.Api.SendAsync(new ApiRequest(HttpMethod.Get, "v1")).AsTask())];
        await renewing.Task;

        Task forgetting = store.ForgetAsync().AsTask();
        await Task.WhenAny(forgetting, Task.Delay(TimeSpan.FromSeconds(1)));
        loggedOut.SetResult();
        await forgetting;

        foreach (Task<HttpResponseMessage> request in requests)
        {
            Assert.Equal("CredentialMissing", (await Assert.ThrowsAsync<StickyException>(async () => await request)).ErrorId);
        }

        Assert.Equal(
            "CredentialMissing",
            (await Assert.ThrowsAsync<StickyException>(async () => await store.Api.SendAsync(new ApiRequest(HttpMethod.Get, "v1")))).ErrorId);
        Assert.Empty(Directory.GetFiles(_folder["tokens"]));
        Assert.Equal(2, given);
    }

    [Fact]
    public async Task A_token_that_is_refused_as_soon_as_it_was_given_blames_a_clock_that_is_wrong()
    {
        await using OddServer odd = await OddServer.StartAsync((_, context) =>
        {
            context.Response.Headers.Date = DateTimeOffset.UtcNow.AddDays(-2).ToString("R");
            return context.Request.Method == "POST" ? AnswerAsync(context, 200, TokenJson("t")) : AnswerAsync(context, 401, "", "text/plain");
        });

        StickyException error = await FailAsync(odd.Uri);

        Assert.Equal("ClockWrong", error.ErrorId);
        Assert.Equal(2, odd.Count("POST /v1/token"));
    }

    [Fact]
    public async Task Too_many_attempts_say_how_long_to_wait_and_are_not_repeated()
    {
        await using OddServer odd = await OddServer.StartAsync((_, context) =>
        {
            context.Response.Headers.RetryAfter = "17";
            return AnswerAsync(context, context.Request.Method == "POST" ? 429 : 401, "", "text/plain");
        });

        StickyException error = await FailAsync(odd.Uri);

        Assert.Equal("TooManyAttempts", error.ErrorId);
        Assert.Contains("17 seconds", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(1, odd.Count("POST /v1/token"));
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("PUT", true)]
    [InlineData("DELETE", true)]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    public async Task What_is_safe_to_repeat_is_repeated_when_its_answer_is_lost_and_nothing_else(string method, bool isRepeated)
    {
        int lost = 0;
        await using OddServer odd = await StartGoodAsync((_, context) =>
        {
            if (context.Request.Path != "/x")
            {
                return null;
            }

            if (lost++ == 0)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return AnswerAsync(context, 200, "{}");
        });
        await using IRemoteStore store = await OpenAsync(odd);
        ApiRequest request = new(new HttpMethod(method), "x");

        if (isRepeated)
        {
            using HttpResponseMessage response = await store.Api.SendAsync(request);
            Assert.Equal(2, lost);
        }
        else
        {
            StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await store.Api.SendAsync(request));
            Assert.Equal("ServerUnreachable", error.ErrorId);
            Assert.Contains("may have been done", error.Message, StringComparison.Ordinal);
            Assert.Equal(1, lost);
        }
    }

    [Theory]
    [InlineData(100, 3)]
    [InlineData(200, 1)]
    [InlineData(1000, 1)]
    public async Task A_server_that_says_nothing_is_not_waited_for_again_and_again(int patience, int attempts)
    {
        await using OddServer odd = await OddServer.StartAsync(async (_, context) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                // The client has gone.
            }
        });
        using ApiTransport transport = new(odd.Uri) { LongestSilence = TimeSpan.FromMilliseconds(300) };
        ApiRequest request = new(HttpMethod.Put, "v1/objects/ml/large") { Patience = TimeSpan.FromMilliseconds(patience) };

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await transport.SendAsync(request, authorization: null, default));

        Assert.Equal("ServerUnreachable", error.ErrorId);
        Assert.Contains("does not answer", error.Message, StringComparison.Ordinal);
        Assert.Equal(attempts, odd.Requests.Count);
    }

    [Theory]
    [InlineData("GET", 503, null, 2)]
    [InlineData("GET", 502, null, 2)]
    [InlineData("GET", 500, null, 1)]
    [InlineData("POST", 503, null, 1)]
    [InlineData("POST", 503, "0", 2)]
    [InlineData("POST", 429, "0", 2)]
    [InlineData("GET", 429, "3600", 1)]
    public async Task An_answer_that_asks_for_another_attempt_gets_one_where_that_is_safe(string method, int status, string? retryAfter, int expected)
    {
        int asked = 0;
        await using OddServer odd = await StartGoodAsync((_, context) =>
        {
            if (context.Request.Path != "/x")
            {
                return null;
            }

            context.Response.Headers.RetryAfter = retryAfter;
            return asked++ == 0 ? AnswerAsync(context, status, "", "text/plain") : AnswerAsync(context, 200, "{}");
        });
        await using IRemoteStore store = await OpenAsync(odd);

        if (expected == 2)
        {
            using HttpResponseMessage response = await store.Api.SendAsync(new ApiRequest(new HttpMethod(method), "x"));
        }
        else
        {
            StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await store.Api.SendAsync(new ApiRequest(new HttpMethod(method), "x")));
            Assert.Equal(status, error.Service?.Status);
        }

        Assert.Equal(expected, asked);
    }

    [Fact]
    public async Task What_the_server_says_of_an_error_reaches_the_user()
    {
        await using OddServer odd = await StartGoodAsync((_, context) =>
        {
            context.Response.Headers["X-Request-Id"] = "r-42";
            return context.Request.Path == "/x"
                ? AnswerAsync(
                    context,
                    409,
                    """{"title":"ImageConflict","detail":"Another picture.","status":409,"kind":"Conflict","recommendedAction":"Compare.","field":"md5"}""",
                    "application/problem+json")
                : null;
        });
        await using IRemoteStore store = await OpenAsync(odd);

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await store.Api.SendAsync(new ApiRequest(HttpMethod.Post, "x")));

        Assert.Equal(("ImageConflict", "Another picture.", "Compare.", "md5"), (error.ErrorId, error.Message, error.RecommendedAction, error.Field));
        Assert.Equal(new ServiceError("StickyPi", "ImageConflict", 409, "r-42"), error.Service);
    }

    [Theory]
    [InlineData("https://evil.example/v1")]
    [InlineData("../../secret")]
    [InlineData("v1/../../secret")]
    public async Task A_path_takes_the_token_to_no_other_place(string path)
    {
        await using OddServer odd = await StartGoodAsync((_, _) => null, below: "/lab");
        await using IRemoteStore store = await OpenAsync(odd, "/lab");
        int before = odd.Requests.Count;
        try
        {
            using HttpResponseMessage response = await store.Api.SendAsync(new ApiRequest(HttpMethod.Get, path));
        }
        catch (StickyException e)
        {
            Assert.Contains(e.ErrorId, (string[])["InvalidPath", "NotFoundOnServer"]);
        }

        Assert.All(odd.Requests.Skip(before), request => Assert.StartsWith("GET /lab/", request, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/v1/x?a=1", "/lab/v1/x")]
    [InlineData("v1/x", "/lab/v1/x")]
    [InlineData("//evil.example/v1", "/lab/evil.example/v1")]
    [InlineData("<server>/lab/v1/x?secret=1", "/lab/v1/x")]
    [InlineData("<server>/v1/x", null)]
    [InlineData("https://evil.example/lab/v1/x", null)]
    public async Task The_address_that_is_shown_is_the_one_that_is_asked(string path, string? expected)
    {
        await using OddServer odd = await StartGoodAsync((_, context) => context.Request.Path.Value!.EndsWith("/v1/x", StringComparison.Ordinal)
            || context.Request.Path.Value.EndsWith("evil.example/v1", StringComparison.Ordinal) ? AnswerAsync(context, 200, "{}") : null, below: "/lab");
        await using IRemoteStore store = await OpenAsync(odd, "/lab");
        int before = odd.Requests.Count;
        ApiRequest request = new(HttpMethod.Delete, path.Replace("<server>", odd.Uri.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));

        if (expected is null)
        {
            Assert.Equal("InvalidPath", Assert.Throws<StickyException>(() => store.Api.GetAddress(request)).ErrorId);
            Assert.Equal("InvalidPath", (await Assert.ThrowsAsync<StickyException>(async () => await store.Api.SendAsync(request))).ErrorId);
            Assert.Equal(before, odd.Requests.Count);
            return;
        }

        Assert.Equal(new Uri(odd.Uri, expected), store.Api.GetAddress(request));
        using HttpResponseMessage response = await store.Api.SendAsync(request);
        Assert.Equal($"DELETE {expected}", odd.Requests.Last());
    }

    [Fact]
    public async Task The_endpoints_of_the_server_are_those_of_its_description()
    {
        await using IRemoteStore store = await OpenAsync(LabServer.Password);

        IReadOnlyList<StickyApiEndpoint> endpoints = await store.Api.GetEndpointsAsync();

        StickyApiEndpoint images = Assert.Single(endpoints, endpoint => endpoint is { Method: "GET", Path: "/v1/images" });
        Assert.Equal("ListImages", images.Name);
        Assert.False(string.IsNullOrEmpty(images.Summary));
        Assert.Contains(images.Parameters, parameter => parameter is { Name: "device", In: "query", IsRequired: false });
        Assert.Contains(endpoints, endpoint => endpoint.RequestTypes.Contains("image/jpeg"));
    }

    [Theory]
    [InlineData("v1/images", """{"device":"../../etc","md5":""}""")]
    [InlineData("v1/images", """{"device":"5c173ff\u001b","md5":""}""")]
    [InlineData("v1/images", """{"md5":"..\/..\/x"}""")]
    [InlineData("v1/images", """{"recordedLatitude":1e400}""")]
    [InlineData("v1/images", """{"noFlashIso":-1e999}""")]
    [InlineData("v1/images", """{"width":-1}""")]
    [InlineData("v1/images", """{"width":1e10}""")]
    [InlineData("v1/images", """{"dateTime":"2021-06-01T00:00:00+02:00"}""")]
    [InlineData("v1/images", """{"dateTime":"2021-06-01T00:00:00"}""")]
    [InlineData("v1/images", """{"dateTime":"99999-06-01T00:00:00Z"}""")]
    [InlineData("v1/images", """{"apiUser":"eve\u001b[2J"}""")]
    [InlineData("v1/images", """{"deviceVersion":"3\n2"}""")]
    [InlineData("v1/images", """{"url":"file:///etc/passwd"}""")]
    [InlineData("v1/images", """{"url":"javascript:alert(1)"}""")]
    [InlineData("v1/devices", """{"lastPosition":{"latitude":1e400,"longitude":1,"swapped":false}}""")]
    [InlineData("v1/devices", """{"imageCount":-7}""")]
    [InlineData("v1/devices/names", """["5c173ff2","\u001b]0;x\u0007"]""")]
    [InlineData("v1/images/count", """{"count":-1}""")]
    [InlineData("v1/bundles", """{"name":".."}""")]
    [InlineData("v1/bundles", """{"name":"a/b"}""")]
    [InlineData("v1/bundles", """{"size":-1}""")]
    [InlineData("v1/objects", """{"key":""}""")]
    [InlineData("v1/objects", """{"key":null}""")]
    [InlineData("v1/objects", """{"size":-1}""")]
    [InlineData("v1/labels", """{"type":"Insecta\u001b[31m"}""")]
    [InlineData("v1/labels", """{"tuboidId":"../x"}""")]
    [InlineData("v1/tuboid-series", """{"algoName":"a\u202eb"}""")]
    [InlineData("v1/tuboid-series", """{"device":"../%"}""")]
    [InlineData("v1/tuboid-series", """{"device":""}""")]
    [InlineData("v1/tuboids", """{"device":"5c173ff2%"}""")]
    [InlineData("v1/tuboids", """{"tuboidId":"../../x"}""")]
    [InlineData("v1/tuboids", """{"contextUrl":"ftp://x/y"}""")]
    [InlineData("v1/users", """{"userName":"ada\u001b[8m"}""")]
    [InlineData("v1/properties/device", """{"properties":{"a\u001b":1}}""")]
    public async Task What_a_server_answers_is_refused_where_it_breaks_the_rules_of_input(string path, string change)
    {
        await using OddServer odd = await StartGoodAsync((_, context) => context.Request.Path == $"/{path}"
            ? AnswerAsync(context, 200, Changed(path, change), "application/x-ndjson")
            : null);
        await using IRemoteStore store = await OpenAsync(odd);

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await ReadAsync(store, path));

        Assert.True(error.ErrorId is "InvalidAnswer" or "NotAStickyPiServer", $"{error.ErrorId}: {error.Message}");
        Assert.True(OneLine.IsPlain(error.Message), error.Message);
    }

    [Theory]
    [InlineData("v1/images")]
    [InlineData("v1/devices")]
    [InlineData("v1/bundles")]
    [InlineData("v1/objects")]
    [InlineData("v1/labels")]
    [InlineData("v1/tuboid-series")]
    [InlineData("v1/tuboids")]
    [InlineData("v1/users")]
    [InlineData("v1/properties/device")]
    public async Task What_a_server_answers_rightly_is_taken(string path)
    {
        await using OddServer odd = await StartGoodAsync((_, context) => context.Request.Path == $"/{path}"
            ? AnswerAsync(context, 200, Changed(path, "{}"), "application/x-ndjson")
            : null);
        await using IRemoteStore store = await OpenAsync(odd);

        Assert.Equal(1, await ReadAsync(store, path));
    }

    [Theory]
    [InlineData("""{"token":"t\r\nX-Evil: 1","expiresAt":"2036-01-01T00:00:00Z","user":USER}""")]
    [InlineData("""{"token":"t\u00e4","expiresAt":"2036-01-01T00:00:00Z","user":USER}""")]
    public async Task A_token_that_is_none_is_not_taken(string token)
    {
        await using OddServer odd = await StartGoodAsync((_, context) => context.Request.Path == "/v1/token"
            ? AnswerAsync(context, 200, token.Replace("USER", UserJson, StringComparison.Ordinal))
            : null);

        Assert.Equal("InvalidAnswer", (await FailAsync(odd.Uri)).ErrorId);
    }

    private static string Changed(string path, string change)
    {
        const string Times = "\"createdAt\":\"2021-06-01T00:00:00Z\"";
        string good = path switch
        {
            "v1/images" =>
                $$"""
                {"id":1,"device":"5c173ff2","dateTime":"2021-06-01T00:00:00Z","md5":"d41d8cd98f00b204e9800998ecf8427e","width":1,"height":1,
                {{Times}}}
                """,
            "v1/devices" =>
                """{"device":"5c173ff2","imageCount":1,"firstImage":"2021-06-01T00:00:00Z","lastImage":"2021-06-01T00:00:00Z"}""",
            "v1/bundles" => """{"name":"uid","fileCount":1,"size":1,"lastModified":"2021-06-01T00:00:00Z"}""",
            "v1/objects" => """{"key":"ml/uid/a","size":1,"lastModified":"2021-06-01T00:00:00Z"}""",
            "v1/labels" =>
                $$"""
                {"id":1,"tuboidId":"{{Tuboids.Id(0)}}","tuboidRowId":1,"algoName":"a","algoVersion":"1","label":1,"pattern":".*",
                "type":"Insecta",{{Times}}}
                """,
            "v1/tuboid-series" or "v1/tuboids" =>
                $$"""
                {"id":1,"tuboidId":"{{Tuboids.Id(0)}}","device":"5c173ff2","idInSeries":0,"startTime":"2021-06-01T00:00:00Z",
                "endTime":"2021-06-01T00:00:00Z","shotCount":1,"seriesRowId":1,"seriesStartTime":"2021-06-01T00:00:00Z",
                "seriesEndTime":"2021-06-01T00:00:00Z","seriesImageCount":1,"seriesTuboidCount":1,"seriesAlgoName":"a",
                "seriesAlgoVersion":"1","imageCount":1,"tuboidCount":1,"storedTuboidCount":1,"algoName":"a","algoVersion":"1",{{Times}}}
                """,
            "v1/users" => UserJson,
            "v1/properties/device" => """{"kind":"Device","id":"5c173ff2","properties":{"a":1}}""",
            _ => "{}",
        };
        if (change[0] != '{')
        {
            return change;
        }

        // As a text: 1e400 would not come through a number.
        JsonObject changed = JsonNode.Parse(good)!.AsObject();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(change)!.AsObject())
        {
            changed[name] = value?.DeepClone();
        }

        return changed.ToJsonString();
    }

    private static async Task<int> ReadAsync(IRemoteStore store, string path) => path switch
    {
        "v1/images" => await store.GetImageSeriesAsync(new ImageSeriesQuery()).CountAsync(),
        "v1/devices" => await store.GetDevicesAsync([]).CountAsync(),
        "v1/devices/names" => (await store.GetDeviceNamesAsync()).Count,
        "v1/images/count" => (int)await store.CountImageSeriesAsync(new ImageSeriesQuery()),
        "v1/bundles" => await store.GetMlBundlesAsync([]).CountAsync(),
        "v1/objects" => await store.GetStorageItemsAsync("", KeyFilter.All).CountAsync(),
        "v1/labels" => await store.GetLabelsAsync(new LabelQuery()).CountAsync(),
        "v1/tuboid-series" => await store.GetTuboidSeriesAsync(new TuboidQuery()).CountAsync(),
        "v1/tuboids" => await store.GetTuboidsAsync(new TuboidQuery()).CountAsync(),
        "v1/users" => (await store.GetUsersAsync(new UserQuery())).Count,
        _ => await store.ListPropertiesAsync(StickyPropertyKind.Device, []).CountAsync(),
    };

    private const string ServerJson = "{\"name\":\"StickyPi\",\"version\":\"1\",\"user\":" + UserJson + ",\"store\":{\"kind\":\"Folder\"}}";

    private static string TokenJson(string token) => $$"""{"token":"{{token}}","expiresAt":"2036-01-01T00:00:00Z","user":{{UserJson}}}""";

    // Lets everybody in, and otherwise answers as the test wants; null where that is how a real one would.
    private static Task<OddServer> StartGoodAsync(Func<OddServer, HttpContext, Task?> answer, string below = "") => OddServer.StartAsync((odd, context) =>
        answer(odd, context)
        ?? (context.Request.Path == $"{below}/v1/token" ? AnswerAsync(context, 200, TokenJson("t"))
            : context.Request.Path == $"{below}/v1" && context.Request.Headers.Authorization.Count > 0 ? AnswerAsync(context, 200, ServerJson)
            : context.Request.Path == $"{below}/v1" ? AnswerAsync(context, 401, "", "text/plain")
            : AnswerAsync(context, 404, "", "text/plain")));

    private static async Task<IRemoteStore> OpenAsync(OddServer odd, string below = "")
    {
        using Secret password = new("p");
        return await RemoteConnection.OpenAsync(Options(new Uri(odd.Uri, below), password), Pictures.Providers);
    }

    private static RemoteOptions Options(Uri uri, Secret? password) => new() { Uri = uri, UserName = "ada", Password = password };

    private static async Task<StickyException> FailAsync(Uri uri)
    {
        using Secret password = new("p");
        return await Assert.ThrowsAsync<StickyException>(async () => await RemoteConnection.OpenAsync(Options(uri, password), Pictures.Providers));
    }

    private static Task AnswerAsync(HttpContext context, int status, string body, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    }

    private static string TokenOf(IRemoteStore store) => store.Api.Session.Token!.Token;

    private async Task<HttpStatusCode> TryAsync(string token)
    {
        using HttpClient client = server.ClientWith(new("Bearer", token));
        using HttpResponseMessage response = await client.GetAsync("v1");
        return response.StatusCode;
    }

    private static X509Certificate2 MakeCertificate(string subject, string name, int daysLeft)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        if (IPAddress.TryParse(name, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(daysLeft));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private async Task<IRemoteStore> OpenAsync(string? password)
    {
        using Secret? secret = password is null ? null : new Secret(password);
        return await RemoteConnection.OpenAsync(
            new RemoteOptions { Uri = server.Uri, UserName = LabServer.Writer, Password = secret, TokenFolder = _folder["tokens"] }, Pictures.Providers);
    }
}
