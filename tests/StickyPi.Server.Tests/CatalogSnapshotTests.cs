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

        void Run(string sql)
        {
            using SqliteCommand command = other.CreateCommand();
            command.CommandText = sql;
            _ = command.ExecuteNonQuery();
        }
    }
}
