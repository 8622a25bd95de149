using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using StickyPi.Core.Users;
using StickyPi.Server.Access;

namespace StickyPi.Tests;

/// <summary>Who may do what.</summary>
public sealed class AccessTests(LabServer server) : IClassFixture<LabServer>
{
    private static readonly string[] ByRole = [Roles.Reader, Roles.Writer, Roles.Administrator];

    [Fact]
    public async Task A_user_with_the_right_password_is_let_in_and_nobody_else()
    {
        Assert.Equal(HttpStatusCode.OK, (await server.Client(LabServer.Reader).GetAsync("/v1")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client("nobody").GetAsync("/v1")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client().GetAsync("/v1")).StatusCode);
    }

    [Fact]
    public void Every_route_is_in_the_table_of_who_may_use_it() =>
        Assert.All(server.Routes(), route => Assert.True(AccessTable.Has(route.Method, route.Pattern), $"{route.Method} {route.Pattern}"));

    [Fact]
    public async Task Every_route_lets_in_those_of_its_role_and_above_and_nobody_else()
    {
        List<string> wrong = [];
        foreach ((string method, string pattern) in server.Routes())
        {
            string? least = AccessTable.LeastRole(method, pattern);
            foreach (string? user in (string?[])[null, LabServer.Reader, LabServer.Writer, LabServer.Administrator])
            {
                string? role = user switch
                {
                    LabServer.Reader => Roles.Reader,
                    LabServer.Writer => Roles.Writer,
                    LabServer.Administrator => Roles.Administrator,
                    _ => null,
                };
                using HttpClient client = server.Client(user);
                using HttpRequestMessage request = new(new HttpMethod(method), ServerRoutes.Fill(pattern, ServerRoutes.Absent))
                {
                    Content = method is "GET" or "HEAD" or "DELETE" ? null : new StringContent("[]", Encoding.UTF8, "application/json"),
                };
                using HttpResponseMessage answer = await client.SendAsync(request);
                bool isRight = least is null ? answer.StatusCode is not HttpStatusCode.Unauthorized
                    : role is null ? answer.StatusCode == HttpStatusCode.Unauthorized && answer.Headers.WwwAuthenticate.Count == 1
                    : Array.IndexOf(ByRole, role) < Array.IndexOf(ByRole, least) ? answer.StatusCode == HttpStatusCode.Forbidden
                    : answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) && (int)answer.StatusCode < 500;
                if (!isRight)
                {
                    wrong.Add($"{method} {pattern} as {role ?? "nobody"}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_answer_has_a_request_id_of_its_own_that_errors_repeat()
    {
        HashSet<string> ids = [];
        foreach (string path in (string[])["/v1", "/v1/none", "/none", "/health/live", "/files/x", "/v1/token"])
        {
            using HttpResponseMessage answer = await server.Client().GetAsync(path);
            string id = Assert.Single(answer.Headers.GetValues("X-Request-Id"));
            Assert.True(ids.Add(id));
            if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
            {
                using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
                Assert.Equal(id, problem.RootElement.GetProperty("requestId").GetString());
                Assert.Equal((int)answer.StatusCode, problem.RootElement.GetProperty("status").GetInt32());
            }
        }
    }

    [Fact]
    public async Task What_is_not_there_is_404_and_a_method_that_is_not_taken_is_405_without_a_log_in()
    {
        using HttpClient client = server.Client();
        using HttpResponseMessage nothing = await client.GetAsync("/v1/nothing/here");
        using HttpResponseMessage method = await client.PatchAsync("/v1/token", null);

        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
        Assert.Equal("application/problem+json", nothing.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, method.StatusCode);
        Assert.Equal(["DELETE", "POST"], method.Content.Headers.Allow.Order());
        Assert.Contains("DELETE", await method.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_that_hold_anything_else_than_a_log_in_are_nobodys()
    {
        string[] headers =
        [
            "Basic", "Basic ", "Basic !!!!", "Basic YQ", "Basic " + Encode("no colon"), "Basic " + Encode(":"), "Basic " + Encode("ada\0:x"),
            "Basic " + Encode("ada:\0"), "Basic " + Convert.ToBase64String([0xFF, 0xFE, (byte)':', 0xC0]), "Basic " + Convert.ToBase64String([0xED, 0xA0, 0x80, (byte)':']),
            "Basic " + Encode(new string('a', 20_000) + ":b"), "Basic " + Encode("a:" + new string('b', 20_000)), "Basic Og==  x", "Bearer", "Bearer ", "Bearer sp1.",
            "Bearer sp1.A.A", "Bearer sp1." + new string('~', 100), "Digest username=\"ada\"", "Negotiate YQ==", "ada", "\t", ",", "Basic " + Encode("sp1.x.y:"),
        ];
        foreach (string header in headers)
        {
            Assert.Equal((header, 401), (header, await RawStatusAsync($"Authorization: {header}")));
        }

        Assert.Equal(401, await RawStatusAsync($"Authorization: Bearer x\r\nAuthorization: Basic {Encode($"{LabServer.Reader}:{LabServer.Password}")}"));
        Assert.Equal(400, await RawStatusAsync("Authorization: Bearer \u00e4"));
        Assert.Equal(431, await RawStatusAsync($"Authorization: Basic {new string('A', 100_000)}"));
        Assert.Equal(200, await RawStatusAsync($"authorization: bAsIc   {Encode($"{LabServer.Reader}:{LabServer.Password}")}"));
    }

    [Fact]
    public async Task Names_and_passwords_may_hold_anything_that_names_and_passwords_may()
    {
        foreach (string name in (string[])["a_a", "a%", "%", "Zoë Łuk", "x'; DROP TABLE users;--", "\U0001F41D"])
        {
            await server.AddUserAsync(name, isAdmin: false, canWrite: false);
            Assert.Equal(HttpStatusCode.OK, (await server.Client(name).GetAsync("/v1")).StatusCode);
        }

        using (Secret password = new("pass:with:colons ümläut"))
        {
            Assert.True((await server.Store.AddUserAsync(new NewUser { UserName = "colin" }, password)).Succeeded);
        }

        await server.AddUserAsync("José", isAdmin: false, canWrite: false);
        Assert.Equal(HttpStatusCode.OK, (await server.Client("Jose\u0301").GetAsync("/v1")).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await server.Client("colin", "pass:with:colons ümläut").GetAsync("/v1")).StatusCode);

        // The existing client, by the requests library of Python, sends Latin-1.
        AuthenticationHeaderValue latin = new("Basic", Convert.ToBase64String(Encoding.Latin1.GetBytes("colin:pass:with:colons ümläut")));
        Assert.Equal(HttpStatusCode.OK, (await server.ClientWith(latin).GetAsync("/v1")).StatusCode);

        // "a_a" and "%" are nobody else, as they are to the existing server.
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client("a__").GetAsync("/v1")).StatusCode);
    }

    [Theory]
    [InlineData(LabServer.Reader, LabServer.Password + "\0")]
    [InlineData(LabServer.Reader, LabServer.Password + "\0\0\0")]
    [InlineData(LabServer.Reader + "\0", LabServer.Password)]
    [InlineData(LabServer.Reader + "\0x", LabServer.Password)]
    [InlineData(LabServer.Reader + " ", LabServer.Password)]
    [InlineData(LabServer.Reader, LabServer.Password + " ")]
    [InlineData(LabServer.Reader, LabServer.Password + "\n")]
    [InlineData("\uFEFF" + LabServer.Reader, LabServer.Password)]
    public async Task A_name_or_a_password_with_more_than_is_seen_of_it_lets_nobody_in(string user, string password)
    {
        // HMAC fills a short key up with zeros, so that both passwords have the same hash.
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client(user, password).GetAsync("/v1")).StatusCode);
        using StringContent content = new(JsonSerializer.Serialize(new { password }), Encoding.UTF8, "application/json");
        using HttpResponseMessage verified = await server.Client(LabServer.Administrator)
            .PostAsync($"/v1/users/{Uri.EscapeDataString(user)}/verify", content);
        string answer = await verified.Content.ReadAsStringAsync();
        Assert.True(verified.StatusCode == HttpStatusCode.BadRequest || answer == "{\"user\":null}", answer);
    }

    [Fact]
    public async Task A_password_with_a_character_of_code_0_is_given_to_nobody()
    {
        using Secret password = new("winter\0moth");
        Assert.Equal("InvalidPassword", (await server.Store.AddUserAsync(new NewUser { UserName = "nora" }, password)).Error?.ErrorId);
        UserChange change = new() { Password = password };
        Assert.Equal("InvalidPassword", (await server.Store.UpdateUserAsync(LabServer.Reader, change)).Error?.ErrorId);
    }

    [Fact]
    public async Task No_answer_of_any_route_is_kept_by_caches()
    {
        foreach ((string method, string pattern) in server.Routes().Append(("GET", "/none")).Append(("PATCH", "/v1/token")))
        {
            foreach (string? user in (string?[])[null, LabServer.Administrator])
            {
                using HttpRequestMessage request = new(new HttpMethod(method), ServerRoutes.Fill(pattern, ServerRoutes.Absent))
                {
                    Content = method is "GET" or "HEAD" or "DELETE" ? null : new StringContent("[]", Encoding.UTF8, "application/json"),
                };
                using HttpResponseMessage answer = await server.Client(user).SendAsync(request);
                string where = $"{method} {pattern} as {user}: {(int)answer.StatusCode}";
                Assert.Equal((where, true), (where, answer.Headers.CacheControl?.NoStore));
                Assert.Equal((where, "nosniff"), (where, answer.Headers.GetValues("X-Content-Type-Options").Single()));
                Assert.False(answer.Headers.Contains("Strict-Transport-Security"), where);
            }
        }
    }

    [Fact]
    public async Task Outside_v1_who_is_refused_hears_what_the_existing_server_says()
    {
        foreach ((string? user, HttpStatusCode status) in (IEnumerable<(string?, HttpStatusCode)>)[(null, HttpStatusCode.Unauthorized), (LabServer.Reader, HttpStatusCode.Forbidden)])
        {
            using HttpResponseMessage answer = await server.Client(user).PostAsync("/get_users", null);
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("Unauthorized Access", await answer.Content.ReadAsStringAsync());
            Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
            Assert.Equal("Basic realm=\"Authentication Required\"", answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task The_server_says_whether_it_can_be_used()
    {
        using HttpClient client = server.Client();
        Assert.Equal("Healthy", await client.GetStringAsync("/health/live"));
        Assert.Equal("Healthy", await client.GetStringAsync("/health/ready"));

        // A wrong password is no attempt where nobody asks for one.
        Assert.Equal("Healthy", await server.Client("nobody").GetStringAsync("/health/ready"));
    }

    [Theory]
    [InlineData("/v1/objects/ml/a%")]
    [InlineData("/v1/objects/ml/a%2")]
    [InlineData("/v1/objects/ml/a%zz")]
    [InlineData("/v1/objects/ml/a%FF")]
    [InlineData("/v1/objects/ml/a%C0%80")]
    [InlineData("/v1/objects/ml/a%ED%A0%80")]
    [InlineData("/v1/objects?prefix=%FF")]
    [InlineData("/v1/objects?prefix=%")]
    [InlineData("/files/a%E4?expires=1")]
    [InlineData("/v1/images?first=99999999999999999999")]
    [InlineData("/v1/images?pageSize=1e3")]
    [InlineData("/v1/images?startTime=99999-01-01")]
    public async Task An_address_that_does_not_say_what_is_meant_is_a_400(string target)
    {
        Assert.Equal(400, await RawStatusAsync($"Authorization: Basic {Encode($"{LabServer.Reader}:{LabServer.Password}")}", target));
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    // HttpClient would not send such headers.
    private async Task<int> RawStatusAsync(string headers, string target = "/v1")
    {
        using TcpClient client = new(server.Uri.Host, server.Uri.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n"));
        using StreamReader reader = new(stream);
        return int.Parse((await reader.ReadLineAsync())!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
