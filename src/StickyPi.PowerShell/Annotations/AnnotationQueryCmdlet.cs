using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;
using StickyPi.PowerShell.Errors;

namespace StickyPi.PowerShell.Annotations;

/// <summary>A command that reads annotations: those of exact pictures, which the pipeline brings, or those of a series.</summary>
/// <typeparam name="TOutput">What it returns.</typeparam>
public abstract class AnnotationQueryCmdlet<TOutput> : StoreCmdlet<AnnotationSource>
    where TOutput : class
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

    /// <summary>Algorithms whose annotations count; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] AlgoName { get; set; } = [];

    /// <summary>Versions of algorithms whose annotations count; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] AlgoVersion { get; set; } = [];

    /// <summary>Whether only the newest version of each algorithm counts, for each picture.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    /// <summary>How much of the annotations is wanted.</summary>
    protected abstract AnnotationContent Content { get; }

    /// <summary>What a series without any result has none of, for the warning.</summary>
    protected abstract string Nothing { get; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        TimeRange.Check(StartTime, EndTime);
    }

    /// <inheritdoc/>
    protected internal sealed override async Task ProcessAsync(
        IAsyncEnumerable<AnnotationSource> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        AnnotationQuery query = new() { AlgoNames = AlgoName, AlgoVersions = AlgoVersion, Latest = Latest, What = Content };

        // Exact pictures are answered as they come; a series is ordered over all its devices, so they must all be known.
        // A picture that comes once for each of its annotations is answered once.
        List<string> devices = [];
        ImageReference last = default;
        IAsyncEnumerable<ImageReference> images = input
            .Where(source =>
            {
                if (source.Device is not null)
                {
                    devices.Add(source.Device);
                    return false;
                }

                bool isRepeated = source.Image == last;
                last = source.Image;
                return !isRepeated;
            })
            .Select(source => source.Image);
        _ = await WriteAsync(ReadImagesAsync(images, query, cancellationToken), sink, cancellationToken).ConfigureAwait(false);
        ImageSeriesQuery series = new() { Devices = devices, StartTime = StartTime, EndTime = EndTime };
        if (devices.Count > 0 && !await WriteAsync(ReadSeriesAsync(series, query, cancellationToken), sink, cancellationToken).ConfigureAwait(false))
        {
            await sink.WriteWarningAsync($"{Nothing} of {TimeRange.Describe(devices, StartTime, EndTime)}.", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the results for exact pictures.</summary>
    /// <param name="images">Which pictures.</param>
    /// <param name="query">Which annotations.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The results.</returns>
    protected abstract IAsyncEnumerable<Outcome<TOutput>> ReadImagesAsync(
        IAsyncEnumerable<ImageReference> images, AnnotationQuery query, CancellationToken cancellationToken);

    /// <summary>Reads the results for a series.</summary>
    /// <param name="series">Which pictures.</param>
    /// <param name="query">Which annotations.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The results.</returns>
    protected abstract IAsyncEnumerable<Outcome<TOutput>> ReadSeriesAsync(
        ImageSeriesQuery series, AnnotationQuery query, CancellationToken cancellationToken);

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

    private static async ValueTask<bool> WriteAsync(IAsyncEnumerable<Outcome<TOutput>> outcomes, IPipelineSink sink, CancellationToken cancellationToken)
    {
        bool any = false;
        await foreach (Outcome<TOutput> outcome in outcomes.ConfigureAwait(false))
        {
            any = true;
            await sink.WriteOutcomeAsync(outcome, cancellationToken).ConfigureAwait(false);
        }

        return any;
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
