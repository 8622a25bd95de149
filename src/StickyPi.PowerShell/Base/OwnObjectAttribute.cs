using System.Collections;
using System.Management.Automation;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Makes a parameter take objects that commands of this module returned. The engine would make one of any row that has some of the
/// properties, and leave out what the row does not say.
/// </summary>
/// <param name="advice">What to do instead, as a sentence.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OwnObjectAttribute(string advice) : ArgumentTransformationAttribute
{
    /// <summary>What to do instead.</summary>
    public string Advice { get; } = advice;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Transform(inputData);

    internal object? Transform(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        { } value when OwnTypes.IsRow(value) =>
            throw PipelineMessages.Refusal($"{OwnTypes.Describe(value)} with the same properties cannot be used. {Advice}"),
        string or null => input,
        IEnumerable list => list.Cast<object?>().Select(Transform).ToArray(),
        _ => input,
    };
}
