using System.Globalization;
using System.Management.Automation;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Makes a parameter take whole numbers only. The engine would read an empty cell of a CSV file, or a property that is null, as 0, and
/// round 2.5 to 2: where a number is a name for something, that makes another thing of it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeNumberAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override bool TransformNullOptionalParameters => true;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Transform(inputData);

    internal static object Transform(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        sbyte or byte or short or ushort or int or uint or long or ulong => input!,
        string text when int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) => number,
        IFormattable value when IsWhole(value) => input!,
        var other => throw PipelineMessages.Refusal($"'{OneLine.Value($"{other}")}' is not a whole number."),
    };

    private static bool IsWhole(IFormattable value) => value switch
    {
        double number => Math.Truncate(number) == number,
        float number => MathF.Truncate(number) == number,
        decimal number => decimal.Truncate(number) == number,
        Enum => true,
        _ => false,
    };
}
