using System.Globalization;
using System.Text.RegularExpressions;

namespace StickyPi.Tests.Wire;

/// <summary>One request that was captured, and its answer. Secrets are replaced; binary bodies are given as size and MD5.</summary>
public sealed record WireExchange
{
    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path; the whole URL, where the request went to the server of the files.</summary>
    public required string Target { get; init; }

    public required IReadOnlyDictionary<string, string> RequestHeaders { get; init; }

    public required string RequestBody { get; init; }

    public required int Status { get; init; }

    public required IReadOnlyDictionary<string, string> ResponseHeaders { get; init; }

    public required string ResponseBody { get; init; }

    /// <summary>Whether it went to the server of the files, and not to that of the API.</summary>
    public bool IsToStorage => Target.StartsWith("https://", StringComparison.Ordinal);

    public bool IsMultipart => RequestHeaders.GetValueOrDefault("Content-Type", "").StartsWith("multipart/form-data", StringComparison.Ordinal);

    /// <summary>The parts of a body of <c>multipart/form-data</c>.</summary>
    public IReadOnlyList<WirePart> Parts =>
    [
        .. RequestBody.Split("--<boundary>").Skip(1).SkipLast(1).Select(part =>
        {
            string[] halves = part.TrimStart('\n').Split("\n\n", 2);
            Match name = Regex.Match(halves[0], "name=\"([^\"]*)\"(?:; filename=\"([^\"]*)\")?");
            Match type = Regex.Match(halves[0], "Content-Type: (.*)");
            return new WirePart(
                name.Groups[1].Value,
                name.Groups[2].Success ? name.Groups[2].Value : null,
                type.Success ? type.Groups[1].Value : null,
                halves[1][..^1]);
        }),
    ];
}

/// <summary>A part of a body of <c>multipart/form-data</c>.</summary>
public sealed record WirePart(string Name, string? FileName, string? ContentType, string Body);

/// <summary>What was captured under one name: the requests that belong together.</summary>
/// <param name="Name">Its name, such as <c>17-put_images.client</c>.</param>
/// <param name="Exchanges">The requests, in their order.</param>
public sealed partial record WireCase(string Name, IReadOnlyList<WireExchange> Exchanges)
{
    public int Number { get; } = int.Parse(Name[..Name.IndexOf('-', StringComparison.Ordinal)], CultureInfo.InvariantCulture);

    /// <summary>All cases, in the order in which they were captured: what one writes, the next one reads.</summary>
    public static IReadOnlyList<WireCase> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Wire", "cases"), "*.txt")
            .Select(path => Read(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path)))
            .OrderBy(wire => wire.Number),
    ];

    public static WireCase Get(int number) => All.Single(wire => wire.Number == number);

    public override string ToString() => Name;

    private static WireCase Read(string name, string text) => new(
        name, [.. Regex.Split(text, "^----- REQUEST.*\n", RegexOptions.Multiline).Skip(1).Select(ReadExchange)]);

    private static WireExchange ReadExchange(string text)
    {
        string[] halves = Regex.Split(text, "^----- RESPONSE.*\n", RegexOptions.Multiline);
        (string first, Dictionary<string, string> headers, string body) = ReadMessage(halves[0]);
        (string status, Dictionary<string, string> responseHeaders, string responseBody) = ReadMessage(halves[1]);
        string[] words = first.Split(' ');
        return new WireExchange
        {
            Method = words[0],
            Target = words[1],
            RequestHeaders = headers,
            RequestBody = body,
            Status = int.Parse(StatusCode().Match(status).Value, CultureInfo.InvariantCulture),
            ResponseHeaders = responseHeaders,
            ResponseBody = responseBody,
        };
    }

    private static (string First, Dictionary<string, string> Headers, string Body) ReadMessage(string text)
    {
        string[] halves = text.Split("\n\n", 2);
        string[] lines = halves[0].Split('\n');
        Dictionary<string, string> headers = lines.Skip(1)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return (lines[0], headers, halves.Length > 1 ? halves[1].Trim('\n') : "");
    }

    [GeneratedRegex(@"\b\d{3}\b")]
    private static partial Regex StatusCode();
}
