using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>What no well-meaning client sends: to every route that the server has.</summary>
public sealed class HostileInputTests : IAsyncLifetime
{
    private const string Device = "5c173ff2";
    private const string Secret = "what lies beside the store is nobody's business";

    private static readonly string[] Nasty =
    [
        "..", "../..", "../../outside.txt", "..\\..\\outside.txt", "%2e%2e%2foutside.txt", "....//outside.txt", "/etc/passwd", "raw_images/../../outside.txt",
        "\0", "a\0b", "%00", "'", "\"", "'; DROP TABLE users;--", "' OR '1'='1", "\" OR 1=1 --", "1; DELETE FROM images", "_", "%", "________", "%%%", "*", "?", "[a-z]",
        "$(id)", "`id`", "{{7*7}}", "${jndi:x}", "<script>", "\r\nX-Injected: 1", "\n", "\t", " ", ".", "-1", "0", "99999999999999999999", "NaN", "1e400",
        "0001-01-01", "9999-12-31T23:59:59.9999999Z", "2020-02-30_00-00-00", "CON", "database.db", "cache", "cache/writers", "ml", "raw_images",
        "ä", "\u202e", "\U0001F41D", "\uFFFF", "null", "true", "[]", "{}", new('a', 300), string.Concat(Enumerable.Repeat("../", 600)), new('\u00e9', 1500),
    ];

    private static readonly string[] Names =
    [
        "device", "startTime", "endTime", "what", "skip", "first", "includeTotal", "algoName", "algoVersion", "latest", "includeLabels", "tuboidId", "userName", "email",
        "name", "prefix", "key", "id", "cursor", "pageSize", "copyFrom", "force", "simulate", "continueOnError", "returnStored", "imageCount", "tuboidCount", "expires",
        "signature", "none",
    ];

    private static readonly string[] Fields =
    [
        "device", "datetime", "dateTime", "start_datetime", "end_datetime", "startTime", "endTime", "md5", "algo_name", "algo_version", "algoName", "algoVersion", "username",
        "userName", "password", "email", "is_admin", "isAdmin", "can_write", "canWrite", "tuboid_id", "tuboidId", "label", "pattern", "type", "order", "bundle_name", "key",
        "size", "eTag", "metadata", "annotations", "contour", "set", "merge", "kind", "id", "image_id", "n_images", "n_tuboids", "info", "client",
    ];

    private readonly LabServer _server = new() { Arguments = ["--log-ins-per-address", "1000000", "--log-ins-per-user", "1000000"] };

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        await File.WriteAllTextAsync(_server["outside.txt"], Secret);
        _ = Directory.CreateDirectory(_server["store/ml/bundle"]);
        await File.WriteAllTextAsync(_server["store/ml/bundle/config.yaml"], "kept");
        await foreach (Outcome<SendImageResult> sent in _server.Store.SendImagesAsync(One(Pictures.Write(_server["card"], Device, Pictures.Start)), new SendImageOptions()))
        {
            Assert.True(sent.Succeeded, sent.Error?.Message);
        }
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task No_string_in_a_path_a_query_or_a_body_breaks_out_or_breaks_the_server()
    {
        List<string> wrong = [];
        using HttpClient client = _server.Client(LabServer.Administrator);
        foreach ((string method, string pattern) in _server.Routes())
        {
            string absent = ServerRoutes.Fill(pattern, ServerRoutes.Absent);
            for (int i = 0; i < Nasty.Length; i++)
            {
                string nasty = Nasty[i];
                if (absent != pattern)
                {
                    string raw = ServerRoutes.Fill(pattern, _ => nasty.All(c => char.IsAscii(c) && !char.IsControl(c) && c is not (' ' or '?' or '#')) ? nasty : "x");
                    await CheckAsync(client, method, ServerRoutes.Fill(pattern, _ => Uri.EscapeDataString(nasty)), "[]", wrong);
                    await CheckAsync(client, method, raw, "[]", wrong);
                }

                if (method is "POST" or "PUT" or "PATCH")
                {
                    await CheckAsync(client, method, absent, i % 2 == 0 ? Body(_ => nasty) : $"[{Body(_ => nasty)}]", wrong);
                }
            }

            for (int i = 0; i < Names.Length; i++)
            {
                string all = string.Join('&', Nasty.Take(50).Select(nasty => $"{Names[i]}={Uri.EscapeDataString(nasty)}"));
                await CheckAsync(client, method, $"{absent}?{all}", "[]", wrong);
                await CheckAsync(client, method, $"{absent}?{Names[i]}={Uri.EscapeDataString(Nasty[i * 7 % Nasty.Length])}", "[]", wrong);
            }
        }

        AssertNone(wrong);
        await CheckStoreAsync();
    }

    [Fact]
    public async Task Half_a_surrogate_pair_and_other_texts_that_are_none_are_refused()
    {
        List<string> wrong = [];
        using HttpClient client = _server.Client(LabServer.Administrator);
        foreach ((string method, string pattern) in _server.Routes().Where(route => route.Method is "POST" or "PUT" or "PATCH"))
        {
            string path = ServerRoutes.Fill(pattern, ServerRoutes.Absent);
            foreach (string text in (string[])["\\ud800", "\\udc00x", "\\u0000", "a\\ud800b"])
            {
                string body = string.Join(',', Fields.Select(field => $"\"{field}\":\"{text}\""));
                await CheckAsync(client, method, path, $"[{{{body}}}]", wrong);
                await CheckAsync(client, method, path, $"{{{body}}}", wrong);
                await CheckAsync(client, method, path, $"[\"{text}\"]", wrong);
                await CheckAsync(client, method, path, $"{{\"{text}\":1}}", wrong);
            }

            foreach (byte[] bytes in (byte[][])[[0xFF, 0xFE], [0xC0, 0x80], [.. "[\""u8, 0xED, 0xA0, 0x80, .. "\"]"u8], [.. "[{\"device\":\""u8, 0xFF, .. "\"}]"u8], []])
            {
                using ByteArrayContent content = new(bytes);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                await CheckAsync(client, method, path, content, wrong);
            }

            string deep = new string('[', 100_000);
            await CheckAsync(client, method, path, deep, wrong);
            await CheckAsync(client, method, path, "[" + string.Concat(Enumerable.Repeat("{\"a\":", 10_000)), wrong);
        }

        AssertNone(wrong);
        await CheckStoreAsync();
    }

    [Fact]
    public async Task Thousands_of_random_requests_get_an_answer_that_is_no_failure_of_the_server()
    {
        const int Requests = 4000;
        const int Seed = 20201101;
        Random random = new(Seed);
        (string Method, string Pattern)[] routes = [.. _server.Routes()];
        string[] methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];
        string[] types =
        [
            "application/json", "application/x-ndjson", "image/jpeg", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", "application/merge-patch+json",
            "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/json; charset=none",
        ];
        HttpClient[] clients = [.. ((string?[])[null, LabServer.Reader, LabServer.Writer, LabServer.Writer]).Select(user => _server.Client(user))];
        List<string> wrong = [];
        for (int i = 0; i < Requests; i++)
        {
            (string known, string pattern) = Pick(routes);
            string path = random.Next(4) switch
            {
                0 => ServerRoutes.Fill(pattern, ServerRoutes.Absent),
                1 => ServerRoutes.Fill(pattern, name => name switch
                {
                    "device" => Device,
                    "dateTime" => StickyTime.ToFileText(Pictures.Start),
                    "key" => "ml/other/config.yaml",
                    _ => ServerRoutes.Absent(name),
                }),
                2 => ServerRoutes.Fill(pattern, _ => Uri.EscapeDataString(RandomText())),
                _ => "/" + string.Join('/', Enumerable.Range(0, random.Next(5)).Select(_ => Uri.EscapeDataString(RandomText()))),
            };
            string query = string.Join('&', Enumerable.Range(0, random.Next(4)).Select(_ => $"{Pick(Names)}={Uri.EscapeDataString(RandomText())}"));
            string method = random.Next(4) == 0 ? Pick(methods) : known;
            using ByteArrayContent? content = method is "GET" or "HEAD" or "TRACE" ? null : new ByteArrayContent(RandomBody());
            _ = content?.Headers.TryAddWithoutValidation("Content-Type", Pick(types));
            if (content is not null && random.Next(20) == 0)
            {
                content.Headers.ContentEncoding.Add(Pick(["gzip", "br", "none"]));
            }

            if (content is not null && random.Next(5) == 0)
            {
                _ = content.Headers.TryAddWithoutValidation("Content-MD5", Pick(["", "AAAA", "1B2M2Y8AsgTpgAmY7PhCfg==", "="]));
            }

            await CheckAsync(Pick(clients), method, query.Length > 0 ? $"{path}?{query}" : path, content, wrong, request =>
            {
                foreach (string header in (string[])["Accept", "Range", "If-None-Match", "If-Modified-Since", "X-Forwarded-For", "X-Sticky-ETag", "X-Sticky-Modified-Time", "Cookie"])
                {
                    if (random.Next(8) == 0)
                    {
                        _ = request.Headers.TryAddWithoutValidation(
                            header, Pick(["", "*/*", "application/x-ndjson", "bytes=0-", "bytes=5-1", "bytes=-0", "bytes=0-1,2-3", "*", "\"x\"", "W/", "2020-01-01T00:00:00Z", "Thu", "x;q=9"]));
                    }
                }
            });
        }

        AssertNone(wrong);
        await CheckStoreAsync();
        Array.ForEach(clients, client => client.Dispose());

        T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

        string RandomText() => random.Next(3) == 0
            ? new string([.. Enumerable.Range(0, random.Next(12)).Select(_ => (char)random.Next(1, 0xD7FF))])
            : Pick(Nasty);

        byte[] RandomBody()
        {
            byte[] json = Encoding.UTF8.GetBytes(random.Next(3) switch
            {
                0 => $"[{Body(_ => RandomText())}]",
                1 => string.Join('\n', Enumerable.Range(0, random.Next(4)).Select(_ => RandomJson(3))),
                _ => RandomJson(4),
            });
            switch (random.Next(6))
            {
                case 0:
                    random.NextBytes(json);
                    break;
                case 1:
                    json = json[..random.Next(json.Length + 1)];
                    break;
                case 2:
                    json = [.. "--x\r\nContent-Disposition: form-data; name=\""u8, .. Encoding.UTF8.GetBytes(Pick(Fields)), .. "\"; filename=\"../x.jpg\"\r\n\r\n"u8, .. json,
                        .. random.Next(2) == 0 ? "\r\n--x--\r\n"u8 : ""u8];
                    break;
            }

            return json;
        }

        string RandomJson(int depth) => random.Next(depth > 0 ? 7 : 5) switch
        {
            0 => JsonSerializer.Serialize(RandomText()),
            1 => random.Next(-5, 5).ToString(CultureInfo.InvariantCulture),
            2 => "1e999",
            3 => Pick(["null", "true", "false"]),
            4 => $"\"{StickyTime.ToFileText(Pictures.Start)}\"",
            5 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => RandomJson(depth - 1)))}]",
            _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => $"\"{Pick(Fields)}\":{RandomJson(depth - 1)}"))}}}",
        };
    }

    [Fact]
    public async Task Connections_that_speak_no_http_are_closed_and_the_server_goes_on()
    {
        Random random = new(4711);
        string[] beginnings =
        [
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "POST /v1/token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
            "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "GET /v1/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", "GET /files/..%2f..%2foutside.txt HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n", "GET /v1 HTTP/1.1\r\n\r\n", "GET /v1 HTTP/9.9\r\nHost: x\r\n\r\n", "GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /v1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /v1 HTTP/1.1\r\nHost: x\r\nX: \0\r\n\r\n", "\u0016\u0003\u0001\u0002", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET /v1%00 HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        ];
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(beginnings[i % beginnings.Length]);
            if (i >= beginnings.Length)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            using TcpClient client = new(_server.Uri.Host, _server.Uri.Port);
            await client.GetStream().WriteAsync(bytes);
            string answer = await ReadAsync(client);
            Assert.DoesNotContain("HTTP/1.1 5", answer, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, answer, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await _server.Client(LabServer.Reader).GetAsync("/v1")).StatusCode);

        static async Task<string> ReadAsync(TcpClient client)
        {
            try
            {
                client.Client.Shutdown(SocketShutdown.Send);
                using StreamReader reader = new(client.GetStream());
                return await reader.ReadToEndAsync();
            }
            catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
            {
                // The server was quicker to close it.
                return "";
            }
        }
    }

    [Fact]
    public async Task Nothing_secret_is_ever_logged()
    {
        const string Other = "another-password-of-somebody";
        using HttpClient ada = _server.Client(LabServer.Administrator);
        ApiToken token = JsonSerializer.Deserialize(await (await ada.PostAsync("/v1/token", null)).Content.ReadAsStringAsync(), ApiJson.Default.ApiToken)!;
        using HttpClient bearer = _server.ClientWith(new AuthenticationHeaderValue("Bearer", token.Token));
        Signatory signatory = await _server.SignatoryAsync(LabServer.Administrator);
        string url = (await _server.Store.As("ada", key => _server.Services.GetService(typeof(StickyPi.Server.Files.FileUrls)) is StickyPi.Server.Files.FileUrls urls
            ? urls.Create(_server.Uri.AbsoluteUri.TrimEnd('/'), key, signatory)
            : "").GetImagesAsync([new ImageReference(Device, Pictures.Start)], ImageContent.Image))[0]!.Url;
        List<string> wrong = [];
        HttpClient[] refused =
        [
            _server.Client(), _server.Client("ada", Other), _server.Client(Other, "x"), _server.Client(token.Token, ""), _server.Client(token.Token, "x"),
            _server.ClientWith(new AuthenticationHeaderValue("Bearer", token.Token + "x")), _server.ClientWith(new AuthenticationHeaderValue("Digest", Other)),
        ];
        foreach (HttpClient client in (HttpClient[])[ada, bearer, .. refused])
        {
            // Each wrong password takes the time of a hash, and what is refused is refused alike everywhere.
            foreach ((string method, string pattern) in _server.Routes().Where(route => !refused.Contains(client) || route.Pattern is "/v1" or "/get_token"))
            {
                string path = ServerRoutes.Fill(pattern, ServerRoutes.Absent);
                await CheckAsync(client, method, path, "[]", wrong);
                await CheckAsync(client, method, $"{path}?signature={Other}&token={Uri.EscapeDataString(token.Token)}", Body(field => field == "password" ? Other : "x"), wrong);
                await CheckAsync(client, method, path, $"[{Body(field => field == "password" ? Other : "x")}]", wrong);
                await CheckAsync(client, method, path, $"{{\"password\": \"{Other}\"", wrong);
            }

            _ = await client.GetAsync(url);
            _ = await client.GetAsync(url + "x");
        }

        AssertNone(wrong);
        string log = string.Join('\n', _server.Log.Lines);
        Assert.Contains("ada logged in", log, StringComparison.Ordinal);
        Assert.Contains("/files/", log, StringComparison.Ordinal);
        byte[] key = signatory.Key.ToArray();
        foreach (string secret in (string[])
        [
            LabServer.Password, Other, token.Token, token.Token.Split('.')[2], Encode($"ada:{LabServer.Password}")[4..^4], Encode($"{token.Token}:")[..40], Encode(Other)[..^4],
            url.Split("signature=")[1], "Authorization:", Convert.ToBase64String(key)[..^2], Convert.ToHexString(key),
        ])
        {
            Assert.DoesNotContain(secret, log, StringComparison.OrdinalIgnoreCase);
        }
    }

    // All of it, with what the server logged of its failures: a seed tells nothing.
    private void AssertNone(List<string> wrong) => Assert.True(
        wrong.Count == 0,
        $"{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(40))}\n{string.Join('\n', _server.Log.Lines.Where(line => line.Contains(" failed.", StringComparison.Ordinal)).Take(8))}");

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Body(Func<string, string> value) => JsonSerializer.Serialize(Fields.ToDictionary(field => field, value));

    private static async IAsyncEnumerable<string> One(string path)
    {
        await Task.CompletedTask;
        yield return path;
    }

    private static async Task CheckAsync(HttpClient client, string method, string path, string body, List<string> wrong)
    {
        using StringContent? content = method is "GET" or "HEAD" or "DELETE" ? null : new StringContent(body, Encoding.UTF8, "application/json");
        await CheckAsync(client, method, path, content, wrong);
    }

    private static async Task CheckAsync(
        HttpClient client, string method, string path, HttpContent? content, List<string> wrong, Action<HttpRequestMessage>? configure = null)
    {
        // As it is, with its dots and escapes.
        if (!Uri.TryCreate(client.BaseAddress!.AbsoluteUri.TrimEnd('/') + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out Uri? uri))
        {
            return;
        }

        using HttpRequestMessage request = new(new HttpMethod(method), uri) { Content = content };
        configure?.Invoke(request);
        string shown = $"{method} {(path.Length > 150 ? path[..150] + "…" : path)}";
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request);
            string text = await answer.Content.ReadAsStringAsync();
            if ((int)answer.StatusCode >= 500)
            {
                wrong.Add($"{shown}: {(int)answer.StatusCode} {text}");
            }

            if (text.Contains(Secret, StringComparison.Ordinal) || text.Contains("root:x:0", StringComparison.Ordinal) || text.Contains("$pbkdf2", StringComparison.Ordinal)
                || answer.Headers.Contains("X-Injected"))
            {
                wrong.Add($"{shown}: leaks");
            }
        }
        catch (HttpRequestException e)
        {
            wrong.Add($"{shown}: {e.Message} {e.InnerException?.Message}");
        }
    }

    // Whatever was deleted or changed, it was nothing of somebody who was not named.
    private async Task CheckStoreAsync()
    {
        Assert.Equal("kept", await File.ReadAllTextAsync(_server["store/ml/bundle/config.yaml"]));
        Assert.Equal(Secret, await File.ReadAllTextAsync(_server["outside.txt"]));
        Assert.NotNull((await _server.Store.GetImagesAsync([new ImageReference(Device, Pictures.Start)]))[0]);
        Assert.NotEmpty((await _server.Store.ReadImageAsync(new ImageReference(Device, Pictures.Start))).ToArray());
        IReadOnlyList<StickyUser> users = await _server.Store.GetUsersAsync(new UserQuery());
        foreach ((string name, bool isAdmin, bool canWrite) in (IEnumerable<(string, bool, bool)>)
            [(LabServer.Administrator, true, true), (LabServer.Writer, false, true), (LabServer.Reader, false, false)])
        {
            Assert.Contains(users, user => (user.UserName, user.IsAdmin, user.CanWrite) == (name, isAdmin, canWrite));
        }
    }
}
