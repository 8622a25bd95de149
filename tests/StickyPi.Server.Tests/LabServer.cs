using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Server;

namespace StickyPi.Tests;

/// <summary>A server that really listens on a port of 127.0.0.1, over a new local store with a user of each role.</summary>
public sealed class LabServer : IAsyncLifetime, IAsyncDisposable
{
    public const string Password = "correct horse battery";

    /// <summary>The names of the users, one of each role.</summary>
    public const string Administrator = "ada";
    public const string Writer = "wanda";
    public const string Reader = "rita";

    private readonly TestFolder _folder = new();
    private WebApplication? _server;

    /// <summary>Further arguments of its command line; by default the tests, which all come from one address, are not held up.</summary>
    public string[] Arguments { get; init; } = ["--log-ins-per-address", "100000"];

    /// <summary>Where its store is, and other options that are no arguments, as <c>StickyPi:Bucket</c>; by default a folder of its own.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where it listens; on a free port by default.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>The server's clock, which goes as any other until it is moved.</summary>
    public LabClock Clock { get; } = new();

    /// <summary>All that it logs.</summary>
    public LabLog Log { get; } = new();

    public Uri Uri { get; private set; } = null!;

    public IServiceProvider Services => _server!.Services;

    public Store Store => Services.GetRequiredService<Store>();

    public string this[string name] => _folder[name];

    public async Task InitializeAsync()
    {
        await BuildAsync();
        await AddUserAsync(Administrator, isAdmin: true, canWrite: true);
        await AddUserAsync(Writer, isAdmin: false, canWrite: true);
        await AddUserAsync(Reader, isAdmin: false, canWrite: false);
        await ListenAsync();
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>, with the users that its store has.</summary>
    public async Task StartAsync()
    {
        await BuildAsync();
        await ListenAsync();
    }

    private async Task BuildAsync()
    {
        string[] place = Settings.Count == 0 ? ["--path", _folder["store"]] : [];
        _server = await StickyServer.BuildAsync([.. place, "--urls", Urls, .. Arguments], builder =>
        {
            _ = builder.Configuration.AddInMemoryCollection(Settings);
            _ = builder.Logging.AddProvider(Log);
            _ = builder.Services.AddSingleton<TimeProvider>(Clock);
        });
    }

    private async Task ListenAsync()
    {
        await _server!.StartAsync();
        Uri = new Uri(_server.Urls.First());
    }

    /// <summary>A client that logs in with a password at each request; nobody's, where no name is given.</summary>
    public HttpClient Client(string? user = null, string password = Password) =>
        ClientWith(user is null ? null : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))));

    /// <summary>A client that sends this header.</summary>
    public HttpClient ClientWith(AuthenticationHeaderValue? authorization)
    {
        HttpClient client = new() { BaseAddress = Uri };
        client.DefaultRequestHeaders.Authorization = authorization;
        return client;
    }

    public async Task AddUserAsync(string name, bool isAdmin, bool canWrite)
    {
        using Secret password = new(Password);
        Assert.True((await Store.AddUserAsync(new NewUser { UserName = name, IsAdmin = isAdmin, CanWrite = canWrite }, password)).Succeeded);
    }

    /// <summary>A user, with what signs in their name.</summary>
    public async Task<Signatory> SignatoryAsync(string name = Reader) => (await Store.FindSignatoryAsync(
        (await Store.GetUsersAsync(new UserQuery { UserNames = [name] })).Single().Id))!;

    /// <summary>Changes rows of its store in the folder, as another program might.</summary>
    /// <returns>How many.</returns>
    public int Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={StickyPi.Core.Stores.Store.GetDatabasePath(_folder["store"])}");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    /// <summary>Stops it, as a signal does, and closes the store; the folder stays until the end of the test.</summary>
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
            _server = null;
        }
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
}
