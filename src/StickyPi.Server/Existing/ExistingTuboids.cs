using System.Runtime.CompilerServices;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Remote.Existing;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.Server.Access;

namespace StickyPi.Server.Existing;

/// <summary>What the existing API does with tuboids.</summary>
internal static class ExistingTuboids
{
    private const int MaxFieldSize = 64 * 1024;

    private static readonly (string Part, TuboidFile File)[] Parts =
        [("metadata", TuboidFile.Metadata), ("tuboid", TuboidFile.Tuboid), ("context", TuboidFile.Context)];

    /// <summary><c>get_tiled_tuboid_series/&lt;what&gt;</c>: the tuboids of the series within a range, whatever algorithm made them.</summary>
    public static async Task GetSeriesAsync(HttpContext context)
    {
        TuboidContent what = context.GetRouteValue("what") switch
        {
            "metadata" => TuboidContent.Metadata,
            "data" => TuboidContent.Data,
            object other => throw InputErrors.Invalid("what", "InvalidRequest", $"'{other}' is none of what there is of a tuboid: metadata or data."),
            null => throw new InvalidOperationException("The route names what is asked for."),
        };
        IReadOnlyList<TuboidQuery> queries = await JsonInput.ReadListAsync(context, item => ReadSeries(item) with { What = what });
        await ExistingAnswers.WriteListAsync(
            context, ReadAllAsync(context.GetStore(), queries, context.RequestAborted), ExistingJson.Default.ExistingTuboid);
    }

    /// <summary>
    /// <c>delete_tiled_tuboids</c>: the series within a range. Where the request names an algorithm or a version, as the series that it comes
    /// from does, those of others stay: the existing server deletes them too, which nobody asked for.
    /// </summary>
    public static async Task DeleteAsync(HttpContext context)
    {
        Store store = context.GetStore();
        List<TuboidSeriesReference> references = [];
        List<TuboidQuery> queries = await JsonInput.ReadListAsync(
            context,
            item => ReadSeries(item) with { AlgoNames = Exactly(item, "algo_name"), AlgoVersions = Exactly(item, "algo_version") });
        foreach (TuboidQuery query in queries)
        {
            await foreach (StickyTuboidSeries series in store.GetTuboidSeriesAsync(query, context.RequestAborted))
            {
                references.Add(series.Reference);
            }
        }

        IReadOnlyList<Outcome<StickyTuboidSeries>> outcomes = await store.RemoveTuboidSeriesAsync([.. references.Distinct()], context.RequestAborted);
        if (outcomes.FirstOrDefault(outcome => outcome.Error is { Kind: not StickyErrorKind.NotFound }).Error is StickyException error)
        {
            throw error;
        }

        await ExistingAnswers.WriteListAsync(
            context,
            outcomes.Where(outcome => outcome.Succeeded).Select(outcome => ExistingTuboidSeries.From(outcome.Value!)).ToAsyncEnumerable(),
            ExistingJson.Default.ExistingTuboidSeries);
    }

    /// <summary><c>_put_tiled_tuboids</c>: one tuboid a request; the answer is a list in a list, which the existing client depends on.</summary>
    public static async Task PutAsync(HttpContext context)
    {
        using UploadedParts parts = new(context);
        await parts.ReadAsync((name, _) => Parts.Any(part => part.Part == name) || name is "tuboid_id" or "series_info"
            ? name
            : throw InputErrors.Invalid(name, "InvalidUpload", $"There is no part '{name}' of a tuboid: it has metadata, tuboid, context, tuboid_id and series_info."));
        TuboidId id = ReadId(await ReadJsonAsync(context, parts, "tuboid_id"));
        SendTuboidOptions options = ReadOptions(await ReadJsonAsync(context, parts, "series_info"), id);
        string folder = parts.MakeFolder(id.Text);
        foreach ((string part, TuboidFile file) in Parts)
        {
            File.Move(Find(parts, part).Path, Path.Combine(folder, file.FileName()));
        }

        SendTuboidResult result = await SendAsync(context, folder, options);
        await ExistingAnswers.WriteListAsync(
            context,
            ((IReadOnlyList<ExistingTuboid>[])[[ExistingTuboid.From(result.Tuboid)]]).ToAsyncEnumerable(),
            ExistingJson.Default.IReadOnlyListExistingTuboid);
    }

    private static async Task<SendTuboidResult> SendAsync(HttpContext context, string folder, SendTuboidOptions options)
    {
        UploadedFile tuboid = new("tuboid_id", folder);
        try
        {
            Outcome<SendTuboidResult> outcome = await context.GetStore()
                .SendTuboidsAsync(((string[])[folder]).ToAsyncEnumerable(), options, context.RequestAborted)
                .FirstAsync(context.RequestAborted);
            return outcome.Value switch
            {
                null => throw outcome.Error!,
                { Status: SendTuboidStatus.Skipped } => throw new StickyException(
                    "TuboidExists", StickyErrorKind.Conflict, $"The store has the very same tuboid '{outcome.Value.TuboidId}' already."),
                SendTuboidResult result => result,
            };
        }
        catch (StickyException e) when (e.Kind is not (StickyErrorKind.StorageFull or StickyErrorKind.StoreUnavailable))
        {
            bool isOfSeries = e.ErrorId is "InvalidTuboidSeries" or "TuboidOutsideSeries" or "SeriesConflict" or "SeriesFull";
            throw tuboid.Hide(e).At(isOfSeries ? "series_info" : "tuboid_id");
        }
    }

    private static async IAsyncEnumerable<ExistingTuboid> ReadAllAsync(
        Store store, IReadOnlyList<TuboidQuery> queries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (TuboidQuery query in queries)
        {
            await foreach (StickyTuboid tuboid in store.GetTuboidsAsync(query, cancellationToken))
            {
                yield return ExistingTuboid.From(tuboid);
            }
        }
    }

    private static TuboidQuery ReadSeries(JsonInput item) => new()
    {
        Devices = [LikePattern.ToNamePattern(item.Required("device").Text())],
        StartTime = item.Required("start_datetime").Time(),
        EndTime = item.Required("end_datetime").Time(),
    };

    private static IReadOnlyList<string> Exactly(JsonInput item, string field) =>
        item.Optional(field) is JsonInput value ? [NamePattern.Escape(value.Text())] : [];

    private static TuboidId ReadId(JsonInput id)
    {
        try
        {
            return TuboidId.Parse(id.Text());
        }
        catch (StickyException e)
        {
            throw e.At(id.Path);
        }
    }

    private static SendTuboidOptions ReadOptions(JsonInput series, TuboidId id) => new()
    {
        AlgoName = series.Required("algo_name").Text(),
        AlgoVersion = series.Required("algo_version").Text(),
        Device = ReadDevice(series.Required("device"), id),
        StartTime = series.Required("start_datetime").Time(),
        EndTime = series.Required("end_datetime").Time(),
        ImageCount = series.Required("n_images").Whole(),
        TuboidCount = series.Required("n_tuboids").Whole(),
    };

    // The Python client sends the series that it asks for, whose device may be a pattern such as '%'.
    private static string ReadDevice(JsonInput device, TuboidId id)
    {
        string text = device.Text();
        return ImageReference.IsDevice(text) ? text
            : NamePattern.Matches(id.Device, [LikePattern.ToNamePattern(text)]) ? id.Device
            : throw device.Invalid($"is neither the device of the tuboid, {id.Device}, nor a pattern that it matches");
    }

    private static async Task<JsonInput> ReadJsonAsync(HttpContext context, UploadedParts parts, string name)
    {
        string path = Find(parts, name).Path;
        return new FileInfo(path).Length <= MaxFieldSize
            ? JsonInput.Parse(await File.ReadAllBytesAsync(path, context.RequestAborted), name)
            : throw InputErrors.Invalid(name, "InvalidUpload", $"The part '{name}' is too long.");
    }

    private static UploadedFile Find(UploadedParts parts, string name) => parts.Files.Find(file => file.Name == name)
        ?? throw InputErrors.Invalid(name, "InvalidUpload", $"The part '{name}' is missing: send multipart/form-data with all parts of a tuboid.");
}
