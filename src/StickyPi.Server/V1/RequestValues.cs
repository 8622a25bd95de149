using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using StickyPi.Core;
using StickyPi.Core.Images;

namespace StickyPi.Server.V1;

/// <summary>Reads what a request says in its path, query and headers. Whatever can't be read is a 400 that names it.</summary>
internal static class RequestValues
{
    private static readonly string[] Conditions = [HeaderNames.IfMatch, HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.IfUnmodifiedSince];

    /// <summary>The texts of a parameter that may come several times.</summary>
    public static IReadOnlyList<string> Texts(this HttpContext context, Parameter parameter) =>
        [.. context.Request.Query[parameter.Name].Select(value => Check(parameter.Name, value ?? ""))];

    /// <summary>The text of a parameter, or null where it is missing.</summary>
    public static string? Text(this HttpContext context, Parameter parameter)
    {
        StringValues values = context.Request.Query[parameter.Name];
        return values.Count > 1
            ? throw Invalid(parameter.Name, "comes more than once", "Give it once.")
            : values.Count == 1 ? Check(parameter.Name, values[0] ?? "")
            : parameter.IsRequired ? throw Invalid(parameter.Name, "is missing", $"Give it: {parameter.Description}")
            : null;
    }

    /// <summary>The time that a parameter says, UTC.</summary>
    public static DateTime? Time(this HttpContext context, Parameter parameter) => context.Text(parameter) is not string text ? null
        : StickyTime.TryParse(text, out DateTime time) ? time
        : throw Invalid(parameter.Name, $"is '{text}', which is no time", "Write it like 2020-06-20T21:33:24Z or 2020-06-20_21-33-24, in UTC.");

    /// <summary>Whether a parameter says true.</summary>
    public static bool Flag(this HttpContext context, Parameter parameter) => context.Text(parameter) is string text
        && (bool.TryParse(text, out bool flag) ? flag : throw Invalid(parameter.Name, $"is '{text}'", "It is 'true' or 'false'."));

    /// <summary>The number that a parameter says.</summary>
    public static long? Number(this HttpContext context, Parameter parameter) => context.Text(parameter) is not string text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= parameter.Minimum && number <= parameter.Maximum
            ? number
            : throw Invalid(
                parameter.Name,
                $"is '{text}'",
                parameter.Maximum == long.MaxValue
                    ? FormattableString.Invariant($"It is a whole number from {parameter.Minimum}.")
                    : FormattableString.Invariant($"It is a whole number from {parameter.Minimum} to {parameter.Maximum}."));

    /// <summary>The choice that a parameter says; the first where it is missing.</summary>
    public static T Choice<T>(this HttpContext context, Parameter parameter)
        where T : struct, Enum => context.Text(parameter) is string text ? Choice<T>(parameter.Name, text) : default;

    /// <summary>Reads one of several names.</summary>
    public static T Choice<T>(string field, string text)
        where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => Name(value!.Value).Replace("-", "").Equals(text.Replace("-", ""), StringComparison.OrdinalIgnoreCase))
            ?? throw Invalid(field, $"is '{text}'", $"It is one of: {string.Join(", ", Names<T>())}.");

    /// <summary>The names of choices: <c>thumbnail-mini</c>.</summary>
    public static IReadOnlyList<string> Names<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Name)];

    /// <summary>The text of a header, or null where it is missing.</summary>
    public static string? Header(this HttpContext context, Parameter parameter) => context.Request.Headers[parameter.Name] switch
    {
        { Count: 0 } when parameter.IsRequired => throw Invalid(parameter.Name, "is missing", $"Give it: {parameter.Description}"),
        { Count: 0 } => null,
        { Count: 1 } values => values[0],
        _ => throw Invalid(parameter.Name, "comes more than once", "Give it once."),
    };

    /// <summary>A part of the path, with everything in it unescaped.</summary>
    public static string Path(this HttpContext context, string name)
    {
        // Nothing follows /v1/objects/: the rest of an address may be empty.
        string value = context.GetRouteValue(name) as string ?? "";
        return Check(name, value.Contains("%2F", StringComparison.OrdinalIgnoreCase) ? Unescape(context, value) : value);
    }

    /// <summary>The picture that the path names.</summary>
    public static ImageReference Image(this HttpContext context)
    {
        string device = context.Path("device");
        string time = context.Path("dateTime");
        return !ImageReference.IsDevice(device) ? throw Invalid("device", $"is '{device}', which is no device", "It is 8 hexadecimal digits.")
            : !StickyTime.TryParseFileText(time, out DateTime dateTime)
                ? throw Invalid("dateTime", $"is '{time}', which is no time", "Write it like 2020-06-20_21-33-24, in UTC.")
            : new ImageReference(device, dateTime);
    }

    /// <summary>Which pictures, as the query says.</summary>
    public static ImageSeriesQuery Series(this HttpContext context)
    {
        (DateTime? start, DateTime? end) = context.Times();
        return new ImageSeriesQuery { Devices = context.Texts(Parameters.Device), StartTime = start, EndTime = end };
    }

    /// <summary>The range of time that the query says, whose ends are UTC.</summary>
    public static (DateTime? Start, DateTime? End) Times(this HttpContext context)
    {
        (DateTime? start, DateTime? end) = (context.Time(Parameters.StartTime), context.Time(Parameters.EndTime));
        return start > end
            ? throw new StickyException(
                "InvalidTimeRange",
                StickyErrorKind.InvalidData,
                $"'{Parameters.EndTime.Name}' {StickyTime.ToFileText(end.Value)} is before '{Parameters.StartTime.Name}' {StickyTime.ToFileText(start.Value)}.",
                end,
                "Swap the two.")
            { Field = Parameters.EndTime.Name }
            : (start, end);
    }

    /// <summary>The media type of the body, in lower case and without parameters; empty where there is none.</summary>
    public static string MediaType(HttpContext context) =>
        MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type)
            ? type.MediaType.Value!.ToLowerInvariant()
            : "";

    /// <summary>
    /// Refuses what the endpoint does not take: something that is misspelt or out of place would mean something else than its writer meant.
    /// </summary>
    public static void RefuseUnknown(HttpContext context)
    {
        RefuseUnknownParameters(context);
        RefuseUnknownBody(context);
        RefuseConditions(context);
    }

    // RFC 9110, 13.1: what must be done on a condition must not be done without a look at it.
    private static void RefuseConditions(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        foreach (string name in Conditions.Where(context.Request.Headers.ContainsKey))
        {
            throw Invalid(name, "sets a condition, which only GET and HEAD take", "Send the request without this header; ask for the ETag before.");
        }
    }

    private static void RefuseUnknownBody(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return;
        }

        TakenBody[] taken = [.. context.GetEndpoint()?.Metadata.GetOrderedMetadata<TakenBody>() ?? []];
        if (taken.Length == 0)
        {
            throw new StickyException(
                "UnexpectedBody", StickyErrorKind.InvalidData, "This request takes no body.",
                recommendedAction: "Send it without one; what it takes stands in its address.");
        }

        if (context.Request.Headers.ContentRange.Count > 0)
        {
            // RFC 9110, 14.4: it would be taken for the whole.
            throw Invalid(HeaderNames.ContentRange, "says that the body is a part", "Send the whole without this header.");
        }

        if (context.Request.Headers.ContentEncoding.Any(encoding => !"identity".Equals(encoding, StringComparison.OrdinalIgnoreCase)))
        {
            throw new BadHttpRequestException(
                "The body is encoded, as its Content-Encoding says; send it as it is", StatusCodes.Status415UnsupportedMediaType);
        }

        // Such a type says what the JSON means: application/merge-patch+json.
        string type = MediaType(context);
        string[] types = [.. taken.SelectMany(body => body.MediaTypes).Distinct()];
        bool takesJson = types.Any(known => known.Contains("json", StringComparison.Ordinal));
        if (type.EndsWith("+json", StringComparison.Ordinal) && takesJson && !types.Contains(type))
        {
            throw new BadHttpRequestException(
                $"This request takes no body of the type {OneLine.Value(type)}; it takes {string.Join(" or ", types)}",
                StatusCodes.Status415UnsupportedMediaType);
        }
    }

    private static void RefuseUnknownParameters(HttpContext context)
    {
        IReadOnlyList<Parameter> taken = context.GetEndpoint()?.Metadata.GetMetadata<TakenParameters>()?.Parameters ?? [];
        string[] names = [.. taken.Where(parameter => parameter.In == Microsoft.OpenApi.ParameterLocation.Query).Select(parameter => parameter.Name)];
        foreach (string name in context.Request.Query.Keys)
        {
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw new StickyException(
                    "UnknownParameter",
                    StickyErrorKind.InvalidData,
                    $"This request has no parameter '{name}'.",
                    name,
                    names.Length == 0 ? "It takes none." : $"It takes: {string.Join(", ", names)}.")
                { Field = name };
            }
        }
    }

    /// <summary>The error for a part of a request that is wrong.</summary>
    /// <param name="field">Which part.</param>
    /// <param name="reason">What is wrong, as the end of a sentence that begins with the part.</param>
    /// <param name="recommendedAction">What to do.</param>
    /// <returns>The error <c>InvalidParameter</c>.</returns>
    public static StickyException Invalid(string field, string reason, string? recommendedAction) =>
        new("InvalidParameter", StickyErrorKind.InvalidData, $"'{field}' {reason}.", field, recommendedAction) { Field = field };

    // No text that is stored holds one, and some databases can't even look for it.
    private static string Check(string name, string text) =>
        text.Contains('\0') ? throw Invalid(name, "holds a character of code 0", "Leave it out.") : text;

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    // The server leaves an escaped slash as it came, and unescapes everything else: so the text %2F may be that, or a slash. Only the line
    // that came tells which.
    private static string Unescape(HttpContext context, string value)
    {
        string[] target = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0].Split('/');
        int count = value.Split('/').Length;
        return Enumerable.Range(0, Math.Max(target.Length - count + 1, 0))
            .Select(first => string.Join('/', target.Skip(first).Take(count).Select(Uri.UnescapeDataString)))
            .LastOrDefault(text => Slashes(text) == Slashes(value)) ?? Slashes(value);

        static string Slashes(string text) => text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }
}
