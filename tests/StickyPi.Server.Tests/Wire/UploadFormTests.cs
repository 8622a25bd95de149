using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using StickyPi.Core.Storage;
using StickyPi.Core.Users;

namespace StickyPi.Tests.Wire;

/// <summary>The forms with which the existing client uploads the files of a bundle: who has one needs no log-in.</summary>
public sealed class UploadFormTests : IAsyncLifetime
{
    private static readonly byte[] Content = "a: 1\n"u8.ToArray();

    private readonly LabServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_form_uploads_what_it_was_made_for_and_nothing_else()
    {
        // Another content than was announced, another key, another policy: refused, and nothing has changed.
        JsonNode form = await GetFormAsync("forms", "config/a.yaml");
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(form, "a: 2\n"u8.ToArray()));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(form, Content, ("key", "ml/forms/config/b.yaml")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(form, Content, ("key", "../../database.db")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(form, Content, ("policy", "eyJLZXkiOiJtbC9mb3Jtcy9jb25maWcvYS55YW1sIn0")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(form, Content, ("policy", "no policy")));
        Assert.Null(await ReadAsync("ml/forms/config/a.yaml"));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(form, Content));
        Assert.Equal("a: 1\n", await ReadAsync("ml/forms/config/a.yaml"));
        Assert.Null(await ReadAsync("ml/forms/config/b.yaml"));
    }

    [Fact]
    public async Task A_form_is_good_for_a_day()
    {
        JsonNode form = await GetFormAsync("forms", "a.yaml");
        JsonNode other = await GetFormAsync("forms", "b.yaml");

        _server.Clock.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(form, Content));

        _server.Clock.Advance(TimeSpan.FromHours(0.1));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(other, Content));
    }

    [Fact]
    public async Task A_form_is_good_for_one_upload()
    {
        JsonNode form = await GetFormAsync("forms", "a.yaml");
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(form, Content));
        Assert.True((await _server.Store.RemoveStorageItemsAsync(["ml/forms/a.yaml"]))[0].Succeeded);

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(form, Content));
        Assert.Null(await ReadAsync("ml/forms/a.yaml"));
    }

    [Fact]
    public async Task Of_many_uploads_with_one_form_at_the_same_moment_one_is_taken()
    {
        JsonNode form = await GetFormAsync("forms", "a.yaml");

        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PostAsync(form, Content)));

        Assert.Single(answers, HttpStatusCode.NoContent);
        Assert.Equal(15, answers.Count(answer => answer == HttpStatusCode.Forbidden));
        Assert.Equal("a: 1\n", await ReadAsync("ml/forms/a.yaml"));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("right")]
    [InlineData("user")]
    public async Task A_form_ends_with_the_user_who_asked_for_it(string change)
    {
        JsonNode form = await GetFormAsync("forms", "a.yaml");
        using Secret password = new("another password");
        Assert.True((change switch
        {
            "password" => await _server.Store.UpdateUserAsync(LabServer.Writer, new UserChange { Password = password }),
            "right" => await _server.Store.UpdateUserAsync(LabServer.Writer, new UserChange { CanWrite = false }),
            _ => await _server.Store.RemoveUserAsync(LabServer.Writer),
        }).Succeeded);

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(form, Content));
        Assert.Null(await ReadAsync("ml/forms/a.yaml"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("anything")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e-")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427g")]
    public async Task No_form_is_made_for_content_that_is_not_announced_by_its_md5(string md5)
    {
        using HttpResponseMessage response = await AskForFormAsync("forms", "a.yaml", md5);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("[0].md5", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["field"]);
    }

    [Fact]
    public async Task A_signature_is_refused_alike_whether_it_is_wrong_or_no_signature_at_all()
    {
        JsonNode form = await GetFormAsync("forms", "a.yaml");
        foreach (string signature in (string[])
        [
            new('A', 43), new('!', 43), new('=', 43), new(' ', 43), new('\u00e9', 43), new('+', 43), "no base64", "", new('A', 42), new('A', 44), new('A', 8000),
        ])
        {
            Assert.Equal((signature, HttpStatusCode.Forbidden), (signature, await PostAsync(form, Content, ("signature", signature))));
        }

        Assert.Null(await ReadAsync("ml/forms/a.yaml"));
    }

    [Fact]
    public async Task A_form_has_its_own_fields_each_once_and_no_others()
    {
        JsonNode form = await GetFormAsync("forms", "a.yaml");
        string key = form["fields"]!["key"]!.GetValue<string>();

        // Before the signature has come nobody is known, so nothing of anybody is kept.
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(form, [.. Enumerable.Range(0, 1000).Select(i => ($"field{i}", "x"))]));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(form, ("acl", "public-read")));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(form, ("", "x")));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(form, ("key", key)));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(form, Content, ("policy", new string('A', 100_000))));
        Assert.Null(await ReadAsync("ml/forms/a.yaml"));

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(form, Content));
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=\"\"")]
    [InlineData("multipart/form-data; boundary={0}")]
    [InlineData("text/plain; boundary=x")]
    public async Task A_body_without_a_boundary_that_parts_can_have_is_no_form(string type)
    {
        using ByteArrayContent body = new(Content);
        _ = body.Headers.TryAddWithoutValidation("Content-Type", type.Replace("{0}", new string('x', 5000), StringComparison.Ordinal));

        using HttpResponseMessage answer = await _server.Client().PostAsync("/files", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("../x", "a.yaml")]
    [InlineData("b", "../../../database.db")]
    [InlineData("b", "/etc/passwd")]
    [InlineData("b", "a\u0000.yaml")]
    [InlineData("", "a.yaml")]
    public async Task No_form_is_made_for_what_lies_outside_a_bundle(string bundle, string key)
    {
        using HttpResponseMessage response = await AskForFormAsync(bundle, key);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private Task<HttpResponseMessage> AskForFormAsync(string bundle, string key, string? md5 = null) =>
        _server.Client(LabServer.Writer).PostAsJsonAsync(
            "_get_ml_bundle_upload_links",
            (object[])[new { bundle_name = bundle, key, md5 = md5 ?? Convert.ToHexStringLower(MD5.HashData(Content)), mtime = 1612325106.5 }]);

    private async Task<JsonNode> GetFormAsync(string bundle, string key)
    {
        using HttpResponseMessage response = await AskForFormAsync(bundle, key);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())![0]!["url"]!;
    }

    private Task<HttpStatusCode> PostAsync(JsonNode form, byte[] content, (string Name, string Value) changed = default) => PostAsync(
        form,
        form["fields"]!.AsObject().Select(field => (field.Key, field.Key == changed.Name ? changed.Value! : field.Value!.GetValue<string>())),
        content);

    // The whole form, with more fields than it has.
    private Task<HttpStatusCode> PostAsync(JsonNode form, params IEnumerable<(string Name, string Value)> more) => PostAsync(
        form, form["fields"]!.AsObject().Select(field => (field.Key, field.Value!.GetValue<string>())).Concat(more), Content);

    private async Task<HttpStatusCode> PostAsync(JsonNode form, IEnumerable<(string Name, string Value)> fields, byte[] content)
    {
        using MultipartFormDataContent body = [];
        foreach ((string name, string value) in fields)
        {
            StringContent part = new(value);
            part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = $"\"{name}\"" };
            body.Add(part);
        }

        body.Add(new ByteArrayContent(content), "file", "a.yaml");
        using HttpResponseMessage response = await _server.Client().PostAsync(form["url"]!.GetValue<string>(), body);
        return response.StatusCode;
    }

    private async Task<string?> ReadAsync(string key) => await _server.Store.OpenStorageItemAsync(key) is StoredObject stored
        ? await new StreamReader(stored.Content).ReadToEndAsync()
        : null;
}
