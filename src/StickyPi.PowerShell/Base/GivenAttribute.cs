using System.Collections;
using System.Management.Automation;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Refuses null and what is empty. Without the parameter, everything is meant, so the value of a variable that was never set must not mean
/// the same.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class GivenAttribute : ValidateArgumentsAttribute
{
    /// <summary>Whether an empty text and an empty list are values.</summary>
    public bool EmptyCounts { get; init; }

    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (IsNothing(arguments is PSObject wrapped ? wrapped.BaseObject : arguments))
        {
            throw PipelineMessages.InvalidValue(
                $"The argument is {(EmptyCounts ? "null" : "null or empty")}. Give a value, or leave the parameter out.");
        }
    }

    private bool IsNothing(object? value) => value switch
    {
        null => true,
        string text => text.Length == 0 && !EmptyCounts,
        Array list => (list.Length == 0 && !EmptyCounts) || list.Cast<object?>().Any(IsNothing),
        _ => false,
    };
}
