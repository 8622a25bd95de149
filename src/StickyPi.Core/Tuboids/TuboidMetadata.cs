using System.Globalization;
using System.Text;

namespace StickyPi.Core.Tuboids;

/// <summary>One sighting of the insect.</summary>
/// <param name="DateTime">When the picture was taken that shows it, UTC.</param>
/// <param name="X">Its centre in that picture, in pixels from the left.</param>
/// <param name="Y">Its centre in that picture, in pixels from the top.</param>
/// <param name="Scale">How much its tile is enlarged or reduced.</param>
public readonly record struct TuboidShot(DateTime DateTime, double X, double Y, double Scale);

/// <summary>
/// What <c>metadata.txt</c> says: a line a shot, <c>&lt;device&gt;.&lt;YYYY-MM-DD_HH-MM-SS&gt;,&lt;x&gt;,&lt;y&gt;,&lt;scale&gt;</c>, in the
/// order in which they were taken.
/// </summary>
/// <param name="Shots">The shots; there is at least one.</param>
public sealed record TuboidMetadata(IReadOnlyList<TuboidShot> Shots)
{
    /// <summary>The largest file that is read, in bytes: a shot takes about 60.</summary>
    public const long MaximumSize = 16 * 1024 * 1024;

    private const int FieldCount = 4;
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>When the first shot was taken, UTC.</summary>
    public DateTime StartTime => Shots[0].DateTime;

    /// <summary>When the last shot was taken, UTC.</summary>
    public DateTime EndTime => Shots[^1].DateTime;

    /// <summary>Reads the file.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="device">The device of the tuboid, of which every shot must be.</param>
    /// <param name="path">The file, for errors.</param>
    /// <returns>Its shots.</returns>
    /// <exception cref="StickyException">
    /// <c>InvalidTuboidMetadata</c>: the file has no shot, a blank line between shots, or a line that is none; the message says which.
    /// </exception>
    public static TuboidMetadata Parse(ReadOnlySpan<byte> content, string device, string path)
    {
        ReadOnlySpan<char> text = Encoding.UTF8.GetString(content).AsSpan().TrimStart(ByteOrderMark).TrimEnd();
        if (text.IsEmpty)
        {
            throw Invalid(path, "it has no shot");
        }

        List<TuboidShot> shots = [];
        foreach (Range range in text.Split('\n'))
        {
            ReadOnlySpan<char> line = text[range].TrimEnd();
            if (Read(line, device, shots.Count > 0 ? shots[^1].DateTime : null, out TuboidShot shot) is string reason)
            {
                throw Invalid(path, string.Create(CultureInfo.InvariantCulture, $"line {shots.Count + 1} {reason}"));
            }

            shots.Add(shot);
        }

        return new TuboidMetadata(shots);
    }

    /// <summary>The error for a file that is no metadata of a tuboid.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reason">What is wrong, as the end of a sentence.</param>
    /// <returns>The error.</returns>
    internal static StickyException Invalid(string path, string reason) => new(
        "InvalidTuboidMetadata",
        StickyErrorKind.InvalidData,
        $"'{path}' does not say the shots of a tuboid: {reason}.",
        path,
        "Each line is a shot: <device>.<YYYY-MM-DD_HH-MM-SS>,<x>,<y>,<scale>, in the order of time.");

    // Returns what is wrong, as the end of a sentence, or null.
    private static string? Read(ReadOnlySpan<char> line, string device, DateTime? previous, out TuboidShot shot)
    {
        shot = default;
        if (line.IsEmpty)
        {
            return "is blank, and shots follow it";
        }

        Span<Range> fields = stackalloc Range[FieldCount + 1];
        int count = line.Split(fields, ',');
        if (count != FieldCount)
        {
            return $"has {(count > FieldCount ? $"more than {FieldCount}" : count.ToString(CultureInfo.InvariantCulture))} comma-separated fields instead of {FieldCount}";
        }

        ReadOnlySpan<char> picture = line[fields[0]];
        int dot = picture.IndexOf('.');
        if (dot < 0)
        {
            return $"begins with '{picture}' instead of a device, a dot and a time";
        }

        if (!picture[..dot].Equals(device, StringComparison.OrdinalIgnoreCase))
        {
            return $"is of device '{picture[..dot]}', and the tuboid is of '{device}'";
        }

        if (!StickyTime.TryParseFileText(picture[(dot + 1)..], out DateTime time))
        {
            return $"has the time '{picture[(dot + 1)..]}', which is none of the shape YYYY-MM-DD_HH-MM-SS";
        }

        if (time < previous)
        {
            return $"is of {picture[(dot + 1)..]}, before the line above it";
        }

        Span<double> numbers = stackalloc double[FieldCount - 1];
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<char> number = line[fields[i + 1]];
            if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
            {
                return $"has '{number}' where {i switch { 0 => "x", 1 => "y", _ => "the scale" }} should be a number";
            }
        }

        shot = new TuboidShot(time, numbers[0], numbers[1], numbers[2]);
        return null;
    }
}
