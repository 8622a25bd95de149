using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Server;

namespace StickyPi.Tests;

/// <summary>A server that really listens on a port of 127.0.0.1, over a new local store with a user of each role.</summary>
public sealed class LabServer : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private readonly TestFolder _folder = new();
    private WebApplication? _server;

    /// <summary>The names of the users, one of each role.</summary>
    public const string Administrator = "ada";
    public const string Writer = "wanda";
    public const string Reader = "rita";

    public Uri Uri { get; private set; } = null!;

    public Store Store => _server!.Services.GetRequiredService<Store>();

    public string this[string name] => _folder[name];

    public async Task InitializeAsync()
    {
        _server = await StickyServer.BuildAsync(["--path", _folder["store"], "--urls", "http://127.0.0.1:0"]);
        await AddUserAsync(Administrator, isAdmin: true, canWrite: true);
        await AddUserAsync(Writer, isAdmin: false, canWrite: true);
        await AddUserAsync(Reader, isAdmin: false, canWrite: false);
        await _server.StartAsync();
        Uri = new Uri(_server.Urls.First());
    }

    /// <summary>A client that logs in with a password at each request; nobody's, where no name is given.</summary>
    public HttpClient Client(string? user = null)
    {
        HttpClient client = new() { BaseAddress = Uri };
        if (user is not null)
        {
            client.DefaultRequestHeaders.Authorization =
                new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{Password}")));
        }

        return client;
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task AddUserAsync(string name, bool isAdmin, bool canWrite)
    {
        using Secret password = new(Password);
        Assert.True((await Store.AddUserAsync(new NewUser { UserName = name, IsAdmin = isAdmin, CanWrite = canWrite }, password)).Succeeded);
    }
}
