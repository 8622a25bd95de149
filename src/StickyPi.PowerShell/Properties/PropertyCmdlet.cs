using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Properties;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Properties;

/// <summary>A command on the extra properties of pictures, devices, series or bundles: objects from the pipeline, or names.</summary>
public abstract class PropertyCmdlet : StoreCmdlet<PropertyInput>
{
    internal const string InputObjectSet = "InputObject";
    internal const string ImageSet = "Image";
    internal const string DeviceSet = "Device";
    internal const string SeriesSet = "Series";
    internal const string BundleSet = "Bundle";

    /// <summary>Pictures, devices, tuboids, bundles, and whatever else has the properties <c>Device</c> and <c>DateTime</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputObjectSet)]
    [AllowNull]
    public PSObject?[]? InputObject { get; set; }

    /// <summary>The devices: 8 hexadecimal digits each.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = DeviceSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [Device]
    public string[] Device { get; set; } = [];

    /// <summary>When the pictures were taken that are meant instead of the device itself, UTC.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ImageSet)]
    [StickyTime]
    public DateTime[] DateTime { get; set; } = [];

    /// <summary>Series of tuboids: what <c>Get-StickyTuboid</c> returned of them, or ids <c>&lt;device&gt;.&lt;start&gt;.&lt;end&gt;.&lt;algorithm&gt;.&lt;version&gt;</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SeriesSet)]
    [ValidateNotNullOrEmpty]
    public PSObject[] Series { get; set; } = [];

    /// <summary>The names of ML bundles.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BundleSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MlBundleNameCompleter))]
    [Id("Name")]
    public string[] Bundle { get; set; } = [];

    private protected override IEnumerable<string> ColumnNames => [nameof(Device), nameof(DateTime)];

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        if (DeviceAttribute.FindNarrower(Device) is object source)
        {
            throw new StickyException(
                "WrongObject",
                StickyErrorKind.InvalidData,
                $"{OwnTypes.Describe(source)} was given as -Device, which would mean its device.",
                source,
                "Pipe it to the command, or give -Device and -DateTime.");
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<PropertyInput> ReadRecord() => ParameterSetName switch
    {
        DeviceSet => Device.Select(device => PropertyInput.Of(StickyPropertyKind.Device, device.ToLowerInvariant())),
        ImageSet => Device.SelectMany(device => DateTime
            .Select(time => new PropertyInput { Target = PropertyTarget.Of(new ImageReference(device.ToLowerInvariant(), time)) })),
        SeriesSet => Series.Select(PropertyInput.OfSeries),
        BundleSet => Bundle.Select(name => PropertyInput.Of(StickyPropertyKind.Bundle, name)),
        _ => (InputObject ?? [null]).Select(PropertyInput.Of),
    };
}
