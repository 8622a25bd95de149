using System.Management.Automation;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Images;

/// <summary>A command on exact pictures: objects from the pipeline that have a device and a time, or a device and times.</summary>
public abstract class ImageReferenceCmdlet : StoreCmdlet<ImageReference>
{
    /// <summary>The device: 8 hexadecimal digits.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [Id(nameof(Device))]
    public string Device { get; set; } = "";

    /// <summary>When the pictures were taken, UTC.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [StickyTime]
    public DateTime[] DateTime { get; set; } = [];

    /// <inheritdoc/>
    protected override IEnumerable<ImageReference> ReadRecord() =>
        DateTime.Select(time => new ImageReference(Device.ToLowerInvariant(), time));
}
