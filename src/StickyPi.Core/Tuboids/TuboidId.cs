using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using StickyPi.Core.Images;

namespace StickyPi.Core.Tuboids;

/// <summary>
/// The identity of a tuboid, which is the name of its folder too: device, start and end of its series, the version of the algorithm
/// that found it, and its number, separated by dots:
/// <c>08038ade.2020-07-08_20-00-00.2020-07-09_15-00-00.1606980656-91e2199f.0028</c>.
/// </summary>
public sealed record TuboidId
{
    /// <summary>The most characters that an id may have.</summary>
    public const int MaximumLength = 100;

    private const int FieldCount = 5;
    private const int NumberLength = 4;

    private TuboidId(string text, string device, DateTime startTime, DateTime endTime, string algoVersion, int number)
    {
        Text = text;
        Device = device;
        StartTime = startTime;
        EndTime = endTime;
        AlgoVersion = algoVersion;
        Number = number;
    }

    /// <summary>The whole id, as it was written.</summary>
    public string Text { get; }

    /// <summary>The device: 8 hexadecimal digits, in lower case.</summary>
    public string Device { get; }

    /// <summary>When the series starts, UTC.</summary>
    public DateTime StartTime { get; }

    /// <summary>When the series ends, UTC.</summary>
    public DateTime EndTime { get; }

    /// <summary>The version of the algorithm that made the series: letters, digits, <c>_</c> and <c>-</c>.</summary>
    public string AlgoVersion { get; }

    /// <summary>The number of the tuboid in its series, 0 to 9999.</summary>
    public int Number { get; }

    /// <summary>The id without the number: what the tuboids of a series have in common, and the name of the folder around theirs.</summary>
    public string SeriesId => Text[..^(NumberLength + 1)];

    /// <summary>The key under which those of all tuboids of the series are.</summary>
    internal string SeriesFolder => $"tiled_tuboids/{SeriesId}";

    /// <summary>The key under which those of the tuboid's files are.</summary>
    internal string Folder => $"{SeriesFolder}/{Text}";

    /// <summary>The key of one of the tuboid's files in a store: <c>tiled_tuboids/&lt;series id&gt;/&lt;tuboid id&gt;/&lt;file name&gt;</c>.</summary>
    /// <param name="file">Which file.</param>
    /// <returns>A key with forward slashes, the same on disk and on S3.</returns>
    public string Key(TuboidFile file) => $"{Folder}/{file.FileName()}";

    /// <summary>Reads an id.</summary>
    /// <param name="text">The id.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="StickyException"><c>InvalidTuboidId</c>: the text has another shape.</exception>
    public static TuboidId Parse(string text) => Parse(text, text);

    /// <summary>Reads the id that is the name of a folder.</summary>
    /// <param name="text">The id.</param>
    /// <param name="shownName">What messages call the folder, by which a user finds it: its path, where it has one.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="StickyException"><c>InvalidTuboidId</c>: the text has another shape.</exception>
    internal static TuboidId Parse(string text, string shownName) => Read(text, out TuboidId? id) is not string reason
        ? id!
        : throw new StickyException(
            "InvalidTuboidId",
            StickyErrorKind.InvalidData,
            $"'{shownName}' is not the name of a tuboid: {reason}.",
            shownName,
            "Tuboids are named <device>.<start>.<end>.<algorithm version>.<number>, for example "
                + "08038ade.2020-07-08_20-00-00.2020-07-09_15-00-00.1606980656-91e2199f.0028, with times in UTC.");

    /// <summary>
    /// Reads an id that may be none. A catalog is a file that anybody may have written to, and ids become the names of folders: what is
    /// no id must not become one.
    /// </summary>
    /// <param name="text">The id.</param>
    /// <param name="id">What it says, or null.</param>
    /// <returns>Whether it is an id.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out TuboidId? id) => Read(text, out id) is null;

    /// <summary>The id.</summary>
    /// <returns>The text that was read.</returns>
    public override string ToString() => Text;

    // Returns what is wrong, as the end of a sentence, or null.
    private static string? Read(string text, out TuboidId? id)
    {
        id = null;
        string[] fields = text.Split('.');
        if (fields.Length != FieldCount)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it has {fields.Length} dot-separated fields instead of {FieldCount}");
        }

        if (text.Length > MaximumLength)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it has {text.Length} characters, more than the {MaximumLength} that are allowed");
        }

        if (!ImageReference.IsDevice(fields[0]))
        {
            return $"its device '{fields[0]}' is not 8 hexadecimal digits";
        }

        if (!StickyTime.TryParseFileText(fields[1], out DateTime start))
        {
            return $"its start '{fields[1]}' is no time of the shape YYYY-MM-DD_HH-MM-SS";
        }

        if (!StickyTime.TryParseFileText(fields[2], out DateTime end))
        {
            return $"its end '{fields[2]}' is no time of the shape YYYY-MM-DD_HH-MM-SS";
        }

        if (end < start)
        {
            return $"its end '{fields[2]}' is before its start '{fields[1]}'";
        }

        if (fields[3].Length == 0 || !fields[3].All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            return $"its algorithm version '{fields[3]}' is not made of letters, digits, '_' and '-'";
        }

        if (fields[4].Length != NumberLength || !fields[4].All(char.IsAsciiDigit))
        {
            return string.Create(CultureInfo.InvariantCulture, $"its number '{fields[4]}' is not {NumberLength} digits");
        }

        id = new TuboidId(text, fields[0].ToLowerInvariant(), start, end, fields[3], int.Parse(fields[4], CultureInfo.InvariantCulture));
        return null;
    }
}
