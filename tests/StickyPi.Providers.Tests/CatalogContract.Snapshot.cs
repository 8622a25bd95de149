using System.Text;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Properties;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

public abstract partial class CatalogContract
{
    [SkippableFact]
    public async Task A_snapshot_opens_as_a_store_with_every_row_but_those_of_users_and_tokens()
    {
        const string Hash = "$pbkdf2-sha512$i=210000$findme$findme";
        ImageMetadata metadata = Picture() with { DateTime = Time.AddMicroseconds(5), RecordedLatitude = 1.25, NoFlashExposureTime = 0.5, DeviceVersion = "é" };
        await WriteAsync(
            rows =>
            {
                StickyImage image = rows.AddImage(metadata);
                _ = rows.AddImage(Picture(Device, 1));
                _ = rows.RemoveImage(new ImageReference(Device, Time.AddMinutes(1)));
                _ = rows.AddImage(Picture(Device, 2));
                _ = rows.AddAnnotation(image.Id, Annotation(image), 3, Encoding.UTF8.GetBytes("{\"ü\": 1}"));
                StickyTuboidSeries series = rows.AddTuboidSeries(Series(), 1, 2);
                StickyTuboid tuboid = rows.AddTuboid(series, TuboidId.Parse(Tuboids.Id(1)), Shots());
                _ = rows.AddLabel(tuboid.Id, Label(1) with { Order = "Diptera" });
                rows.SetProperties(new PropertyTarget(StickyPropertyKind.Device, Device), "{\"site\":\"é\"}"u8.ToArray());
                rows.SetProperties(PropertyTarget.Of(Series()), "{\"x\":1}"u8.ToArray());
                StickyUser user = rows.AddUser(new NewUser { UserName = "secretuser", Email = "secret@example.org" }, "$6$old-findme");
                _ = rows.UpdateUser(user.Id, passwordHash: Hash);
                _ = rows.RevokeToken("secrettoken", DateTime.UtcNow.AddHours(1));
            },
            "ada");
        ReadOnlyMemory<byte> secret = await Catalog.GetTokenSecretAsync(default);
        _ = Directory.CreateDirectory(Folder["copy"]);
        string file = Store.GetDatabasePath(Folder["copy"]);

        Assert.Equal(2, await Catalog.SaveSnapshotAsync(file, default));

        Assert.Equal([file], Directory.GetFiles(Folder["copy"]));
        byte[] bytes = await File.ReadAllBytesAsync(file);
        foreach (byte[] hidden in (byte[][])[.. new[] { "findme", "secretuser", "secret@", "secrettoken" }.Select(Encoding.UTF8.GetBytes), secret.ToArray()])
        {
            Assert.Equal(-1, bytes.AsSpan().IndexOf(hidden));
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        await using Store store = Store.OpenLocal(Folder["copy"], Pictures.Providers, create: false);
        await using ICatalog copy = Pictures.Providers.OpenCatalog(file, create: false);
        Assert.Empty(await store.GetUsersAsync(new UserQuery()));
        Assert.Equal((false, true), (Catalog.IsSnapshot, copy.IsSnapshot));
        Assert.Equal("StoreIsCopy", (await Assert.ThrowsAsync<StickyException>(async () => await copy.BeginWriteAsync(null, default))).ErrorId);
        Assert.Equal(
            await Catalog.GetImagePageAsync(Always(Device), 0, 10, default), await copy.GetImagePageAsync(Always(Device), 0, 10, default));
        AnnotationQuery data = new() { What = AnnotationContent.Data };
        ImageReference[] references = [new(Device, metadata.DateTime)];
        Assert.Equal(
            (await Catalog.FindAnnotationsAsync(references, data, default)).Select(Values), (await copy.FindAnnotationsAsync(references, data, default)).Select(Values));
        Assert.Equal(await Catalog.GetLabelPageAsync(0, 10, default), await copy.GetLabelPageAsync(0, 10, default));
        Assert.Equal(await Catalog.FindTuboidsAsync([Tuboids.Id(1)], default), await copy.FindTuboidsAsync([Tuboids.Id(1)], default));
        Assert.Equal(await Catalog.FindTuboidSeriesAsync([Series()], default), await copy.FindTuboidSeriesAsync([Series()], default));
        PropertyTarget[] targets = [new(StickyPropertyKind.Device, Device), PropertyTarget.Of(Series())];
        Assert.Equal(
            (await Catalog.FindPropertiesAsync(targets, default)).Select(Texts), (await copy.FindPropertiesAsync(targets, default)).Select(Texts));
        Assert.Equal("ok", Database.Scalar(Folder["copy"], "PRAGMA integrity_check"));
        Assert.Equal("delete", Database.Scalar(Folder["copy"], "PRAGMA journal_mode"));

        static (string, int, string, DateTime, string?) Values(StickyAnnotation a) => (a.ToString(), a.ObjectCount, a.Json, a.CreatedAt, a.ApiUser);
        static (string, string, DateTime?, string?) Texts(StickyPropertySet? p) => (p!.ToString(), p.Properties.ToJsonString(), p.UpdatedAt, p.ApiUser);
    }

    [SkippableFact]
    public async Task A_snapshot_is_of_one_moment_while_others_write()
    {
        using CancellationTokenSource done = new();
        await using ICatalog other = await OpenAsync();
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; !done.IsCancellationRequested; i++)
            {
                await using ICatalogTransaction rows = await other.BeginWriteAsync(null, default);
                StickyImage image = rows.AddImage(Picture("a", i));
                _ = rows.AddAnnotation(image.Id, Annotation(image), 0, new byte[] { (byte)'1' });
                _ = rows.AddImage(Picture("b", i));
                rows.Commit(default);
            }
        });

        for (int i = 0; i < 10; i++)
        {
            string file = Folder[$"{i}.db"];
            long count = await Catalog.SaveSnapshotAsync(file, default);
            Assert.Equal(count, Database.Scalar(file, "SELECT count(*) FROM images"));
            Assert.Equal(count / 2, Database.Scalar(file, "SELECT count(*) FROM uid_annotations"));
            Assert.Equal(count / 2, Database.Scalar(file, "SELECT count(*) FROM images WHERE device = 'b'"));
        }

        await done.CancelAsync();
        await writing;
    }

    [SkippableFact]
    public async Task Reading_goes_on_while_a_snapshot_and_a_writer_wait_for_each_other()
    {
        await WriteAsync(rows => rows.AddImage(Picture()));
        Task<long> saving;
        await using (ICatalogTransaction rows = await Catalog.BeginWriteAsync(null, default))
        {
            _ = rows.AddImage(Picture("b", 1));
            saving = Task.Run(async () => await Catalog.SaveSnapshotAsync(Folder["copy.db"], default));
            for (int i = 0; i < 100; i++)
            {
                Assert.Equal([Device], await Catalog.GetDeviceNamesAsync(default));
            }

            rows.Commit(default);
        }

        Assert.InRange(await saving.WaitAsync(TimeSpan.FromMinutes(1)), 1, 2);
    }

    [SkippableFact]
    public async Task Saving_a_snapshot_can_be_stopped()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Catalog.SaveSnapshotAsync(Folder["copy.db"], stop.Token));

        await WriteAsync(rows => rows.AddImage(Picture()));
    }
}
