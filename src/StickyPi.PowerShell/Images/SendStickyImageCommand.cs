using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Images;

/// <summary>Brings pictures into a store; what it has already is skipped without being read.</summary>
[Cmdlet(
    VerbsCommunications.Send, "StickyImage", DefaultParameterSetName = PathInput.PathSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SendImageResult))]
public sealed class SendStickyImageCommand : SendCmdlet<SendImageResult>
{
    private PictureFiles? _files;

    /// <summary>Whether folders within folders are searched too.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Whether a picture may take the place of another one of the same device and time, whose annotations go with it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Whether a picture that is dated more than a day after the clock is refused; else there is a warning.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <inheritdoc/>
    protected override string Activity => "Sending pictures";

    /// <inheritdoc/>
    protected override IEnumerable<(string? Found, StickyException? Error)> Find(string path, CancellationToken cancellationToken) =>
        (_files ??= new PictureFiles(Recurse)).Find(path, cancellationToken);

    /// <inheritdoc/>
    protected override (int Count, string? First) LeftAlone => _files is null ? default : (_files.LeftAlone, _files.FirstLeftAlone);

    /// <inheritdoc/>
    protected override string? GetWarning(SendImageResult result) => result.Warning;

    /// <inheritdoc/>
    protected override string EmptyReason =>
        $"has no .jpg files{(Recurse ? "" : " of its own. Use -Recurse to search the folders in it")}";

    /// <inheritdoc/>
    protected override IAsyncEnumerable<Outcome<SendImageResult>> SendAsync(
        IAsyncEnumerable<string> found, IPipelineSink sink, CancellationToken cancellationToken) => Store.SendImagesAsync(
            found,
            new SendImageOptions
            {
                Force = Force,
                Strict = Strict,
                Parallelism = ThrottleLimit,
                Simulate = IsSimulated,
                Confirm = (metadata, status, token) => ConfirmAsync(metadata, status, sink, token),
            },
            cancellationToken);

    /// <inheritdoc/>
    protected override bool IsSkipped(SendImageResult result) => result.Status == SendImageStatus.Skipped;

    // A picture that is only simulated yields no result, which would bear the warning.
    private async ValueTask<bool> ConfirmAsync(
        ImageMetadata metadata, SendImageStatus status, IPipelineSink sink, CancellationToken cancellationToken)
    {
        if (IsSimulated && FutureImage.Describe(metadata, TimeProvider.System) is string warning)
        {
            await sink.WriteWarningAsync(warning, cancellationToken).ConfigureAwait(false);
        }

        string action = status == SendImageStatus.Added ? "Add to" : "Replace in";
        return await sink.ShouldProcessAsync(metadata.Path, $"{action} store '{Store.Location}'", cancellationToken).ConfigureAwait(false);
    }
}
