using System.Collections;
using System.Management.Automation;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Makes a parameter take values of an enumeration by their names. The engine would add several values up to another one, and take numbers.
/// </summary>
/// <param name="type">The enumeration.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EnumNameAttribute(Type type) : ArgumentTransformationAttribute
{
    /// <summary>Whether the parameter takes a list.</summary>
    public bool Several { get; init; }

    /// <summary>Names that the parameter does not take.</summary>
    public string[] Except { get; init; } = [];

    private IEnumerable<string> Names => Enum.GetNames(type).Except(Except);

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Transform(inputData);

    internal object? Transform(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        null => null,
        string text when Several && text.Contains(',', StringComparison.Ordinal) =>
            TransformAll(text.Split(',', StringSplitOptions.TrimEntries)),
        string text => Parse(text),
        Enum value when value.GetType() == type && Names.Contains($"{value}") => value,
        IList { Count: 1 } list when !Several => Transform(list[0]),
        IList list when Several => TransformAll(list),
        IList list => throw Refuse(string.Join(", ", list.Cast<object?>()), "are several names, and the parameter takes one"),
        var other => throw Refuse($"{other}", "is not one of the names"),
    };

    private Array TransformAll(IList list)
    {
        Array values = Array.CreateInstance(type, list.Count);
        for (int i = 0; i < list.Count; i++)
        {
            object? value = Transform(list[i]);
            values.SetValue(value is Enum ? value : throw Refuse($"{list[i]}", "is not one of the names"), i);
        }

        return values;
    }

    // A beginning that only one name has will do, as the engine has it.
    private object Parse(string text)
    {
        string name = text.Trim();
        string[] meant = Names.FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)) is string exact
            ? [exact]
            : [.. Names.Where(other => name.Length > 0 && other.StartsWith(name, StringComparison.OrdinalIgnoreCase))];
        return meant.Length == 1
            ? Enum.Parse(type, meant[0])
            : throw Refuse(
                name,
                name.Contains(',', StringComparison.Ordinal)
                    ? "are several names, and the parameter takes one"
                    : "is not one of the names");
    }

    private ArgumentTransformationMetadataException Refuse(string given, string reason) =>
        PipelineMessages.Refusal($"'{OneLine.Value(given)}' {reason}. Choose from {string.Join(", ", Names)}.");
}
