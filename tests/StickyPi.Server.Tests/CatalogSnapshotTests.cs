using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using StickyPi.Core.Stores;
using StickyPi.Server.V1;

namespace StickyPi.Tests;

/// <summary>Snapshots of the catalog that many ask for.</summary>
public sealed class CatalogSnapshotTests : IAsyncLifetime
{
    private const int Askers = 16;

    private readonly LabServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Those_who_wait_for_a_snapshot_while_rows_change_share_the_next_one()
    {
        CatalogSnapshots snapshots = _server.Services.GetRequiredService<CatalogSnapshots>();
        using SqliteConnection other = new($"Data Source={Store.GetDatabasePath(_server["store"])};Pooling=False");
        other.Open();

        // Nobody can read now: the first one waits for the rows, and all others for the first one.
        Run("BEGIN EXCLUSIVE; UPDATE users SET email = username || '@example.org'");
        Task<DateTime>[] asked = [.. Enumerable.Range(0, Askers).Select(_ => Task.Factory.StartNew(AskAsync, TaskCreationOptions.LongRunning).Unwrap())];
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(asked, task => task.IsCompleted);
        Run("COMMIT");

        // The first one's, and the one that was begun when all others had asked already.
        Assert.InRange((await Task.WhenAll(asked)).Distinct().Count(), 1, 3);

        async Task<DateTime> AskAsync()
        {
            OpenSnapshot snapshot = await snapshots.OpenAsync(default);
            await snapshot.Content.DisposeAsync();
            return snapshot.CreatedAt;
        }

        void Run(string sql) => CatalogSnapshotTests.Run(other, sql);
    }

    [Fact]
    public async Task A_snapshot_that_nobody_waits_for_any_more_is_made_all_the_same()
    {
        CatalogSnapshots snapshots = _server.Services.GetRequiredService<CatalogSnapshots>();
        using SqliteConnection other = new($"Data Source={Store.GetDatabasePath(_server["store"])};Pooling=False");
        other.Open();
        Run(other, "BEGIN EXCLUSIVE; UPDATE users SET email = username || '@example.org'");
        using CancellationTokenSource impatient = new(TimeSpan.FromMilliseconds(500));
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => snapshots.OpenAsync(impatient.Token)));
        Assert.All(Made(), file => Assert.Equal(0, file.Length));

        Run(other, "COMMIT");

        for (int i = 0; i < 600 && !Made().Any(file => file.Length > 0); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(Assert.Single(Made()).Length > 0);
        await (await snapshots.OpenAsync(default)).Content.DisposeAsync();
        Assert.Single(Made());
    }

    private FileInfo[] Made() => new DirectoryInfo(Path.Combine(_server["store"], "cache", "uploads")).GetFiles("catalog.db", SearchOption.AllDirectories);

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        _ = command.ExecuteNonQuery();
    }
}
