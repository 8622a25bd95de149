using System.Globalization;
using System.Management.Automation;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Makes a parameter take lengths of time. A number is refused: the engine takes it for units of 100 ns, and the same number in quotes for
/// days. Only 0 has one meaning.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeSpanTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Transform(inputData);

    internal static object? Transform(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        null => null,
        TimeSpan span => span,
        0 or "0" => TimeSpan.Zero,
        string text when text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span) => span,
        var other => throw PipelineMessages.Refusal(
            $"'{OneLine.Value(string.Create(CultureInfo.InvariantCulture, $"{other}"))}' is not a length of time. "
            + "Write one such as '1:00:00' for an hour, or (New-TimeSpan -Hours 2)."),
    };
}
