using System.Collections;
using System.Management.Automation;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Makes a parameter take times as users write them (see <see cref="StickyTime.TryParse"/>), and turns each into UTC before the engine
/// would read it in the machine's zone.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StickyTimeAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Transform(inputData);

    internal static object? Transform(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        DateTime time => StickyTime.ToUtc(time),
        DateTimeOffset time => time.UtcDateTime,
        string text when StickyTime.TryParse(text, out DateTime time) => time,
        string text => throw new ArgumentTransformationMetadataException(
            $"'{text}' is no time. Write it in UTC as 2020-06-20, 2020-06-20T21:33:24 or 2020-06-20_21-33-24, or with an offset such as 2020-06-20T21:33:24+02:00."),
        IEnumerable list => list.Cast<object?>().Select(Transform).ToArray(),
        var other => other,
    };
}
