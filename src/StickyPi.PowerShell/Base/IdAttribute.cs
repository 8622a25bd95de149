using System.Management.Automation;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Makes a parameter take what stands for something of a store, such as a device. A number is refused wherever it comes from: what a
/// variable or a row holds as a number may have lost its zeros long before, and another thing would be meant.
/// </summary>
/// <param name="properties">The properties that objects have which may stand for it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IdAttribute(params string[] properties) : TextAttribute(properties)
{
    /// <summary>The types of this module of which an object may stand for it; all if none is named.</summary>
    public Type[] Of { get; init; } = [];

    private protected override object? ReadObject(object input, object value)
    {
        if (Of.Length > 0
            && OwnTypes.IsOwn(value)
            && !Of.Any(type => type.IsInstanceOfType(value))
            && OwnTypes.Find(input, Properties) is not null)
        {
            throw OwnTypes.Refuse(value, Of);
        }

        object? found = base.ReadObject(input, value);
        return Of.Length > 0 && found is string text ? TextSource.Keep(text, value) : found;
    }

    private protected override bool TakesNumbers => false;
}
