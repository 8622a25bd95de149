using System.Collections;
using System.Globalization;
using System.Management.Automation;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Makes a parameter take times as users write them (see <see cref="StickyTime.TryParse"/>), and turns each into UTC before the engine
/// would read it in the machine's zone. Numbers are refused: to the engine, 2030 would be a moment of the year 1.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StickyTimeAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Transform(inputData);

    internal static object? Transform(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        null => null,
        DateTime time => StickyTime.ToUtc(time),
        DateTimeOffset time => time.UtcDateTime,
        DateOnly day => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
        string text => Parse(text),
        var value when TextAttribute.IsNumber(value) => throw Refuse(
            string.Create(CultureInfo.InvariantCulture, $"{value}"), "is a number, not a time"),
        IEnumerable list and not IDictionary => list.Cast<object?>().Select(Transform).ToArray(),
        var other => throw Refuse($"{other}", $"is of the type {other.GetType().Name}, not a time"),
    };

    // Export-Csv writes times as the user's culture does, and everything else in PowerShell as the invariant one. Where the two read
    // a text differently, neither is right to guess.
    private static DateTime Parse(string text)
    {
        bool isInvariant = StickyTime.TryParse(text, out DateTime time);
        DateTimeFormatInfo format = CultureInfo.CurrentCulture.DateTimeFormat;
        bool isCultural = DateTime.TryParseExact(
            WithPlainSpaces(text.Trim()),
            WithPlainSpaces($"{format.ShortDatePattern} {format.LongTimePattern}"),
            CultureInfo.CurrentCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTime cultural);
        return (isInvariant, isCultural) switch
        {
            (true, true) when time != cultural => throw Refuse(
                text,
                $"could be {time:yyyy-MM-dd} or, in the culture {CultureInfo.CurrentCulture.Name}, {cultural:yyyy-MM-dd}"),
            (true, _) => time,
            (_, true) => cultural,
            _ => throw Refuse(text, "is not a time"),
        };
    }

    private static ArgumentTransformationMetadataException Refuse(string text, string reason) => PipelineMessages.Refusal(
        $"'{OneLine.Value(text)}' {reason}. Write it in UTC as 2020-06-20, 2020-06-20T21:33:24 or 2020-06-20_21-33-24, "
        + "or with an offset such as 2020-06-20T21:33:24+02:00.");

    // Some cultures put a narrow no-break space before AM and PM; people and other programs type a plain one.
    private static string WithPlainSpaces(string text) => text.Replace('\u202F', ' ').Replace('\u00A0', ' ');
}
