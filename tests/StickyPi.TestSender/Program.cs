using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Providers;

// StickyPi.TestSender <store> <folder of pictures>: one line a file, its status or its error.
// StickyPi.TestSender <store> <folder of tuboids> <algorithm>: one line a folder.
// StickyPi.TestSender --upload <endpoint> <bucket> <key> <file>: with the keys of the environment.
try
{
    if (args[0] == "--upload")
    {
        using BucketOptions options = new()
        {
            Bucket = args[2],
            Endpoint = new Uri(args[1]),
            AccessKey = Environment.GetEnvironmentVariable("STICKYPI_TEST_S3_KEY"),
            SecretKey = new Secret(Environment.GetEnvironmentVariable("STICKYPI_TEST_S3_SECRET")),
        };
        await using IObjectStorage bucket = await new StickyProviders().OpenBucketAsync(options, default);
        using TransferWindow window = new(4);
        StickyStorageItem item = await bucket.UploadAsync(args[3], LocalFolder.Find(args[3], args[4])!, window, default);
        Console.WriteLine($"Uploaded {item.Key}");
        return 0;
    }

    await using Store store = Store.OpenLocal(args[0], new StickyProviders());
    if (args.Length > 2)
    {
        string[] folders = [.. Directory.EnumerateDirectories(args[1]).Order(StringComparer.Ordinal)];
        Console.WriteLine("Ready");
        await foreach (Outcome<SendTuboidResult> outcome in store.SendTuboidsAsync(
            folders.ToAsyncEnumerable(), new SendTuboidOptions { AlgoName = args[2] }))
        {
            Console.WriteLine(outcome.Succeeded ? $"{outcome.Value.Status} {outcome.Value.Path}" : $"{outcome.Error.ErrorId} {outcome.Error.Target}");
        }

        return 0;
    }

    string[] files = [.. Directory.EnumerateFiles(args[1], "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    Console.WriteLine("Ready");
    await foreach (Outcome<SendImageResult> outcome in store.SendImagesAsync(files.ToAsyncEnumerable(), new SendImageOptions()))
    {
        Console.WriteLine(outcome.Succeeded ? $"{outcome.Value.Status} {outcome.Value.Path}" : $"{outcome.Error.ErrorId} {outcome.Error.Target}");
    }

    return 0;
}
catch (StickyException e)
{
    Console.WriteLine($"{e.ErrorId} {e.Message}");
    return 1;
}
