using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Numerics;
using System.Reflection;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Makes a parameter take text as it was typed. PowerShell reads <c>007</c> and <c>1.10</c> as numbers. It remembers how a number by itself
/// was typed, and forgets that in a list, so numbers in lists are refused, as are fractions that came from elsewhere, such as JSON. An
/// object counts by a property, and never by the text that it is converted to.
/// </summary>
/// <param name="properties">The properties that such objects have.</param>
[AttributeUsage(AttributeTargets.Property)]
public class TextAttribute(params string[] properties) : ArgumentTransformationAttribute
{
    // Not public. Without it, no fraction counts as typed.
    private static readonly Func<PSObject, string?>? Reader = FindReader(typeof(PSObject));

    /// <summary>Whether a number by itself counts as the text that was typed.</summary>
    private protected virtual bool TakesNumbers => true;

    /// <summary>The properties of objects that may stand for the text.</summary>
    public IReadOnlyList<string> Properties { get; } = properties;

    /// <inheritdoc/>
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Transform(inputData);

    internal object? Transform(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        string or null => input,
        _ when ReferenceEquals(input, AutomationNull.Value) => null,
        var value when IsNumber(value) => ReadNumber(input!),
        var value when IsObject(value) => ReadObject(input!, value),
        IEnumerable list => list.Cast<object?>().Select(TransformOneOfMany).ToArray(),
        _ => input,
    };

    /// <summary>Finds the property of the engine that holds a number as it was typed.</summary>
    /// <param name="type">The type of the engine that has it.</param>
    /// <returns>Reads the property; null where there is none.</returns>
    internal static Func<PSObject, string?>? FindReader(Type type) => type
        .GetProperty("TokenText", BindingFlags.Instance | BindingFlags.NonPublic)
        ?.GetMethod?.CreateDelegate<Func<PSObject, string?>>();

    /// <summary>Tells whether it is known how a number was typed.</summary>
    /// <param name="reader">What <see cref="FindReader"/> found.</param>
    /// <param name="input">The number, with its wrapper if it has one.</param>
    /// <returns>Whether it is.</returns>
    internal static bool IsTyped(Func<PSObject, string?>? reader, object input) =>
        reader is not null && input is PSObject number && !string.IsNullOrEmpty(reader(number));

    /// <summary>Tells whether PowerShell read a value as a number.</summary>
    /// <param name="value">The value, without a wrapper.</param>
    /// <returns>Whether it did.</returns>
    internal static bool IsNumber(object? value) => value is not Enum && value is (
        sbyte or byte or short or ushort or int or uint or long or ulong or Int128 or UInt128 or BigInteger
        or Half or float or double or decimal);

    /// <summary>Refuses a number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The error.</returns>
    internal static ArgumentTransformationMetadataException RefuseNumber(object value) => PipelineMessages.Refusal(string.Create(
        CultureInfo.InvariantCulture,
        $"{value} is a number to PowerShell, and zeros that were typed may be lost. Write it in quotes, as in '00012345'."));

    /// <summary>Reads a number that stands by itself.</summary>
    /// <param name="input">The number, with the wrapper that knows how it was typed.</param>
    /// <returns>The text.</returns>
    private object? ReadNumber(object input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        var value when !TakesNumbers => throw RefuseNumber(value),

        // 1.10 has become 1.1 where nobody knows what was typed.
        (Half or float or double) and var value when !IsTyped(Reader, input) => throw RefuseNumber(value),
        _ => LanguagePrimitives.ConvertTo<string>(input),
    };

    /// <summary>Tells whether a value is an object of which a property stands for the text.</summary>
    /// <param name="value">The value, without a wrapper.</param>
    /// <returns>Whether it is.</returns>
    private protected virtual bool IsObject(object value) => OwnTypes.IsRow(value) || OwnTypes.IsOwn(value);

    /// <summary>Reads the text that an object stands for.</summary>
    /// <param name="input">The object, with its wrapper.</param>
    /// <param name="value">The object.</param>
    /// <returns>The value of one of its properties.</returns>
    private protected virtual object? ReadObject(object input, object value) =>
        OwnTypes.Find(input, Properties) is string name && OwnTypes.Get(input, name) is object text
            ? Transform(text)
            : throw PipelineMessages.Refusal(Properties.Count == 0
                ? $"{OwnTypes.Describe(value)} is not a text. Give the text itself."
                : $"{OwnTypes.Describe(value)} has no {string.Join(" or ", Properties)}. Give an object that has, or the text itself.");

    private object? TransformOneOfMany(object? item) =>
        (item is PSObject wrapped ? wrapped.BaseObject : item) is object value && IsNumber(value)
            ? throw RefuseNumber(value)
            : Transform(item);
}
