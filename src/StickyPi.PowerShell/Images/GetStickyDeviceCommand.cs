using System.Management.Automation;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Images;

/// <summary>Lists the devices of a store with what their pictures say of them.</summary>
[Cmdlet(VerbsCommon.Get, "StickyDevice")]
[OutputType(typeof(StickyDevice))]
public sealed class GetStickyDeviceCommand : StoreCmdlet<string>
{
    /// <summary>Devices or patterns: <c>*</c> or <c>%</c> for any characters, <c>?</c> or <c>_</c> for one. All devices by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Given]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [Id(nameof(Device))]
    public string[] Device { get; set; } = [];

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        List<string> patterns = await input.ToListAsync(cancellationToken).ConfigureAwait(false);
        if (patterns.Count == 0)
        {
            return;
        }

        await foreach (StickyDevice device in Store.GetDevicesAsync(patterns, cancellationToken).ConfigureAwait(false))
        {
            await sink.WriteAsync(device, cancellationToken).ConfigureAwait(false);
        }
    }

    // Called once without input, and never for an empty pipeline: no device there must not mean every device here.
    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => Device.Length == 0 ? ["*"] : Device;
}
