using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Bundles;
using StickyPi.Core.Images;
using StickyPi.Core.Labels;
using StickyPi.Core.Remote;
using StickyPi.Core.Remote.Existing;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.Core.Users;
using StickyPi.Providers;
using StickyPi.Server;

namespace StickyPi.Tests.Wire;

/// <summary>Both sides of the existing API against each other: our client of it, and our server of it, over a real connection.</summary>
public sealed class ExistingRoundTripTests(LabServer server) : IClassFixture<LabServer>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task A_store_over_the_existing_api_is_a_store()
    {
        SampleData.SkipIfAbsent();
        await using IRemoteStore store = await OpenAsync(server.Uri, LabServer.Administrator);

        List<Outcome<SendImageResult>> sent = await store.SendImagesAsync(SampleData.Pictures.ToAsyncEnumerable(), new SendImageOptions()).ToListAsync();
        Assert.Equal(5, sent.Count(outcome => outcome.Value?.Status == SendImageStatus.Added));
        sent = await store.SendImagesAsync(SampleData.Pictures.ToAsyncEnumerable(), new SendImageOptions()).ToListAsync();
        Assert.Equal(5, sent.Count(outcome => outcome.Value?.Status == SendImageStatus.Skipped));

        List<StickyImage> series = await store.GetImageSeriesAsync(new ImageSeriesQuery()).ToListAsync();
        Assert.Equal(await server.Store.GetImageSeriesAsync(new ImageSeriesQuery()).Select(ToSeconds).ToListAsync(), series);
        SaveImageOptions saving = new() { Destination = _folder["saved"], What = ImageContents.Files };
        List<Outcome<SavedImage>> saved = await store.SaveImagesAsync(series.Select(image => new ImageReference(image.Device, image.DateTime)).ToAsyncEnumerable(), saving).ToListAsync();
        Assert.Equal(15, saved.Count(outcome => outcome.Value?.Status == SaveImageStatus.Saved));

        StickyImage image = series[0];
        AnnotationElement element = AnnotationJson.Create(
            new ImageReference(image.Device, image.DateTime), image.Md5, "uid", "1598113346-ad2cd78dfaca12821046dfb8994724d5",
            [new AnnotatedObject { Name = "insect", Contour = [new(1, 2), new(3, 4), new(5, 9)] }], "x");
        List<Outcome<StickyAnnotation>> annotations = await AddAsync(store, element);
        Assert.Equal(LabServer.Administrator, Assert.Single(annotations).Value?.ApiUser);
        Assert.Equal("AnnotationExists", Assert.Single(await AddAsync(store, element)).Error?.ErrorId);
        StickyAnnotatedImage joined = (await store.GetAnnotatedImagesAsync(series.ToAsyncEnumerable(), new AnnotationQuery { What = AnnotationContent.Data }).FirstAsync()).Value!;
        Assert.Equal(element.Json, joined.Annotation?.Json);

        SendTuboidOptions sending = new() { AlgoName = "test", TuboidCount = 3, ImageCount = 10 };
        List<Outcome<SendTuboidResult>> tuboids = await store.SendTuboidsAsync(SampleData.TuboidFolders.ToAsyncEnumerable(), sending).ToListAsync();
        Assert.Equal(3, tuboids.Count(outcome => outcome.Value?.Status == SendTuboidStatus.Added));
        tuboids = await store.SendTuboidsAsync(SampleData.TuboidFolders.ToAsyncEnumerable(), sending).ToListAsync();
        Assert.Equal(3, tuboids.Count(outcome => outcome.Value?.Status == SendTuboidStatus.Skipped));
        List<StickyTuboid> stored = await store.GetTuboidsAsync(new TuboidQuery()).ToListAsync();
        List<Outcome<StickyTuboid>> copied = await store.SaveTuboidsAsync(stored.ToAsyncEnumerable(), new SaveTuboidOptions { Destination = _folder["tuboids"] }).ToListAsync();
        Assert.All(copied, outcome => Assert.True(outcome.Succeeded));

        NewLabel label = new() { TuboidId = stored[1].TuboidId, AlgoName = "itc", AlgoVersion = "1", Label = 1, Pattern = "Insecta.*", Type = "Insecta" };
        Assert.True((await store.AddLabelsAsync(((NewLabel[])[label]).ToAsyncEnumerable()).SingleAsync()).Succeeded);
        Assert.Equal("LabelExists", (await store.AddLabelsAsync(((NewLabel[])[label]).ToAsyncEnumerable()).SingleAsync()).Error?.ErrorId);
        Assert.Equal(stored[1].TuboidId, (await store.GetLabelsAsync(new LabelQuery()).SingleAsync()).TuboidId);
        Assert.Equal(stored[0].Series, (await store.RemoveTuboidSeriesAsync([stored[0].Series]))[0].Value?.Reference);
        Assert.Equal(image.FileName, (await store.RemoveImagesAsync([new ImageReference(image.Device, image.DateTime)]))[0].Value?.FileName);
    }

    [SkippableFact]
    public async Task A_bundle_goes_there_and_back()
    {
        SampleData.SkipIfAbsent();
        await using IRemoteStore store = await OpenAsync(server.Uri, LabServer.Writer);
        await SendThereAndBackAsync(store);

        // The forms of this server keep the time of a file.
        StickyStorageItem stored = await server.Store.GetStorageItemsAsync("ml/there-and-back/config/config.yaml", KeyFilter.All).SingleAsync();
        Assert.Equal(new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Utc), stored.ModifiedTime);
    }

    [SkippableFact]
    public async Task A_bundle_goes_there_and_back_by_the_forms_and_urls_of_a_bucket()
    {
        SampleData.SkipIfAbsent();
        await using S3Bucket bucket = await S3Server.CreateBucketAsync();
        using BucketOptions options = bucket.Options();
        await using WebApplication own = await StickyServer.BuildAsync(
            [
                "--bucket", bucket.Name, "--endpoint", options.Endpoint!.AbsoluteUri, "--region", "us-east-1", "--access-key", options.AccessKey!,
                "--catalog-path", _folder["catalog.db"], "--urls", "http://127.0.0.1:0",
            ],
            builder => builder.Configuration["StickyPi:SecretKey"] = Encoding.UTF8.GetString(options.SecretKey!.Bytes));
        using Secret password = new(LabServer.Password);
        Assert.True((await own.Services.GetRequiredService<Store>().AddUserAsync(new NewUser { UserName = LabServer.Writer }, password)).Succeeded);
        await own.StartAsync();
        await using IRemoteStore store = await OpenAsync(new Uri(own.Urls.First()), LabServer.Writer);
        await SendThereAndBackAsync(store);
        Assert.Contains("ml/there-and-back/output/model_final.pth", await bucket.KeysAsync());
        await own.StopAsync();
    }

    private async Task SendThereAndBackAsync(IRemoteStore store)
    {
        string folder = _folder["there-and-back"];
        foreach (string path in Directory.EnumerateFiles(SampleData.MlBundle!, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(SampleData.MlBundle!, path));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, File.ReadAllBytes(path));
            File.SetLastWriteTimeUtc(copy, new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        }

        _ = Directory.CreateDirectory(Path.Combine(folder, "output"));
        File.WriteAllBytes(Path.Combine(folder, "output", "model_final.pth"), RandomBytes.Make(20 * 1024 * 1024));
        SyncMlBundleOptions push = new() { Direction = SyncDirection.Push };
        Assert.Equal(6, (await store.SyncMlBundleAsync("there-and-back", folder, push)).Synced.Count);
        Assert.Empty((await store.SyncMlBundleAsync("there-and-back", folder, push)).Synced);

        string pulled = _folder["pulled"];
        SyncMlBundleOptions pull = new() { Direction = SyncDirection.Pull };
        Assert.Equal(6, (await store.SyncMlBundleAsync("there-and-back", pulled, pull)).Synced.Count);
        Assert.Empty((await store.SyncMlBundleAsync("there-and-back", pulled, pull)).Synced);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(folder, "output", "model_final.pth")), File.ReadAllBytes(Path.Combine(pulled, "output", "model_final.pth")));
    }

    [Fact]
    public async Task A_password_is_verified_by_logging_in()
    {
        await using IRemoteStore store = await OpenAsync(server.Uri, LabServer.Administrator);
        using Secret right = new(LabServer.Password);
        using Secret wrong = new("wrong");
        Assert.Equal(LabServer.Reader, (await store.VerifyUserAsync(LabServer.Reader, right))?.UserName);
        Assert.Null(await store.VerifyUserAsync(LabServer.Reader, wrong));
        Assert.Null(await store.VerifyUserAsync("nobody", right));
    }

    private static async Task<List<Outcome<StickyAnnotation>>> AddAsync(IRemoteStore store, AnnotationElement element) => await store
        .AddAnnotationsAsync(((Outcome<AnnotationElement>[])[new(element)]).ToAsyncEnumerable(), new AddAnnotationOptions { ReturnStored = true }).ToListAsync();

    // The API tells of seconds.
    private static StickyImage ToSeconds(StickyImage image) =>
        image with { CreatedAt = new DateTime(image.CreatedAt.Ticks - (image.CreatedAt.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc) };

    private static async Task<IRemoteStore> OpenAsync(Uri uri, string user)
    {
        using Secret password = new(LabServer.Password);
        return await ExistingStore.OpenAsync(
            new ApiTransport(uri), new RemoteOptions { Uri = uri, UserName = user, Password = password }, new StickyProviders());
    }
}
