using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;
using StickyPi.PowerShell.Errors;

namespace StickyPi.PowerShell.Annotations;

/// <summary>Gets what algorithms and people found on pictures: those of the pipeline, or those of a series.</summary>
[Cmdlet(VerbsCommon.Get, "StickyAnnotation")]
[OutputType(typeof(StickyAnnotation))]
public sealed class GetStickyAnnotationCommand : StoreCmdlet<AnnotationSource>
{
    /// <summary>Devices or patterns: <c>*</c> or <c>%</c> for any characters, <c>?</c> or <c>_</c> for one. All devices by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string[] Device { get; set; } = [];

    // In no parameter set of its own: the engine would bind a picture's device alone, to the set of series, and all of that device would come.
    /// <summary>When exact pictures were taken, UTC; <see cref="Device"/> is then no pattern.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [StickyTime]
    public DateTime[] DateTime { get; set; } = [];

    /// <summary>The first moment that belongs to the series, UTC.</summary>
    [Parameter(Position = 1)]
    [StickyTime]
    public DateTime? StartTime { get; set; }

    /// <summary>The first moment after the series, UTC.</summary>
    [Parameter(Position = 2)]
    [StickyTime]
    public DateTime? EndTime { get; set; }

    /// <summary>Whether the objects are read too, or only what the columns say.</summary>
    [Parameter]
    public AnnotationContent What { get; set; }

    /// <summary>Algorithms; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] AlgoName { get; set; } = [];

    /// <summary>Versions of algorithms; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] AlgoVersion { get; set; } = [];

    /// <summary>Whether only the newest version of each algorithm is wanted, for each picture.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        TimeRange.Check(StartTime, EndTime);
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<AnnotationSource> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        AnnotationQuery query = new() { AlgoNames = AlgoName, AlgoVersions = AlgoVersion, Latest = Latest, What = What };

        // Exact pictures are answered as they come; a series is ordered over all its devices, so they must all be known.
        List<string> devices = [];
        IAsyncEnumerable<ImageReference> images = input
            .Where(source =>
            {
                if (source.Device is not null)
                {
                    devices.Add(source.Device);
                }

                return source.Device is null;
            })
            .Select(source => source.Image);
        await foreach (Outcome<StickyAnnotation> outcome in Store.GetAnnotationsAsync(images, query, cancellationToken).ConfigureAwait(false))
        {
            await sink.WriteOutcomeAsync(outcome, cancellationToken).ConfigureAwait(false);
        }

        if (devices.Count == 0)
        {
            return;
        }

        bool empty = true;
        ImageSeriesQuery series = new() { Devices = devices, StartTime = StartTime, EndTime = EndTime };
        await foreach (Outcome<StickyAnnotation> outcome in Store.GetAnnotationSeriesAsync(series, query, cancellationToken).ConfigureAwait(false))
        {
            empty = false;
            await sink.WriteOutcomeAsync(outcome, cancellationToken).ConfigureAwait(false);
        }

        if (empty)
        {
            await sink.WriteWarningAsync(
                $"The store has no such annotation of pictures of {TimeRange.Describe(devices, StartTime, EndTime)}.", cancellationToken)
                .ConfigureAwait(false);
        }
    }

    // Called once without input, and never for an empty pipeline: no device there must not mean every device here.
    /// <inheritdoc/>
    protected override IEnumerable<AnnotationSource> ReadRecord()
    {
        if (DateTime.Length > 0)
        {
            if (Device.Length == 0 || StartTime is not null || EndTime is not null)
            {
                throw new StickyException(
                    "AmbiguousPictures",
                    StickyErrorKind.InvalidData,
                    "-DateTime stands for exact pictures: it goes with -Device, and with neither -StartTime nor -EndTime.",
                    DateTime[0],
                    "Give -Device and -DateTime for exact pictures, or -Device, -StartTime and -EndTime for a series.");
            }

            return Device.Where(IsExact)
                .SelectMany(device => DateTime.Select(time => new AnnotationSource(new ImageReference(device.ToLowerInvariant(), time), null)));
        }

        return (Device.Length == 0 ? ["*"] : Device).Select(device => new AnnotationSource(default, device));
    }

    private bool IsExact(string device)
    {
        bool isExact = device.AsSpan().IndexOfAny("*?%_") < 0;
        if (!isExact)
        {
            WriteError(new StickyException(
                "InvalidDevice",
                StickyErrorKind.InvalidData,
                $"With -DateTime, which means exact pictures, -Device takes no wildcards such as in '{device}'.",
                device,
                "Give -StartTime and -EndTime instead of -DateTime, or the whole device.").ToErrorRecord());
        }

        return isExact;
    }
}

/// <summary>Whose annotations are wanted.</summary>
/// <param name="Image">A picture, where there is no device.</param>
/// <param name="Device">A device or pattern, for a series; or null.</param>
public readonly record struct AnnotationSource(ImageReference Image, string? Device);
