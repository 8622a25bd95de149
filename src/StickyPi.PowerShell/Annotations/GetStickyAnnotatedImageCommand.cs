using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Images;

namespace StickyPi.PowerShell.Annotations;

/// <summary>Gets the pictures of a series, each with its annotations: a picture without any comes once, alone.</summary>
[Cmdlet(VerbsCommon.Get, "StickyAnnotatedImage")]
[OutputType(typeof(StickyAnnotatedImage))]
public sealed class GetStickyAnnotatedImageCommand : ImageSeriesCmdlet
{
    /// <summary>Whether the objects are read too, or only what the columns say.</summary>
    [Parameter]
    public AnnotationContent AnnotationWhat { get; set; }

    /// <summary>Algorithms whose annotations are joined; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] AlgoName { get; set; } = [];

    /// <summary>Versions of algorithms whose annotations are joined; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] AlgoVersion { get; set; } = [];

    /// <summary>Whether only the newest version of each algorithm is joined, for each picture.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(ImageSeriesQuery series, IPipelineSink sink, CancellationToken cancellationToken)
    {
        AnnotationQuery query = new() { AlgoNames = AlgoName, AlgoVersions = AlgoVersion, Latest = Latest, What = AnnotationWhat };
        bool empty = true;
        await foreach (Outcome<StickyAnnotatedImage> outcome in Store
            .GetAnnotatedImagesAsync(Store.GetImageSeriesAsync(series, cancellationToken), query, cancellationToken).ConfigureAwait(false))
        {
            empty = false;
            await sink.WriteOutcomeAsync(outcome, cancellationToken).ConfigureAwait(false);
        }

        if (empty)
        {
            string described = TimeRange.Describe(series.Devices, series.StartTime, series.EndTime);
            await sink.WriteWarningAsync($"The series is empty: the store has no picture of {described}.", cancellationToken).ConfigureAwait(false);
        }
    }
}
