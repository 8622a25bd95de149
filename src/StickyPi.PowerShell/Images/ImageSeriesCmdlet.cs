using System.Management.Automation;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Images;

/// <summary>A command on a series: the pictures of some devices within a half-open range of time.</summary>
public abstract class ImageSeriesCmdlet : StoreCmdlet<string>
{
    /// <summary>Devices or patterns: <c>*</c> or <c>%</c> for any characters, <c>?</c> or <c>_</c> for one. All devices by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string[] Device { get; set; } = [];

    /// <summary>The first moment that belongs to the series, UTC.</summary>
    [Parameter(Position = 1)]
    [StickyTime]
    public DateTime? StartTime { get; set; }

    /// <summary>The first moment after the series, UTC.</summary>
    [Parameter(Position = 2)]
    [StickyTime]
    public DateTime? EndTime { get; set; }

    /// <summary>Which of a picture's files its url leads to.</summary>
    [Parameter]
    public ImageContent What { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        TimeRange.Check(StartTime, EndTime);
    }

    // A series is ordered over all its devices, so they must all be known.
    /// <inheritdoc/>
    protected internal sealed override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        List<string> devices = await input.ToListAsync(cancellationToken).ConfigureAwait(false);
        if (devices.Count > 0)
        {
            await ProcessAsync(
                new ImageSeriesQuery { Devices = devices, StartTime = StartTime, EndTime = EndTime, What = What }, sink, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Does the work for a series.</summary>
    /// <param name="series">Which pictures.</param>
    /// <param name="sink">Where to write.</param>
    /// <param name="cancellationToken">Set when the work must stop.</param>
    /// <returns>A task that ends with the work.</returns>
    protected abstract Task ProcessAsync(ImageSeriesQuery series, IPipelineSink sink, CancellationToken cancellationToken);

    // Called once without input, and never for an empty pipeline: no device there must not mean every device here.
    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => Device.Length == 0 ? ["*"] : Device;
}
