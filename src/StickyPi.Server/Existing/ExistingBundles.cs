using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Bundles;
using StickyPi.Core.Remote.Existing;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Server.Access;

namespace StickyPi.Server.Existing;

/// <summary>What the existing API does with ML bundles: it lists their files, and gives out forms for uploading what it lacks.</summary>
internal static class ExistingBundles
{
    /// <summary><c>_get_ml_bundle_file_list/&lt;what&gt;</c>: the files of one bundle; none, where there is no such bundle.</summary>
    public static async Task GetFilesAsync(HttpContext context)
    {
        JsonInput name = await JsonInput.ReadAsync(context) ?? throw InputErrors.Invalid("", "InvalidRequest", "The body is empty; it must be the name of a bundle.");
        string prefix = GetPrefix(name);
        MlBundleContent? what = context.GetRouteValue("what") switch
        {
            "all" => MlBundleContent.All,
            "data" => MlBundleContent.Data,
            "model" => MlBundleContent.Model,
            _ => null,
        };
        Store store = context.GetStore();
        BundleHashes hashes = context.RequestServices.GetRequiredService<BundleHashes>();

        // As there: of another word, there are no files.
        IEnumerable<StickyStorageItem> files = what is null
            ? []
            : (await ListAsync(store, prefix, context.RequestAborted)).Values
                .Where(file => MlBundleRules.WhyNot(KeyOf(file, prefix), what.Value) is null)
                .OrderBy(file => file.Key, StringComparer.Ordinal);
        await ExistingAnswers.WriteListAsync(
            context,
            files.ToAsyncEnumerable().Select(async (file, cancellationToken) => new ExistingBundleFile
            {
                Key = KeyOf(file, prefix),
                Md5 = await hashes.GetMd5Async(store, file, cancellationToken),
                Mtime = ToSeconds(ModifiedTime(file)),
                Path = file.Key,
                Url = store.GetStorageItemUrl(file.Key),
            }),
            ExistingJson.Default.ExistingBundleFile);
    }

    /// <summary>
    /// <c>_get_ml_bundle_upload_links</c>: tells, of files that a client would upload, those that the store lacks or has older and with
    /// another content, each with a form to upload it.
    /// </summary>
    public static async Task GetUploadLinksAsync(HttpContext context)
    {
        Store store = context.GetStore();
        BundleHashes hashes = context.RequestServices.GetRequiredService<BundleHashes>();
        UploadForms forms = context.RequestServices.GetRequiredService<UploadForms>();
        List<(JsonInput Item, ExistingUploadForm Form)> wanted = [];
        Dictionary<string, Dictionary<string, StickyStorageItem>> bundles = [];
        foreach ((JsonInput item, string prefix, UploadCandidate file) in await JsonInput.ReadListAsync(context, Read))
        {
            Dictionary<string, StickyStorageItem> stored = bundles.TryGetValue(prefix, out Dictionary<string, StickyStorageItem>? listed)
                ? listed
                : bundles[prefix] = await ListAsync(store, prefix, context.RequestAborted);
            if (await IsWantedAsync(store, hashes, file, stored.GetValueOrDefault(file.Key), context.RequestAborted))
            {
                wanted.Add((item, forms.Create(context, file)));
            }
        }

        await ExistingAnswers.WriteListAsync(context, wanted.ToAsyncEnumerable(), Write);
    }

    private static void Write(Utf8JsonWriter writer, (JsonInput Item, ExistingUploadForm Form) file)
    {
        writer.WriteStartObject();
        foreach (JsonProperty field in file.Item.Value.EnumerateObject().Where(field => !field.NameEquals("url")))
        {
            field.WriteTo(writer);
        }

        writer.WritePropertyName("url");
        JsonSerializer.Serialize(writer, file.Form, ExistingJson.Default.ExistingUploadForm);
        writer.WriteEndObject();
    }

    private static async ValueTask<bool> IsWantedAsync(
        Store store, BundleHashes hashes, UploadCandidate file, StickyStorageItem? stored, CancellationToken cancellationToken) =>
        stored is null
        || (file.ModifiedTime > ModifiedTime(stored) && !await hashes.IsOfAsync(store, stored, file.ETag, cancellationToken));

    private static (JsonInput Item, string Prefix, UploadCandidate File) Read(JsonInput item)
    {
        string prefix = GetPrefix(item.Required("bundle_name"));
        JsonInput key = item.Required("key");
        JsonInput mtime = item.Required("mtime");
        double seconds = mtime.Number();
        JsonInput md5 = item.Required("md5");
        return (item, prefix, new UploadCandidate(
            ObjectKey.IsValid(key.Text()) && ObjectKey.IsValid($"{prefix}/{key.Text()}")
                ? $"{prefix}/{key.Text()}"
                : throw ObjectKey.Invalid(key.Text()).At(key.Path),
            ETag.CountParts(md5.Text()) >= 0
                ? md5.Text()
                : throw md5.Invalid("must be the MD5 of the file in hexadecimal, or the ETag of its parts of 8 MiB"),
            Math.Abs(seconds) <= UploadCandidate.MaxSeconds ? DateTime.UnixEpoch.AddSeconds(seconds) : throw mtime.Invalid("is no time")));
    }

    private static string GetPrefix(JsonInput name)
    {
        try
        {
            return MlBundleRules.GetPrefix(name.Text());
        }
        catch (StickyException e)
        {
            throw e.At(name.Path);
        }
    }

    private static async Task<Dictionary<string, StickyStorageItem>> ListAsync(Store store, string prefix, CancellationToken cancellationToken)
    {
        Dictionary<string, StickyStorageItem> files = [];
        await foreach (StickyStorageItem item in store.GetStorageItemsAsync(prefix, KeyFilter.All, cancellationToken))
        {
            files[item.Key] = item;
        }

        // A file of the bundle's own name is none of the bundle's.
        _ = files.Remove(prefix);
        return files;
    }

    private static string KeyOf(StickyStorageItem file, string prefix) => file.Key[(prefix.Length + 1)..];

    // A bucket does not say in a listing when content was last changed.
    private static DateTime ModifiedTime(StickyStorageItem file) => file.ModifiedTime ?? file.LastModified;

    private static double ToSeconds(DateTime time) => (time - DateTime.UnixEpoch).TotalSeconds;
}

/// <summary>A file that a client would upload.</summary>
/// <param name="Key">Its key in the store.</param>
/// <param name="ETag">What the client says of its content: the MD5, or the ETag of parts of 8 MiB.</param>
/// <param name="ModifiedTime">When it was last modified, UTC.</param>
internal sealed record UploadCandidate(string Key, string ETag, DateTime ModifiedTime)
{
    /// <summary>The furthest from 1970 that a time may be, in seconds: what every file system can keep.</summary>
    public const double MaxSeconds = 60_000_000_000;
}
