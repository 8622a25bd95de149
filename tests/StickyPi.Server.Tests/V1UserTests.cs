using System.Text.Json.Nodes;

namespace StickyPi.Tests;

/// <summary>Users over <c>/v1</c>.</summary>
public sealed class V1UserTests : V1Test
{
    [Fact]
    public async Task A_user_is_added_changed_and_removed()
    {
        const string Name = "Eve/%2F ö";
        string path = $"/v1/users/{Uri.EscapeDataString(Name)}";
        _ = await AddAsync("Eve/", "first").ReadNodeAsync(201);

        JsonNode added = await AddAsync(Name, "pass\"wörd\\", email: "eve@example.org").ReadNodeAsync(201);
        Assert.Equal((Name, "eve@example.org", true, false), ((string?)added["userName"], (string?)added["email"], (bool)added["canWrite"]!, (bool)added["isAdmin"]!));
        Assert.Equal(LabServer.Administrator, (string?)added["apiUser"]);
        Assert.DoesNotContain("assw", added.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Name, (string?)(await Server.Client(Name, "pass\"wörd\\").GetNodeAsync("/v1"))["user"]!["userName"]);

        JsonNode changed = await Administrator.SendJsonAsync(HttpMethod.Patch, path, new { canWrite = false, email = "", password = "other" }).ReadNodeAsync();
        Assert.Equal((false, null), ((bool)changed["canWrite"]!, (string?)changed["email"]));
        Assert.Equal(401, (int)(await Server.Client(Name, "pass\"wörd\\").GetAsync("/v1")).StatusCode);
        Assert.Equal(Name, (string?)(await VerifyAsync(path, "other"))["user"]!["userName"]);
        JsonObject refused = (await VerifyAsync(path, "wrong")).AsObject();
        Assert.True(refused.ContainsKey("user") && refused["user"] is null);

        Assert.Equal(Name, (string?)(await Administrator.DeleteAsync(path).ReadNodeAsync())["userName"]);
        _ = await Administrator.DeleteAsync(path).AssertRefusedAsync(404, "UserNotFound");
        _ = await Administrator.SendJsonAsync(HttpMethod.Patch, path, new { canWrite = true }).AssertRefusedAsync(404, "UserNotFound");
        Assert.Contains("Eve/", (await Administrator.GetLinesAsync("/v1/users")).Select(user => (string?)user["userName"]));
    }

    [Fact]
    public async Task What_is_wrong_with_a_user_is_named()
    {
        _ = await AddAsync("ADA", "x").AssertRefusedAsync(409, "UserExists");
        _ = await AddAsync("a:b", "x").AssertRefusedAsync(400, "InvalidUserName");
        _ = await AddAsync("eve", "").AssertRefusedAsync(400, "InvalidPassword");
        _ = await AddAsync("eve", "x", email: "nonsense").AssertRefusedAsync(400, "InvalidEmail");
        _ = await Administrator.SendJsonAsync(HttpMethod.Post, "/v1/users", new { userName = "eve" }).AssertRefusedAsync(400, "InvalidElement");
        _ = await Administrator.SendJsonAsync(HttpMethod.Post, "/v1/users", new { userName = "eve", password = 17 }).AssertRefusedAsync(400, "InvalidElement", "password");
        _ = await Administrator.PostAsync("/v1/users", content: null).AssertRefusedAsync(400, "InvalidJson");
        _ = await Administrator.DeleteAsync("/v1/users/ada").AssertRefusedAsync(409, "LastAdministrator");
        _ = await Administrator.SendJsonAsync(HttpMethod.Patch, "/v1/users/ada", new { isAdmin = false }).AssertRefusedAsync(409, "LastAdministrator");
        Assert.Equal(3, (await Administrator.GetLinesAsync("/v1/users")).Count);
    }

    [Fact]
    public async Task Users_are_listed_by_name_and_address_page_by_page()
    {
        _ = await AddAsync("Bob", "x", email: "bob@example.org").ReadNodeAsync(201);

        Assert.Equal(["ada", "Bob", "rita", "wanda"], (await Administrator.GetPagesAsync("/v1/users", 1)).Select(user => (string?)user["userName"]));
        Assert.Equal(["rita", "wanda"], (await Administrator.GetLinesAsync("/v1/users?userName=R*&userName=wan*")).Select(user => (string?)user["userName"]));
        Assert.Equal("Bob", (string?)Assert.Single(await Administrator.GetLinesAsync("/v1/users?email=*@example.org"))["userName"]);
    }

    private Task<HttpResponseMessage> AddAsync(string name, string password, string? email = null) =>
        Administrator.SendJsonAsync(HttpMethod.Post, "/v1/users", new { userName = name, password, email });

    private Task<JsonNode> VerifyAsync(string path, string password) =>
        Administrator.SendJsonAsync(HttpMethod.Post, path + "/verify", new { password }).ReadNodeAsync();
}
