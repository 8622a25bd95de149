using System.Management.Automation;

namespace StickyPi.PowerShell.Users;

/// <summary>
/// Makes a parameter take a name that is a number, as it was typed. Without this, the engine would take it for the other parameter of
/// the same position, and find that it is no credential.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumberAsNameAttribute : ArgumentTransformationAttribute
{
    // The conversion knows how a number was typed, so 007 does not become 7.
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is ValueType ? LanguagePrimitives.ConvertTo<string>(inputData) : inputData;
}
