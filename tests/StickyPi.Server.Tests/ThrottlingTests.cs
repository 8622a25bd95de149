using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Tests;

/// <summary>Log-ins that are tried too often.</summary>
public sealed class ThrottlingTests : IAsyncLifetime
{
    private const int PerUser = 4;
    private const int PerAddress = 20;

    private readonly LabServer _server = new() { Arguments = ["--log-ins-per-user", "4", "--log-ins-per-address", "20"] };

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Guessing_one_users_password_ends_after_a_few_attempts_and_others_are_not_held_up()
    {
        using HttpResponseMessage before = await _server.Client(LabServer.Writer).PostAsync("/v1/token", null);
        ApiToken token = (await before.Content.ReadFromJsonAsync(ApiJson.Default.ApiToken))!;
        HttpResponseMessage[] guesses = await Task.WhenAll(Enumerable.Range(0, 2 * PerUser).Select(i => GetAsync(LabServer.Writer.ToUpperInvariant(), $"guess {i}")));
        Assert.Contains(guesses, guess => guess.StatusCode == HttpStatusCode.Unauthorized);
        using HttpResponseMessage refused = guesses.First(guess => guess.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("TooManyAttempts", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // Not even the right password is tried, by whoever has not used it a moment ago: neither answer nor time tells it from a wrong one.
        HttpResponseMessage[] right = await Task.WhenAll(
            ((string[])["wANDA", "WaNDA", "WAnDA", "WANdA", "WANDa", "waNDA", "wAnDA"]).Select(name => GetAsync(name, LabServer.Password)));
        Assert.Contains(right, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);

        // What was right a moment ago, tokens, and other users go on.
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(LabServer.Writer, LabServer.Password)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _server.ClientWith(new AuthenticationHeaderValue("Bearer", token.Token)).GetAsync("/v1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(LabServer.Reader, LabServer.Password)).StatusCode);
    }

    [Fact]
    public async Task Whoever_guesses_a_users_password_locks_that_user_out_nowhere_else()
    {
        await using LabServer server = await StartBehindProxyAsync("4");
        HttpStatusCode[] guesses = await GuessAsync(server, Enumerable.Repeat("192.0.2.1", 2 * PerUser));
        Assert.Contains(HttpStatusCode.TooManyRequests, guesses);

        Assert.Equal(HttpStatusCode.OK, await GetAsync(server, LabServer.Writer, LabServer.Password, "192.0.2.2"));
    }

    [Fact]
    public async Task Guessing_one_users_password_from_many_addresses_ends_and_the_user_goes_on_where_they_logged_in_before()
    {
        await using LabServer server = await StartBehindProxyAsync("2");
        Assert.Equal(HttpStatusCode.OK, await GetAsync(server, LabServer.Writer, LabServer.Password, "192.0.2.1"));

        HttpStatusCode[] guesses = await GuessAsync(server, Enumerable.Range(2, 50).Select(i => $"192.0.2.{i}"));
        Assert.Contains(HttpStatusCode.Unauthorized, guesses);
        Assert.Contains(HttpStatusCode.TooManyRequests, guesses);

        // In another spelling, which is not remembered.
        HttpStatusCode[] elsewhere = await Task.WhenAll(((string[])["wANDA", "WaNDA", "WAnDA", "WANdA", "WANDa", "waNDA", "wAnDA"]).Select((name, i) =>
            GetAsync(server, name, LabServer.Password, $"192.0.2.{100 + i}")));
        Assert.Contains(HttpStatusCode.TooManyRequests, elsewhere);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(server, "WANDA", LabServer.Password, "192.0.2.1"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(server, LabServer.Reader, LabServer.Password, "192.0.2.200"));

        // Where they logged in before is no place to guess without end, either.
        Assert.Contains(HttpStatusCode.TooManyRequests, await GuessAsync(server, Enumerable.Repeat("192.0.2.1", 4)));
    }

    [Fact]
    public async Task A_name_that_is_nobodys_is_held_up_like_any_other()
    {
        // At once, so that no time passes in which further attempts are allowed.
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, PerUser + 1).Select(async i =>
            (await GetAsync("nobody", $"guess {i}")).StatusCode));

        Assert.Contains(HttpStatusCode.Unauthorized, answers);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
    }

    [Fact]
    public async Task Guessing_many_users_from_one_address_ends_too()
    {
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 3 * PerAddress).Select(async i =>
            (await GetAsync($"user {i}", "guess")).StatusCode));

        Assert.Contains(HttpStatusCode.Unauthorized, answers);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
    }

    [Fact]
    public async Task Many_requests_at_once_with_one_password_are_one_attempt()
    {
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(async _ => (await GetAsync(LabServer.Writer, LabServer.Password)).StatusCode));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
        _ = Assert.Single(_server.Log.Lines, line => line.Contains("wanda logged in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_ins_are_logged_with_the_name_of_users_and_of_nobody_else()
    {
        _ = await GetAsync(LabServer.Writer, LabServer.Password);
        _ = await GetAsync(LabServer.Writer, "hunter2");
        _ = await GetAsync("hunter2", "");

        Assert.Contains(_server.Log.Lines, line => line.Contains("wanda logged in from 127.0.0.1", StringComparison.Ordinal));
        Assert.Contains(_server.Log.Lines, line => line.Contains("A log-in as wanda from 127.0.0.1 was refused", StringComparison.Ordinal));
        Assert.Contains(_server.Log.Lines, line => line.Contains("A log-in as (unknown) from 127.0.0.1 was refused", StringComparison.Ordinal));
        Assert.DoesNotContain(_server.Log.Lines, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    private static async Task<LabServer> StartBehindProxyAsync(string logInsPerUser)
    {
        LabServer server = new() { Arguments = ["--log-ins-per-user", logInsPerUser, "--trusted-proxies", "127.0.0.1"] };
        await server.InitializeAsync();
        return server;
    }

    // At once, so that no time passes in which further attempts are allowed.
    private static Task<HttpStatusCode[]> GuessAsync(LabServer server, IEnumerable<string> addresses) => Task.WhenAll(
        addresses.Select((address, i) => GetAsync(server, LabServer.Writer, $"guess {i}", address)));

    private static async Task<HttpStatusCode> GetAsync(LabServer server, string user, string password, string address)
    {
        using HttpClient client = server.Client(user, password);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        using HttpResponseMessage answer = await client.GetAsync("/v1");
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> GetAsync(string user, string password)
    {
        using HttpClient client = _server.Client(user, password);
        return await client.GetAsync("/v1");
    }
}
