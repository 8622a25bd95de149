using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Bundles;
using StickyPi.Core.Images;
using StickyPi.Core.Properties;
using StickyPi.Core.Tuboids;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Properties;

/// <summary>What a command on extra properties is given: what they hang on, or why that can't be told.</summary>
public sealed record PropertyInput
{
    /// <summary>What they hang on.</summary>
    public PropertyTarget Target { get; init; }

    /// <summary>Why that can't be told; else null.</summary>
    public StickyException? Error { get; init; }

    /// <summary>Takes what is named.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="id">Which of its kind.</param>
    /// <returns>The input.</returns>
    internal static PropertyInput Of(StickyPropertyKind kind, string id) => new() { Target = new PropertyTarget(kind, id) };

    /// <summary>Finds out what an object of the pipeline means.</summary>
    /// <param name="value">The object.</param>
    /// <returns>The input.</returns>
    internal static PropertyInput Of(PSObject? value) => value?.BaseObject switch
    {
        StickyDevice device => Of(StickyPropertyKind.Device, device.Device),
        StickyMlBundle bundle => Of(StickyPropertyKind.Bundle, bundle.Name),
        StickyTuboidSeries series => new() { Target = PropertyTarget.Of(series.Reference) },
        StickyTuboid tuboid => new() { Target = PropertyTarget.Of(tuboid.Series) },
        StickyProperties properties => Of(properties.Kind, properties.Id),
        null => Refuse(null, "null"),
        string text => Refuse(text, $"the text '{text}'"),
        _ when Read(value, nameof(ImageReference.Device)) is string device && Read(value, nameof(ImageReference.DateTime)) is object time => OfImage(device, time),
        var other => Refuse(other, $"an object of the type {other.GetType().Name}"),
    };

    /// <summary>Takes a series that is named by its id, or by an object.</summary>
    /// <param name="value">The id, a series, or a tuboid of it.</param>
    /// <returns>The input.</returns>
    internal static PropertyInput OfSeries(PSObject value) => value.BaseObject is string id ? Of(StickyPropertyKind.Series, id) : Of(value);

    private static object? Read(PSObject value, string name) => PSObjectJson.Unwrap(OwnTypes.Get(value, name));

    private static PropertyInput OfImage(string device, object time)
    {
        try
        {
            return StickyTimeAttribute.Transform(time) is DateTime utc
                ? new() { Target = PropertyTarget.Of(new ImageReference(device.ToLowerInvariant(), utc)) }
                : Refuse(time, $"an object whose DateTime is '{time}'");
        }
        catch (ArgumentTransformationMetadataException e)
        {
            return new() { Error = Invalid($"{OneLine.Quote(e)}.", time, e) };
        }
    }

    private static PropertyInput Refuse(object? target, string what) =>
        new() { Error = Invalid($"Only pictures, devices, series and bundles have properties, and {what} is not one of them.", target) };

    private static StickyException Invalid(string message, object? target, Exception? cause = null) => new(
        "InvalidPropertyTarget",
        StickyErrorKind.InvalidData,
        message,
        target,
        "Pipe what Get-StickyImageSeries, Get-StickyDevice, Get-StickyTuboid or Get-StickyMlBundle return, or objects with Device and DateTime; or use -Device, "
            + "-Series or -Bundle.",
        cause);
}
