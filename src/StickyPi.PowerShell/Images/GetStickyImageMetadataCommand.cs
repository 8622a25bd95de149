using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Loading;

namespace StickyPi.PowerShell.Images;

/// <summary>Reads what picture files say of themselves, without a store.</summary>
[Cmdlet(VerbsCommon.Get, "StickyImageMetadata", DefaultParameterSetName = PathInput.PathSet)]
[OutputType(typeof(ImageMetadata))]
public sealed class GetStickyImageMetadataCommand : StickyCmdlet<string>
{
    /// <summary>Files, or folders of <c>.jpg</c> files; wildcards are resolved.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ParameterSetName = PathInput.PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [FilePath]
    public string[]? Path { get; set; }

    /// <summary>Files or folders, exactly as named.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathInput.LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [FilePath]
    public string[]? LiteralPath { get; set; }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        IExifReader exif = ProviderLoader.Providers.Exif;
        PictureFiles files = new(recurse: false);
        Queue<Task<Outcome<ImageMetadata>>> reading = new();
        await foreach (string path in input.ConfigureAwait(false))
        {
            foreach ((string? file, StickyException? error) in files.Find(path, cancellationToken))
            {
                reading.Enqueue(error is null
                    ? Task.Run(() => ReadAsync(file!, exif, cancellationToken), cancellationToken)
                    : Task.FromResult(new Outcome<ImageMetadata>(error)));
                if (reading.Count > Environment.ProcessorCount || reading.Peek().IsCompleted)
                {
                    await WriteNextAsync().ConfigureAwait(false);
                }
            }
        }

        while (reading.Count > 0)
        {
            await WriteNextAsync().ConfigureAwait(false);
        }

        await files.TellOfLeftAloneAsync(sink, cancellationToken).ConfigureAwait(false);

        async ValueTask WriteNextAsync()
        {
            Outcome<ImageMetadata> outcome = await reading.Dequeue().ConfigureAwait(false);
            if (outcome.Succeeded && FutureImage.Describe(outcome.Value, TimeProvider.System) is string warning)
            {
                await sink.WriteWarningAsync(warning, cancellationToken).ConfigureAwait(false);
            }

            await sink.WriteOutcomeAsync(outcome, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => PathInput.Read(this, Path, LiteralPath);

    private static async Task<Outcome<ImageMetadata>> ReadAsync(string file, IExifReader exif, CancellationToken cancellationToken)
    {
        try
        {
            return new((await ImageFile.ReadAsync(file, exif, cancellationToken).ConfigureAwait(false)).Metadata);
        }
        catch (StickyException e)
        {
            return new(e);
        }
    }
}
