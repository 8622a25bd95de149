using Microsoft.OpenApi;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.Core.Tuboids;

namespace StickyPi.Server.V1;

/// <summary>The parameters that more than one request takes, and the parts of paths.</summary>
internal static class Parameters
{
    public static readonly Parameter Device = new(
        "device", "Devices or patterns: '*' and '%' stand for any run of characters, '?' and '_' for one. None means all devices.")
    {
        IsList = true,
    };

    public static readonly Parameter StartTime = new("startTime", "The first moment that is meant, UTC: ISO 8601, or YYYY-MM-DD_HH-MM-SS.") { Format = "date-time" };

    public static readonly Parameter EndTime = new("endTime", "The first moment that is not meant any more, UTC: ISO 8601, or YYYY-MM-DD_HH-MM-SS.") { Format = "date-time" };

    public static readonly Parameter LastTime = new("endTime", "The last moment that is meant, UTC: ISO 8601, or YYYY-MM-DD_HH-MM-SS.") { Format = "date-time" };

    public static readonly Parameter ImageWhat = new("what", "Which file the urls lead to; with 'metadata', the default, there are none.")
    {
        Values = RequestValues.Names<ImageContent>(),
    };

    public static readonly Parameter AnnotationWhat = new("what", "How much of each annotation: 'metadata', the default, or 'data' with the whole element.")
    {
        Values = RequestValues.Names<AnnotationContent>(),
    };

    public static readonly Parameter TuboidWhat = new("what", "With 'data', there are urls of the files; with 'metadata', the default, there are none.")
    {
        Values = RequestValues.Names<TuboidContent>(),
    };

    public static readonly Parameter AlgoName = new("algoName", "Algorithms or patterns: '*' stands for any run of characters, '?' for one. None means all.") { IsList = true };

    public static readonly Parameter AlgoVersion = new("algoVersion", "Versions of algorithms or patterns. None means all.") { IsList = true };

    public static readonly Parameter Latest = Flag("latest", "Whether only the newest version of each algorithm counts, for each picture.");

    public static readonly Parameter Skip = Number("skip", "How many to leave out at the beginning.");

    public static readonly Parameter First = Number("first", "How many to return at most, over all pages.");

    public static readonly Parameter IncludeTotal = Flag("includeTotal", "Whether to count all of them: 'total' of a page, or the header X-Sticky-Total.");

    public static readonly Parameter Cursor = new("cursor", "The 'next' of the page before; other parameters must be the same as there.");

    public static readonly Parameter PageSize = Number("pageSize", "How many items a page has, 1000 where nothing is said.") with
    {
        Minimum = 1,
        Maximum = Paging.MaximumSize,
    };

    public static readonly Parameter Strict = Flag("strict", "Whether a picture that is dated more than a day after the server's clock is refused.");

    /// <inheritdoc cref="Parameter"/>
    public static readonly Parameter Force = Flag("force", "Whether something else may be replaced.");

    public static readonly Parameter Simulate = Flag("simulate", "Whether to only tell what would be done; nothing is written.");

    /// <summary>What the parts of paths mean, by their names.</summary>
    public static readonly IReadOnlyDictionary<string, string> OfPaths = new Dictionary<string, string>
    {
        ["device"] = "The device: 8 hexadecimal digits.",
        ["dateTime"] = "When the picture was taken, UTC: YYYY-MM-DD_HH-MM-SS.",
        ["what"] = "Which file: image, thumbnail or thumbnail-mini.",
        ["tuboidId"] = "The tuboid: <device>.<start>.<end>.<algorithm version>.<number>.",
        ["key"] = "The key of the object: a path with forward slashes.",
        ["name"] = "The name.",
        ["kind"] = "What the properties hang on: image, device, series or bundle.",
        ["id"] = "Which of its kind: <device>.<YYYY-MM-DD_HH-MM-SS>; a device; <device>.<start>.<end>.<algorithm>.<version>; a bundle.",
    };

    /// <summary>A parameter that is true or false; false where it is missing.</summary>
    public static Parameter Flag(string name, string description) => new(name, description) { Type = JsonSchemaType.Boolean };

    /// <summary>A parameter that is a whole number.</summary>
    public static Parameter Number(string name, string description) => new(name, description) { Type = JsonSchemaType.Integer, Format = "int64" };

    /// <summary>A header.</summary>
    public static Parameter Header(string name, string description) => new(name, description) { In = ParameterLocation.Header };
}
