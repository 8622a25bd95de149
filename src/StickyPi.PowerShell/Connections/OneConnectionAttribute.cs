using System.Collections;
using System.Globalization;
using System.Management.Automation;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Connections;

/// <summary>Makes a parameter take one connection, also as a list of one. Of several, the engine would only say that it cannot convert them.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneConnectionAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Transform(inputData);

    internal static object? Transform(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        IList { Count: 1 } list => list[0],
        IList list => throw PipelineMessages.Refusal(
            $"-Connection takes one connection, and {(list.Count == 0 ? "none was" : $"{list.Count.ToString(CultureInfo.InvariantCulture)} were")} given."),
        _ => input,
    };
}
