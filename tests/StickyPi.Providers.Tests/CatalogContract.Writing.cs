using System.Globalization;
using StickyPi.Core;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

public abstract partial class CatalogContract
{
    [SkippableFact]
    public async Task What_is_not_committed_is_seen_by_nobody_and_taken_back()
    {
        ImageReference reference = new(Device, Time);
        await using (ICatalogTransaction rows = await Catalog.BeginWriteAsync(null, default))
        {
            _ = rows.AddImage(Picture());
            Assert.NotNull(rows.FindImage(reference));
            await using ICatalog other = await OpenAsync();
            Assert.Equal([null], await other.FindImagesAsync([reference], default));
            Assert.Equal([null], await Catalog.FindImagesAsync([reference], default));
        }

        Assert.Equal([null], await Catalog.FindImagesAsync([reference], default));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_waits_to_write_sees_what_was_committed_meanwhile(bool sameProcess)
    {
        ICatalog second = sameProcess ? Catalog : await OpenAsync();
        ICatalogTransaction rows = await Catalog.BeginWriteAsync(null, default);
        Task<StickyImage?> waiting = Task.Run(async () =>
        {
            await using ICatalogTransaction later = await second.BeginWriteAsync(null, default);
            return later.FindImage(new ImageReference(Device, Time));
        });
        await Task.Delay(200);
        Assert.False(waiting.IsCompleted);
        _ = rows.AddImage(Picture());
        rows.Commit(default);
        await rows.DisposeAsync();

        Assert.NotNull(await waiting);
        if (!sameProcess)
        {
            await second.DisposeAsync();
        }
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Waiting_to_write_can_be_stopped_and_then_others_can_write(bool sameProcess)
    {
        ICatalog second = sameProcess ? Catalog : await OpenAsync();
        await using (ICatalogTransaction rows = await Catalog.BeginWriteAsync(null, default))
        {
            using CancellationTokenSource stop = new();
            Task waiting = Task.Run(async () => await second.BeginWriteAsync(null, stop.Token));
            await Task.Delay(200);
            Assert.False(waiting.IsCompleted);
            await stop.CancelAsync();
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(20)));

            _ = rows.AddImage(Picture());
            rows.Commit(default);
        }

        await using (ICatalogTransaction rows = await second.BeginWriteAsync(null, default))
        {
            Assert.NotNull(rows.FindImage(new ImageReference(Device, Time)));
        }

        if (!sameProcess)
        {
            await second.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task What_was_cancelled_before_it_began_begins_nothing()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Catalog.BeginWriteAsync(null, stop.Token));

        await WriteAsync(rows => rows.AddImage(Picture()));
    }

    [SkippableFact]
    public async Task Several_writers_and_readers_lose_nothing_double_nothing_and_never_fail()
    {
        const int Writers = 4;
        const int Pictures = 25;
        List<ICatalog> catalogs = [];
        for (int i = 0; i < Writers; i++)
        {
            catalogs.Add(await OpenAsync());
        }

        using CancellationTokenSource done = new();
        Task reading = Task.Run(async () =>
        {
            // A commit is seen whole: the two pictures of a minute come together.
            while (!done.IsCancellationRequested)
            {
                IReadOnlyList<StickyImage?> pair = await catalogs[0].FindImagesAsync(
                    [.. Enumerable.Range(0, Pictures).SelectMany(i => (ImageReference[])[new("a", Time.AddMinutes(i)), new("b", Time.AddMinutes(i))])], default);
                Assert.All(pair.Chunk(2), both => Assert.Equal(both[0] is null, both[1] is null));
            }
        });

        int[] added = await Task.WhenAll(Enumerable.Range(0, Writers * 2).Select(writer => Task.Run(async () =>
        {
            int count = 0;
            for (int i = 0; i < Pictures; i++)
            {
                await using ICatalogTransaction rows = await catalogs[writer % Writers].BeginWriteAsync($"{writer}", default);
                if (rows.FindImage(new ImageReference("a", Time.AddMinutes(i))) is null)
                {
                    _ = rows.AddImage(Picture("a", i));
                    _ = rows.AddImage(Picture("b", i));
                    count++;
                }

                rows.Commit(default);
            }

            return count;
        })));
        await done.CancelAsync();
        await reading;

        Assert.Equal(Pictures, added.Sum());
        Assert.Equal(2 * Pictures, Convert.ToInt32(await ScalarAsync("SELECT count(*) FROM images"), CultureInfo.InvariantCulture));
        foreach (ICatalog catalog in catalogs)
        {
            await catalog.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Reading_that_was_stopped_says_so()
    {
        using CancellationTokenSource stop = new();
        await using ICatalogTransaction rows = await Catalog.BeginWriteAsync(null, default);
        await stop.CancelAsync();

        Exception? error = await Record.ExceptionAsync(async () => await Catalog.GetDeviceNamesAsync(stop.Token));

        Assert.True(error is null or OperationCanceledException, error?.ToString());
    }

    [SkippableFact]
    public async Task A_revoked_token_is_known_to_all_servers_until_well_after_it_would_have_expired()
    {
        await using ICatalog other = await OpenAsync();
        Assert.False(await Catalog.IsTokenRevokedAsync("t1", default));
        await WriteAsync(rows =>
        {
            Assert.True(rows.RevokeToken("old", DateTime.UtcNow.AddDays(-32)));
            Assert.True(rows.RevokeToken("recent", DateTime.UtcNow.AddDays(-30)));
            Assert.True(rows.RevokeToken("t1", DateTime.UtcNow.AddHours(1)));
            Assert.False(rows.RevokeToken("t1", DateTime.UtcNow.AddHours(2)));
            Assert.True(rows.RevokeToken("'; --", DateTime.UtcNow.AddHours(1)));
        });

        Assert.True(await Catalog.IsTokenRevokedAsync("t1", default));
        Assert.True(await other.IsTokenRevokedAsync("t1", default));
        Assert.True(await other.IsTokenRevokedAsync("'; --", default));
        Assert.False(await other.IsTokenRevokedAsync("T1", default));

        // The clock may be ahead, and be put back.
        Assert.True(await Catalog.IsTokenRevokedAsync("recent", default));
        Assert.Equal(3, Convert.ToInt32(await ScalarAsync("SELECT count(*) FROM revoked_tokens"), CultureInfo.InvariantCulture));

        await WriteAsync(rows => rows.RestoreToken("t1"));
        Assert.False(await other.IsTokenRevokedAsync("t1", default));
        Assert.True(await other.IsTokenRevokedAsync("'; --", default));
    }

    [SkippableFact]
    public async Task What_tells_whether_a_token_is_good_is_one_read_of_secret_users_and_revocation()
    {
        TokenFacts before = await Catalog.GetTokenFactsAsync("t1", default);
        Assert.Null(before.Secret);
        Assert.Empty(before.Users);

        ReadOnlyMemory<byte> secret = await Catalog.GetTokenSecretAsync(default);
        await WriteAsync(rows =>
        {
            _ = rows.AddUser(new() { UserName = "ann" }, "hash of ann");
            _ = rows.AddUser(new() { UserName = "bob" }, "hash of bob");
            _ = rows.RevokeToken("t1", DateTime.UtcNow.AddHours(1));
        });

        TokenFacts revoked = await Catalog.GetTokenFactsAsync("t1", default);
        Assert.Equal(secret.ToArray(), revoked.Secret);
        Assert.Equal(["hash of ann", "hash of bob"], revoked.Users.Select(user => user.PasswordHash).Order());
        Assert.True(revoked.IsRevoked);
        Assert.False((await Catalog.GetTokenFactsAsync("t2", default)).IsRevoked);
    }

    [SkippableFact]
    public async Task All_servers_of_a_store_have_the_same_secret_even_if_they_ask_for_it_at_once()
    {
        ICatalog[] catalogs = [Catalog, await OpenAsync(), await OpenAsync()];

        ReadOnlyMemory<byte>[] secrets = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => Task.Run(async () => await catalogs[i % catalogs.Length].GetTokenSecretAsync(default))));

        Assert.Equal(32, secrets[0].Length);
        Assert.NotEqual(new byte[32], secrets[0].ToArray());
        Assert.All(secrets, secret => Assert.Equal(secrets[0].ToArray(), secret.ToArray()));
        await catalogs[1].DisposeAsync();
        await catalogs[2].DisposeAsync();
        await using ICatalog later = await OpenAsync();
        Assert.Equal(secrets[0].ToArray(), (await later.GetTokenSecretAsync(default)).ToArray());
    }
}
