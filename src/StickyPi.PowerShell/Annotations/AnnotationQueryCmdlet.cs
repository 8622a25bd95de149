using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Errors;

namespace StickyPi.PowerShell.Annotations;

/// <summary>A command that reads annotations: those of exact pictures, which the pipeline brings, or those of a series.</summary>
/// <typeparam name="TOutput">What it returns.</typeparam>
public abstract class AnnotationQueryCmdlet<TOutput> : SeriesCmdlet<AnnotationSource>
    where TOutput : class
{
    // In no parameter set of its own: the engine would bind a picture's device alone, to the set of series, and all of that device would come.
    /// <summary>When exact pictures were taken, UTC; <c>-Device</c> is then no pattern.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Given]
    [StickyTime]
    public DateTime[] DateTime { get; set; } = [];

    /// <summary>Algorithms whose annotations count; wildcards are allowed.</summary>
    [Parameter]
    [Given]
    [SupportsWildcards]
    [Text]
    public string[] AlgoName { get; set; } = [];

    /// <summary>Versions of algorithms whose annotations count; wildcards are allowed.</summary>
    [Parameter]
    [Given]
    [SupportsWildcards]
    [Text]
    public string[] AlgoVersion { get; set; } = [];

    /// <summary>Whether only the newest version of each algorithm counts, for each picture.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    /// <summary>How much of the annotations is wanted.</summary>
    protected abstract AnnotationContent Content { get; }

    /// <summary>What a series without any result has none of, for the warning.</summary>
    protected abstract string Nothing { get; }

    /// <summary>When the picture was taken that a result is of, or that it is.</summary>
    /// <param name="result">The result.</param>
    /// <returns>The time, UTC.</returns>
    protected abstract DateTime GetTime(TOutput result);

    /// <inheritdoc/>
    protected internal sealed override async Task ProcessAsync(
        IAsyncEnumerable<AnnotationSource> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        AnnotationQuery query = new() { AlgoNames = AlgoName, AlgoVersions = AlgoVersion, Latest = Latest, What = Content };

        // Exact pictures are answered as they come; results are ordered over all series, so these must all be known.
        // A picture that comes once for each of its annotations is answered once.
        List<SeriesInput> series = [];
        ImageReference last = default;
        IAsyncEnumerable<ImageReference> images = input
            .Where(source =>
            {
                if (source.Series is not null)
                {
                    series.Add(source.Series);
                    return false;
                }

                bool isRepeated = source.Image == last;
                last = source.Image;
                return !isRepeated;
            })
            .Select(source => source.Image);
        _ = await WriteAsync(ReadImagesAsync(images, query, cancellationToken), sink, cancellationToken).ConfigureAwait(false);
        if (series.Exists(item => item.HasTimes))
        {
            // An annotation that cannot be read does not say of which picture it is, nor which series it belongs to.
            bool isUnknown = false;
            DateTime? TimeOf(Outcome<TOutput> outcome)
            {
                isUnknown |= !outcome.Succeeded;
                return outcome.Succeeded ? GetTime(outcome.Value) : null;
            }

            SeriesRange[] ranges = [.. series.Select(item => item.Range)];
            bool[] found = new bool[ranges.Length];
            IAsyncEnumerable<Outcome<TOutput>> outcomes = ReadJoinedAsync(
                ranges,
                found,
                part => ReadSeriesAsync(part, query, cancellationToken),
                TimeOf,
                cancellationToken);
            _ = await WriteAsync(outcomes, sink, cancellationToken).ConfigureAwait(false);
            if (!isUnknown)
            {
                await WarnOfEmptyAsync(ranges, found, Nothing, sink, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        ImageSeriesQuery all = new()
        {
            Devices = [.. series.Select(item => item.Range.Device)],
            StartTime = GivenStart,
            EndTime = GivenEnd,
        };
        if (series.Count > 0
            && !await WriteAsync(ReadSeriesAsync(all, query, cancellationToken), sink, cancellationToken).ConfigureAwait(false))
        {
            await sink.WriteWarningAsync(
                $"{Nothing} of {TimeRange.Describe(all.Devices, all.StartTime, all.EndTime)}.", cancellationToken).ConfigureAwait(false);
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

    private protected override string PictureAdvice => "Pipe pictures with their Device and DateTime.";

    /// <inheritdoc/>
    protected override IEnumerable<AnnotationSource> ReadRecord()
    {
        if (DateTime is not { Length: > 0 })
        {
            return ReadSeries().Select(series => new AnnotationSource(default, series));
        }

        if (Device.Length == 0 || StartTime is not null || EndTime is not null)
        {
            StickyException error = new(
                "AmbiguousPictures",
                StickyErrorKind.InvalidData,
                "-DateTime stands for exact pictures: it goes with -Device, and with neither -StartTime nor -EndTime.",
                DateTime[0],
                "Give -Device and -DateTime for exact pictures, or -Device, -StartTime and -EndTime for a series.");
            if (!HasTimesOfItsOwn)
            {
                throw error;
            }

            WriteError(error.ToErrorRecord());
            return [];
        }

        return Device.Where(IsExact)
            .SelectMany(device => DateTime.Select(time => new AnnotationSource(new ImageReference(device.ToLowerInvariant(), time), null)));
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
/// <param name="Image">A picture, where there is no series.</param>
/// <param name="Series">A series; null where there is a picture.</param>
public readonly record struct AnnotationSource(ImageReference Image, SeriesInput? Series);
