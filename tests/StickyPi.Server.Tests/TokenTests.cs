using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Users;
using StickyPi.Server.Files;

namespace StickyPi.Tests;

/// <summary>Tokens: who gets one, and what ends it.</summary>
public sealed class TokenTests(LabServer server) : IClassFixture<LabServer>
{
    [Fact]
    public async Task A_password_gives_a_token_that_logs_in_as_bearer_and_as_basic_without_a_password()
    {
        ApiToken token = await LogInAsync(LabServer.Writer);

        Assert.Equal(LabServer.Writer, token.User.UserName);
        Assert.InRange(token.ExpiresAt - server.Clock.GetUtcNow().UtcDateTime, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Bearer(token.Token)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Basic(token.Token + ":")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Basic(token.Token + ":x")));
    }

    [Fact]
    public async Task A_token_gives_another_one_that_outlives_it()
    {
        ApiToken first = await LogInAsync(LabServer.Writer);
        server.Clock.Advance(TimeSpan.FromHours(20));
        ApiToken second = await IssueAsync(server.ClientWith(Bearer(first.Token)));
        server.Clock.Advance(TimeSpan.FromHours(20));

        Assert.NotEqual(first.Token, second.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Bearer(first.Token)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Bearer(second.Token)));
    }

    [Fact]
    public async Task An_expired_token_logs_nobody_in_and_gives_no_other()
    {
        ApiToken token = await LogInAsync(LabServer.Reader);
        server.Clock.Advance(TimeSpan.FromHours(24));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Bearer(token.Token)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.ClientWith(Bearer(token.Token)).PostAsync("/v1/token", null)).StatusCode);
    }

    [Fact]
    public async Task A_revoked_token_ends_and_the_others_of_its_user_do_not()
    {
        ApiToken revoked = await LogInAsync(LabServer.Reader);
        ApiToken other = await LogInAsync(LabServer.Reader);

        Assert.Equal(HttpStatusCode.NoContent, (await server.ClientWith(Bearer(revoked.Token)).DeleteAsync("/v1/token")).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Bearer(revoked.Token)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Bearer(other.Token)));
    }

    [Fact]
    public async Task A_new_password_ends_all_tokens_and_the_old_password_at_once()
    {
        await server.AddUserAsync("paula", isAdmin: false, canWrite: true);
        ApiToken token = await LogInAsync("paula");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Basic($"paula:{LabServer.Password}")));

        using (Secret changed = new("another one entirely"))
        {
            Assert.True((await server.Store.UpdateUserAsync("paula", new UserChange { Password = changed })).Succeeded);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Bearer(token.Token)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Basic($"paula:{LabServer.Password}")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Basic("paula:another one entirely")));
    }

    [Fact]
    public async Task A_removed_user_has_no_token_and_another_user_of_the_name_does_not_get_it_back()
    {
        await server.AddUserAsync("quinn", isAdmin: true, canWrite: true);
        ApiToken token = await LogInAsync("quinn");

        Assert.True((await server.Store.RemoveUserAsync("quinn")).Succeeded);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Bearer(token.Token)));

        await server.AddUserAsync("quinn", isAdmin: false, canWrite: false);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Bearer(token.Token)));
    }

    [Fact]
    public async Task A_role_that_is_taken_away_is_gone_for_tokens_that_were_given_before()
    {
        await server.AddUserAsync("olga", isAdmin: true, canWrite: true);
        ApiToken token = await LogInAsync("olga");
        Assert.True((await IssueAsync(server.ClientWith(Bearer(token.Token)))).User.IsAdmin);

        Assert.True((await server.Store.UpdateUserAsync("olga", new UserChange { IsAdmin = false })).Succeeded);

        Assert.False((await IssueAsync(server.ClientWith(Bearer(token.Token)))).User.IsAdmin);
    }

    [Fact]
    public async Task A_token_of_another_store_is_nobodys()
    {
        LabServer other = new();
        try
        {
            await other.InitializeAsync();
            ApiToken token = await IssueAsync(other.Client(LabServer.Administrator));

            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Bearer(token.Token)));
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_signed_before_the_catalog_was_replaced_ends_with_it_and_what_is_signed_then_is_good(bool inPlace)
    {
        Skip.If(OperatingSystem.IsWindows() && !inPlace, "An open file cannot be replaced there.");
        await using LabServer lab = new();
        await lab.InitializeAsync();
        ApiToken earlier = await IssueAsync(lab.Client(LabServer.Reader));
        string earlierUrl = UrlBy(await lab.SignatoryAsync());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), await UseAsync(earlier, earlierUrl));

        // The same users, and another secret: as in a backup of a time before anybody had logged in.
        const string WithoutSecret = "DELETE FROM server_secrets";
        if (inPlace)
        {
            _ = lab.Execute(WithoutSecret);
        }
        else
        {
            string path = Core.Stores.Store.GetDatabasePath(lab["store"]);
            File.Copy(path, path + "-backup");
            using (SqliteConnection backup = new($"Data Source={path}-backup;Pooling=False"))
            {
                backup.Open();
                using SqliteCommand change = backup.CreateCommand();
                change.CommandText = WithoutSecret;
                _ = change.ExecuteNonQuery();
            }

            File.Move(path + "-backup", path, overwrite: true);
        }

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden), await UseAsync(earlier, earlierUrl));
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.NotFound),
            await UseAsync(await IssueAsync(lab.Client(LabServer.Reader)), UrlBy(await lab.SignatoryAsync())));

        string UrlBy(Signatory user) => lab.Services.GetRequiredService<FileUrls>().Create("", "ml/none/none", user);

        async Task<(HttpStatusCode Token, HttpStatusCode Url)> UseAsync(ApiToken token, string url) => (
            (await lab.ClientWith(Bearer(token.Token)).GetAsync("/v1/devices")).StatusCode, (await lab.Client().GetAsync(url)).StatusCode);
    }

    [Fact]
    public async Task A_token_that_was_changed_anywhere_is_nobodys()
    {
        ApiToken token = await LogInAsync(LabServer.Administrator);
        for (int i = 0; i < token.Token.Length; i++)
        {
            // The last letter of each part holds bits that mean nothing, which must not be free to choose either.
            foreach (char letter in (char[])[token.Token[i] == 'A' ? 'B' : 'A', '.', '=', (char)(token.Token[i] ^ 1)])
            {
                string changed = token.Token[..i] + letter + token.Token[(i + 1)..];
                Assert.True(changed == token.Token || await server.Store.VerifyTokenAsync(changed, DateTime.UtcNow) is null, changed);
            }
        }

        foreach (string text in (string[])["", "sp1.", "sp1..", token.Token + "A", token.Token[..^1], "sp2" + token.Token[3..], token.Token + "\0"])
        {
            Assert.Null(await server.Store.VerifyTokenAsync(text, DateTime.UtcNow));
        }
    }

    [Fact]
    public async Task Whoever_has_a_token_has_it_as_nobody_else()
    {
        ApiToken token = await LogInAsync(LabServer.Reader);
        (string Claims, string Signature) mine = (token.Token.Split('.')[1], token.Token.Split('.')[2]);
        string theirs = (await LogInAsync(LabServer.Administrator)).Token.Split('.')[1];

        Assert.Null(await server.Store.VerifyTokenAsync($"sp1.{theirs}.{mine.Signature}", DateTime.UtcNow));
        Assert.Equal(LabServer.Reader, (await server.Store.VerifyTokenAsync($"sp1.{mine.Claims}.{mine.Signature}", server.Clock.GetUtcNow().UtcDateTime))?.User.UserName);
    }

    [Fact]
    public async Task A_restarted_server_takes_the_tokens_and_remembers_the_revoked_ones()
    {
        using TestFolder folder = new();
        string good;
        string revoked;
        await using (Microsoft.AspNetCore.Builder.WebApplication first = await StickyPi.Server.StickyServer.BuildAsync(["--path", folder["store"]]))
        {
            using Secret password = new(LabServer.Password);
            Core.Stores.Store store = StoreOf(first);
            _ = await store.AddUserAsync(new NewUser { UserName = "ada" }, password);
            good = (await store.LogInAsync("ada", password, DateTime.UtcNow.AddHours(1)))!.Token;
            revoked = (await store.LogInAsync("ada", password, DateTime.UtcNow.AddHours(1)))!.Token;
            await store.RevokeTokenAsync(revoked, DateTime.UtcNow);
        }

        await using Microsoft.AspNetCore.Builder.WebApplication second = await StickyPi.Server.StickyServer.BuildAsync(["--path", folder["store"]]);
        Assert.NotNull(await StoreOf(second).VerifyTokenAsync(good, DateTime.UtcNow));
        Assert.Null(await StoreOf(second).VerifyTokenAsync(revoked, DateTime.UtcNow));

        static Core.Stores.Store StoreOf(Microsoft.AspNetCore.Builder.WebApplication server) =>
            (Core.Stores.Store)server.Services.GetService(typeof(Core.Stores.Store))!;
    }

    private static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    private static AuthenticationHeaderValue Basic(string text) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));

    private static async Task<ApiToken> IssueAsync(HttpClient client)
    {
        using HttpResponseMessage answer = await client.PostAsync("/v1/token", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync(ApiJson.Default.ApiToken))!;
    }

    private Task<ApiToken> LogInAsync(string user) => IssueAsync(server.Client(user));

    private async Task<HttpStatusCode> StatusAsync(AuthenticationHeaderValue authorization)
    {
        using HttpClient client = server.ClientWith(authorization);
        return (await client.GetAsync("/v1")).StatusCode;
    }
}
