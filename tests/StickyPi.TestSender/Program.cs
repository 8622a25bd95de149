using StickyPi.Core;
using StickyPi.Core.Stores;
using StickyPi.Providers;

// StickyPi.TestSender <store> <folder of pictures>: one line a file, its status or its error.
// StickyPi.TestSender <store> <folder of tuboids> <algorithm>: one line a folder.
try
{
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
