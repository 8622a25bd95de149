using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Net.Http.Headers;
using StickyPi.Core;
using StickyPi.Core.Remote;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Api;

/// <summary>Finds endpoints by their names, and checks what they are given against what the server says of them.</summary>
internal static class ApiEndpoints
{
    private const int CloseNames = 5;

    /// <summary>Finds an endpoint.</summary>
    /// <param name="endpoints">All that the server has.</param>
    /// <param name="name">The name; upper and lower case are the same.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="StickyException"><c>EndpointNotFound</c>, with the right names.</exception>
    public static StickyApiEndpoint Find(IReadOnlyList<StickyApiEndpoint> endpoints, string name) =>
        endpoints.FirstOrDefault(endpoint => endpoint.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw new StickyException(
            "EndpointNotFound",
            StickyErrorKind.NotFound,
            $"The server has no endpoint '{name}'.",
            name,
            Recommend(name, [.. endpoints.Select(endpoint => endpoint.Name)]));

    /// <summary>Makes a request of an endpoint and what it is given.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="given">Values by the names of parameters.</param>
    /// <returns>The request, without a body.</returns>
    /// <exception cref="StickyException"><c>InvalidParameter</c>: there is no such parameter, one is missing, or a value does not fit.</exception>
    public static ApiRequest ToRequest(StickyApiEndpoint endpoint, IDictionary given)
    {
        string path = endpoint.Path;
        List<KeyValuePair<string, string>> query = [];
        List<KeyValuePair<string, string>> headers = [];
        foreach (DictionaryEntry entry in given)
        {
            string name = entry.Key.ToString()!;
            StickyApiParameter parameter = endpoint.Parameters.FirstOrDefault(item => item.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw Refuse(endpoint, $"has no parameter '{name}'", name, Closest.To(name, endpoint.Parameters.Select(item => item.Name)));
            if (parameter.Type.StartsWith("string", StringComparison.Ordinal) && HasNumber(entry.Value))
            {
                throw Refuse(endpoint, $"takes '{parameter.Name}' as text, and zeros of a number may be lost: write it in quotes", name);
            }

            string[] values = [.. ReadValues(entry.Value, isPath: parameter.In == "path")];
            if (values.Length != 1 && (parameter.In == "path" || !parameter.Type.EndsWith("[]", StringComparison.Ordinal)))
            {
                throw Refuse(endpoint, $"takes one value of '{parameter.Name}', not {values.Length.ToString(CultureInfo.InvariantCulture)}", name);
            }

            if (values.FirstOrDefault(value => !Fits(value, parameter.Type)) is string wrong)
            {
                throw Refuse(endpoint, $"takes '{parameter.Name}' as {parameter.Type}, which '{wrong}' is not", name);
            }

            switch (parameter.In)
            {
                case "path":
                    path = path.Replace($"{{{parameter.Name}}}", EscapePath(endpoint, parameter, values[0]), StringComparison.Ordinal);
                    break;
                case "header":
                    headers.AddRange(values.Select(value => KeyValuePair.Create(parameter.Name, value)));
                    break;
                default:
                    query.AddRange(values.Select(value => KeyValuePair.Create(parameter.Name, value)));
                    break;
            }
        }

        string[] missing =
        [
            .. endpoint.Parameters
                .Where(item => item.IsRequired && !IsOfBody(item) && !given.Keys.Cast<object>().Any(key => item.Name.Equals(key.ToString(), StringComparison.OrdinalIgnoreCase)))
                .Select(item => item.Name),
        ];
        return missing.Length == 0
            ? new ApiRequest(new HttpMethod(endpoint.Method), path.TrimStart('/')) { Query = query, Headers = headers }
            : throw Refuse(endpoint, $"needs {string.Join(", ", missing.Select(name => $"'{name}'"))}", endpoint.Name);
    }

    /// <summary>The parameters of a query as texts.</summary>
    /// <param name="given">Values by names; a list is one of values.</param>
    /// <returns>The parameters.</returns>
    public static IEnumerable<KeyValuePair<string, string>> ToQuery(IDictionary given) => given
        .Cast<DictionaryEntry>()
        .SelectMany(entry => ReadValues(entry.Value, isPath: false).Select(value => KeyValuePair.Create(entry.Key.ToString()!, value)));

    // Nobody finds one name among dozens.
    private static string Recommend(string name, IReadOnlyList<string> all)
    {
        string close = string.Join(", ", Closest.To(name, all).Take(CloseNames));
        return all.Count <= CloseNames
            ? $"Its endpoints, the closest first: {close}."
            : $"The closest are {close}. Get-StickyApiEndpoint lists all, with what they do: {string.Join(", ", all.Order(StringComparer.Ordinal))}.";
    }

    // It follows from the body, and is sent with it.
    private static bool IsOfBody(StickyApiParameter parameter) =>
        parameter.In == "header" && parameter.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> ReadValues(object? value, bool isPath) => PSObjectJson.Unwrap(value) switch
    {
        null => [],
        string text => [text],
        bool or SwitchParameter => [LanguagePrimitives.IsTrue(value) ? "true" : "false"],
        DateTime time => [Write(StickyTime.ToUtc(time), isPath)],
        DateTimeOffset time => [Write(time.UtcDateTime, isPath)],
        IEnumerable items => items.Cast<object?>().SelectMany(item => ReadValues(item, isPath)),
        var other => [Convert.ToString(other, CultureInfo.InvariantCulture)!],
    };

    private static bool HasNumber(object? value) => PSObjectJson.Unwrap(value) switch
    {
        string => false,
        IEnumerable items => items.Cast<object?>().Any(HasNumber),
        var other => TextAttribute.IsNumber(other),
    };

    private static string Write(DateTime time, bool isPath) =>
        isPath ? StickyTime.ToFileText(time) : time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);

    private static bool Fits(string value, string type) => type.TrimEnd('[', ']').Split(' ')[0] switch
    {
        "integer" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "number" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
        "boolean" => bool.TryParse(value, out _),
        "string" when type.Contains("date-time", StringComparison.Ordinal) => StickyTime.TryParse(value, out _),
        _ => true,
    };

    // Keys of objects have slashes, and stand at the end of the path.
    private static string EscapePath(StickyApiEndpoint endpoint, StickyApiParameter parameter, string value)
    {
        string[] parts = endpoint.Path.EndsWith($"{{{parameter.Name}}}", StringComparison.Ordinal) ? value.Split('/') : [value];
        return parts.Any(part => part is "" or "." or "..")
            ? throw Refuse(endpoint, $"cannot take '{value}' as '{parameter.Name}', which is a part of its path", parameter.Name)
            : string.Join('/', parts.Select(Uri.EscapeDataString));
    }

    private static StickyException Refuse(StickyApiEndpoint endpoint, string what, string target, IEnumerable<string>? closest = null)
    {
        IEnumerable<string> names = closest
            ?? endpoint.Parameters.Select(parameter => $"{parameter.Name} ({parameter.Type}{(parameter.IsRequired ? ", needed" : "")})");
        string list = string.Join(", ", names);
        return new StickyException(
            "InvalidParameter",
            StickyErrorKind.InvalidData,
            $"The endpoint {endpoint.Name} {what}.",
            target,
            list.Length == 0 ? "It takes no parameters." : $"Its parameters{(closest is null ? "" : ", the closest first")}: {list}.");
    }
}
