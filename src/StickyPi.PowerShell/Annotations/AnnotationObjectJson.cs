using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Annotations;

/// <summary>
/// Writes objects of PowerShell as JSON of the existing API: times as it has them, and the points of a contour as n×1×2 whatever PowerShell
/// made of the nested arrays, because <c>@(@(1, 2))</c> is only <c>@(1, 2)</c> there; for the same reason a single object in <c>annotations</c>
/// is an array of one.
/// </summary>
internal sealed class AnnotationObjectJson : PSObjectJson
{
    private AnnotationObjectJson()
    {
    }

    // An element has five levels, and extra keys may have some more.
    /// <inheritdoc/>
    protected override int MaximumDepth => 8;

    /// <inheritdoc/>
    protected override string Noun => "an annotation";

    /// <summary>Writes an element.</summary>
    /// <param name="value">The object.</param>
    /// <returns>JSON in UTF-8.</returns>
    /// <exception cref="InvalidDataException">It leads through too much; the message is the end of a sentence.</exception>
    public static new ReadOnlyMemory<byte> ToUtf8(object? value) => new AnnotationObjectJson().Serialize(value);

    /// <inheritdoc/>
    protected override string ToText(DateTime time) => StickyTime.ToFileText(time);

    // A double that is a whole number is one, as it is for PowerShell.
    /// <inheritdoc/>
    protected override string ToText(IFormattable number) =>
        Convert.ToDouble(number, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    protected override bool TryWriteOwn(Utf8JsonWriter writer, object item)
    {
        if (item is not AnnotatedObject annotated)
        {
            return false;
        }

        AnnotationJson.Write(writer, annotated);
        return true;
    }

    /// <inheritdoc/>
    protected override void WriteProperty(Utf8JsonWriter writer, string name, object? value, int depth)
    {
        if (name == "contour" && Unwrap(value) is IEnumerable points and not string)
        {
            WriteContour(writer, points, depth + 1);
        }
        else if (name == "annotations" && depth == 0 && Unwrap(value) is IDictionary or not (null or string or IEnumerable))
        {
            Write(writer, new[] { value }, depth + 1);
        }
        else
        {
            base.WriteProperty(writer, name, value, depth);
        }
    }

    private void WriteContour(Utf8JsonWriter writer, IEnumerable points, int depth)
    {
        writer.WriteStartArray();
        foreach (object? point in points)
        {
            object? inner = Unwrap(point) is ContourPoint corner ? new[] { corner.X, corner.Y } : point;
            bool isPair = Unwrap(inner) is IList { Count: 2 } pair && pair.Cast<object?>().All(coordinate => Unwrap(coordinate) is not IEnumerable);
            Write(writer, isPair ? new[] { inner } : inner, depth);
        }

        writer.WriteEndArray();
    }
}
