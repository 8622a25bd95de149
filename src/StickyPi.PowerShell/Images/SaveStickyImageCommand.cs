using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Images;

/// <summary>Copies pictures, or their thumbnails, out of a store, and returns the files; what is there already is skipped.</summary>
[Cmdlet(VerbsData.Save, "StickyImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class SaveStickyImageCommand : ImageReferenceCmdlet
{
    private string _destination = "";

    /// <summary>The folder to copy to; it gets a folder for each device.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNullOrEmpty]
    [FilePath]
    public string Destination { get; set; } = "";

    /// <summary>Which files of each picture.</summary>
    [Parameter]
    [Given]
    [ValidateSet(nameof(ImageContent.Image), nameof(ImageContent.Thumbnail), nameof(ImageContent.ThumbnailMini))]
    [EnumName(typeof(ImageContent), Several = true, Except = [nameof(ImageContent.Metadata)])]
    public ImageContent[] What { get; set; } = [ImageContent.Image];

    /// <summary>Whether different files of the same names are overwritten.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How many pictures are copied at a time; one more than the machine has processors by default.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = SendImageOptions.DefaultParallelism;

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        _destination = FilePaths.ResolveFolder(this, Destination);
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<ImageReference> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        WorkMeter meter = new(sink, "Saving pictures");
        SaveImageOptions options = new()
        {
            Destination = _destination,
            What = [.. What.Distinct()],
            Force = Force,
            Parallelism = ThrottleLimit,
            Confirm = (path, token) => sink.ShouldProcessAsync(path, "Save picture", token),
        };
        int saved = 0;
        int skipped = 0;
        await foreach (Outcome<SavedImage> outcome in Store
            .SaveImagesAsync(CountAsync(input, options.What.Count, meter), options, cancellationToken).ConfigureAwait(false))
        {
            if (outcome.Succeeded)
            {
                _ = outcome.Value.Status == SaveImageStatus.Skipped ? skipped++ : saved++;
                await sink.WriteFileAsync(outcome.Value.Path, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await sink.WriteErrorAsync(outcome.Error, cancellationToken).ConfigureAwait(false);
            }

            await meter.CountAsync(() => $"{saved:N0} saved, {skipped:N0} were there", cancellationToken).ConfigureAwait(false);
        }

        await meter.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<ImageReference> CountAsync(IAsyncEnumerable<ImageReference> input, int files, WorkMeter meter)
    {
        await foreach (ImageReference reference in input.ConfigureAwait(false))
        {
            for (int i = 0; i < files; i++)
            {
                meter.Expect();
            }

            yield return reference;
        }

        meter.TotalIsFinal = true;
    }
}
