using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StickyPi.Core;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Server;

namespace StickyPi.Tests.Wire;

/// <summary>
/// What the existing client asked the existing server, asked again of this one: everything that was captured, in the order in which it was,
/// against a server that really listens, over a store that is empty at first.
/// </summary>
public sealed class WireTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";

    private static readonly Dictionary<string, string> Passwords = new()
    {
        ["admin"] = Password,
        ["ada"] = "lovelace",
        ["reader"] = "readerreader",
        ["a__"] = Password,
        ["nobody"] = Password,
    };

    // Who asks, where it is not the administrator: the captured secrets are replaced, names included.
    private static readonly Dictionary<int, string> Users = new()
    {
        [3] = "nobody",
        [15] = "ada",
        [30] = "reader",
        [31] = "ada",
        [49] = "reader",
        [59] = "reader",
        [60] = "ada",
        [71] = "reader",
        [79] = "reader",
        [92] = "reader",
        [93] = "ada",
        [105] = "a__",
    };

    private readonly TestFolder _folder = new();
    private readonly WireRows _rows = new();
    private readonly Dictionary<string, string> _tokens = [];
    private readonly Dictionary<string, Uri> _urls = [];
    private readonly Dictionary<string, JsonNode> _forms = [];
    private WebApplication? _server;
    private HttpClient _client = null!;
    private WireBodies _bodies = null!;

    private Store Store => _server!.Services.GetRequiredService<Store>();

    public async Task InitializeAsync()
    {
        _server = await StickyServer.BuildAsync(["--path", _folder["store"], "--urls", "http://127.0.0.1:0"]);
        await _server.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_server.Urls.First()) };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server!.StopAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [SkippableFact]
    public async Task Every_captured_request_gets_the_captured_answer_but_for_what_is_named()
    {
        SampleData.SkipIfAbsent();
        _bodies = new WireBodies();
        await AddUserAsync("admin", isAdmin: true);
        await AddUserAsync("spi_uid", isAdmin: true);

        List<string> failures = [];
        foreach (WireCase wire in WireCase.All)
        {
            await PrepareAsync(wire.Number);
            foreach (WireExchange exchange in wire.Exchanges)
            {
                failures.AddRange((await ReplayAsync(wire, exchange)).Select(difference => $"{wire}: {difference}"));
            }
        }

        Assert.True(WireCase.All.Count == 105, "Not all of the captured cases are there.");
        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    // What was there, and was not captured: the other tuboids of the series, and a user whose name is a pattern.
    private async Task PrepareAsync(int number)
    {
        if (number == 70)
        {
            JsonArray rows = JsonNode.Parse(WireCase.Get(72).Exchanges[0].ResponseBody)!.AsArray();
            WireExchange first = WireCase.Get(68).Exchanges[0];
            foreach (JsonNode row in rows.Skip(1).Select(row => row!))
            {
                using HttpRequestMessage request = new(HttpMethod.Post, "_put_tiled_tuboids") { Content = MakeTuboid(first, row) };
                request.Headers.Authorization = Basic("admin", Password);
                using HttpResponseMessage response = await _client.SendAsync(request);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }
        else if (number == 105)
        {
            await AddUserAsync("a__", isAdmin: false);
        }
    }

    private MultipartFormDataContent MakeTuboid(WireExchange first, JsonNode row)
    {
        (DateTime start, DateTime end, int shots) = (Time("start_datetime"), Time("end_datetime"), row["n_shots"]!.GetValue<int>());
        IEnumerable<string> lines = Enumerable.Range(0, shots).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"08038ade.{StickyTime.ToFileText(i == shots - 1 ? end : start.AddSeconds(i))},1.5,2.5,1.0"));
        MultipartFormDataContent content = [];
        foreach (WirePart part in first.Parts)
        {
            byte[] bytes = part.Name switch
            {
                "metadata" => Encoding.ASCII.GetBytes(string.Join('\n', lines)),
                "tuboid_id" => Encoding.UTF8.GetBytes(row["tuboid_id"]!.ToJsonString()),
                _ => _bodies.Get(part.Body),
            };
            content.Add(new ByteArrayContent(bytes), part.Name, part.FileName!);
        }

        return content;

        DateTime Time(string name) => StickyTime.TryParseFileText(row[name]!.GetValue<string>(), out DateTime time) ? time : throw new InvalidDataException(name);
    }

    private async Task<IReadOnlyList<string>> ReplayAsync(WireCase wire, WireExchange exchange)
    {
        using HttpRequestMessage request = await MakeRequestAsync(wire, exchange);
        using HttpResponseMessage response = await _client.SendAsync(request);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        List<string> differences = [];
        WireDifference? difference = WireDifference.All.GetValueOrDefault(wire.Number);
        int status = difference?.Status ?? exchange.Status;
        if ((int)response.StatusCode != status)
        {
            return [$"{exchange.Method} {exchange.Target}: {(int)response.StatusCode} instead of {status}: {Encoding.UTF8.GetString(body)}"];
        }

        if (exchange.IsToStorage)
        {
            if (status == 200 && exchange.ResponseBody.StartsWith('<') && wire.Number != 51)
            {
                // What a refused upload had put in its place stays away here.
                string expected = wire.Number == 50 ? "9e6e908d9c29d332b511f8d5121857f8" : _bodies.Replace(exchange.ResponseBody[^33..^1]);
                differences.AddRange(Convert.ToHexStringLower(MD5.HashData(body)) == expected ? [] : [$"{exchange.Target}: another file"]);
            }

            return differences;
        }

        foreach (string name in (string[])["Allow", "WWW-Authenticate"])
        {
            if (exchange.Status == status && exchange.ResponseHeaders.TryGetValue(name, out string? expected))
            {
                IEnumerable<string> values = response.Headers.TryGetValues(name, out IEnumerable<string>? own) ? own
                    : response.Content.Headers.TryGetValues(name, out IEnumerable<string>? ofContent) ? ofContent : [];
                bool isSame = values.SelectMany(Split).Order().SequenceEqual(Split(expected).Order());
                differences.AddRange(isSame ? [] : [$"{name}: {string.Join(", ", values)} instead of {expected}"]);
            }
        }

        switch (status)
        {
            case 200 when exchange.Method != "OPTIONS":
                differences.AddRange(CompareList(wire, exchange, response, body));
                break;
            case 401 or 403 when exchange.Status == status:
                differences.AddRange(Encoding.UTF8.GetString(body) == exchange.ResponseBody ? [] : [$"{Encoding.UTF8.GetString(body)} instead of {exchange.ResponseBody}"]);
                break;
            case 400 or 404 or 409 when difference is not null:
                differences.AddRange(CompareError(difference, body));
                break;
        }

        return differences;
    }

    private IReadOnlyList<string> CompareList(WireCase wire, WireExchange exchange, HttpResponseMessage response, byte[] body)
    {
        if (response.Content.Headers.ContentType?.ToString() != "application/json")
        {
            return [$"Content-Type: {response.Content.Headers.ContentType}"];
        }

        JsonNode answered = JsonNode.Parse(body)!;
        Remember(answered);
        JsonNode captured = wire.Number switch
        {
            // All of those who were added, and not the last one alone.
            11 => JsonNode.Parse("[" + AdaRow + "," + exchange.ResponseBody[1..])!,

            // No label of an unknown tuboid, and no annotation of an empty list.
            81 or 102 or 105 => new JsonArray(),
            _ => JsonNode.Parse(_bodies.Replace(exchange.ResponseBody))!,
        };
        List<string> differences = [.. _rows.Compare(captured, answered)];
        if (exchange.Target.StartsWith("/get_image", StringComparison.Ordinal) && wire.Number != 48)
        {
            string[] order = [.. answered.AsArray().Select(row => $"{row!["device"]} {row["datetime"]}")];
            differences.AddRange(order.SequenceEqual(order.Order(StringComparer.Ordinal)) ? [] : ["not ordered by device and time"]);
        }

        return differences;
    }

    private const string AdaRow =
        """
        {"api_user":"admin","api_version":"0.1.0","can_write":true,"datetime_created":"2026-11-20_10-42-14","email":"mymail@computer.com","id":3,"is_admin":false,"password_hash":"***********","username":"ada"}
        """;

    private static IReadOnlyList<string> CompareError(WireDifference difference, byte[] body)
    {
        JsonElement error = JsonDocument.Parse(body).RootElement;
        string? field = error.TryGetProperty("field", out JsonElement value) ? value.GetString() : null;
        string text = Encoding.UTF8.GetString(body);
        return (field ?? "") != difference.Field ? [$"the field is {field}: {text}"]
            : error.GetProperty("detail").GetString()!.Length < 10 ? [$"no reason: {text}"]
            : text.Contains(Path.GetTempPath(), StringComparison.Ordinal) ? [$"a path of the server: {text}"]
            : [];
    }

    // Where the files are, and how they are uploaded, is asked of the answers that told of it.
    private void Remember(JsonNode? answer)
    {
        foreach (JsonNode? row in answer as JsonArray ?? [])
        {
            if (row is JsonArray)
            {
                Remember(row);
            }
            else if (row?["url"] is JsonObject form)
            {
                _forms[form["fields"]!["key"]!.GetValue<string>()] = form;
            }
            else if (row?["url"]?.GetValue<string>() is { Length: > 0 } url)
            {
                _urls[KeyOf(new Uri(url))] = new Uri(url);
            }
        }
    }

    private async Task<HttpRequestMessage> MakeRequestAsync(WireCase wire, WireExchange exchange)
    {
        HttpRequestMessage request = new(new HttpMethod(exchange.Method), exchange.Target);
        if (exchange.IsToStorage && exchange.Method == "GET")
        {
            Uri url = _urls[KeyOf(new Uri(exchange.Target))];
            request.RequestUri = wire.Number == 52 ? new Uri(url.AbsoluteUri[..^4] + "AAAA") : url;
            return request;
        }

        if (exchange.IsToStorage)
        {
            JsonNode form = _forms[exchange.Parts.Single(part => part.Name == "key").Body];
            request.RequestUri = new Uri(form["url"]!.GetValue<string>());
            MultipartFormDataContent content = [];
            foreach ((string name, JsonNode? value) in form["fields"]!.AsObject())
            {
                content.Add(new StringContent(value!.GetValue<string>()), name);
            }

            WirePart file = exchange.Parts.Single(part => part.Name == "file");
            content.Add(new ByteArrayContent(_bodies.Get(file.Body)), "file", file.FileName!);
            request.Content = content;
            return request;
        }

        if (exchange.RequestHeaders.TryGetValue("Authorization", out string? authorization))
        {
            string user = Users.GetValueOrDefault(wire.Number, "admin");
            request.Headers.Authorization = wire.Number switch
            {
                2 => Basic(user, "wrong"),
                6 => Basic("eyJhbGciOiJIUzUxMiJ9.bad.token", ""),
                _ when authorization.Contains("<token>", StringComparison.Ordinal) => Basic(await GetTokenAsync(user), ""),
                _ => Basic(user, Passwords[user]),
            };
        }

        request.Content = MakeContent(exchange);
        if (wire.Number == 103)
        {
            // Refused before the body is sent.
            request.Headers.ExpectContinue = true;
        }

        return request;
    }

    private HttpContent? MakeContent(WireExchange exchange)
    {
        if (exchange.IsMultipart)
        {
            MultipartFormDataContent parts = [];
            foreach (WirePart part in exchange.Parts)
            {
                ByteArrayContent content = new(_bodies.Get(part.Body));
                content.Headers.ContentType = part.ContentType is null ? null : new MediaTypeHeaderValue(part.ContentType);
                parts.Add(content, part.Name, part.FileName!);
            }

            return parts;
        }

        byte[] body = exchange.RequestBody.StartsWith("<105906176 bytes", StringComparison.Ordinal)
            ? new byte[105906176]
            : Encoding.UTF8.GetBytes(_bodies.Replace(exchange.RequestBody));
        ByteArrayContent whole = new(body);
        whole.Headers.ContentType = exchange.RequestHeaders.TryGetValue("Content-Type", out string? type) ? new MediaTypeHeaderValue(type) : null;
        return exchange.Method == "GET" ? null : whole;
    }

    private async Task<string> GetTokenAsync(string user)
    {
        if (!_tokens.TryGetValue(user, out string? token))
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "get_token");
            request.Headers.Authorization = Basic(user, Passwords[user]);
            using HttpResponseMessage response = await _client.SendAsync(request);
            token = _tokens[user] = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["token"]!.GetValue<string>();
        }

        return token;
    }

    private async Task AddUserAsync(string name, bool isAdmin)
    {
        using Secret password = new(Password);
        Assert.True((await Store.AddUserAsync(new NewUser { UserName = name, IsAdmin = isAdmin }, password)).Succeeded);
    }

    private static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private static IEnumerable<string> Split(string value) => value.Split(", ");

    // Both servers have one more part in front of the key: the bucket, or "files".
    private static string KeyOf(Uri url) => url.AbsolutePath.Split('/', 3)[2];
}
