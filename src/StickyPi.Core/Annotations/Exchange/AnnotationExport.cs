using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;

namespace StickyPi.Core.Annotations.Exchange;

/// <summary>How annotations are written for other programs.</summary>
public enum AnnotationFormat
{
    /// <summary>A drawing for each picture, which holds the picture; see <see cref="AnnotationSvg"/>.</summary>
    Svg,

    /// <summary>One file for all, in the JSON of COCO object detection; see <see cref="AnnotationCoco"/>.</summary>
    Coco,
}

/// <summary>How to export annotations.</summary>
public sealed record ExportAnnotationOptions
{
    /// <summary>An absolute path: the folder of the drawings, or the COCO file.</summary>
    public required string Destination { get; init; }

    /// <summary>The format.</summary>
    public AnnotationFormat Format { get; init; }

    /// <summary>Whether a different file of the same name is overwritten.</summary>
    public bool Force { get; init; }

    /// <summary>Asked before a file is written; null for yes.</summary>
    public Func<string, CancellationToken, ValueTask<bool>>? Confirm { get; init; }
}

/// <summary>A file that annotations were exported to.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Status">What was done.</param>
public sealed record ExportedFile(string Path, SaveImageStatus Status);

/// <summary>Writes annotations, and the pictures that they are about, to files for other programs.</summary>
public static class AnnotationExport
{
    private const int LookUpBatchSize = 64;

    /// <summary>Exports annotations. Each file appears whole, or not at all.</summary>
    /// <param name="store">Where the pictures are.</param>
    /// <param name="exif">Reads their EXIF.</param>
    /// <param name="annotations">The annotations, with their objects. Not more than a few are held at a time.</param>
    /// <param name="options">How to export.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// One outcome a file, and an error for each annotation that is left out: <c>NoAnnotationData</c>, <c>SeveralAnnotations</c>,
    /// <c>ImageNotFound</c>, <c>Md5Mismatch</c>, <c>InvalidImage</c>, <c>FileExists</c>, <c>FileNotWritten</c>, and those of
    /// <see cref="IStickyStore.ReadImageAsync"/>. Without annotations, no file is written.
    /// </returns>
    /// <exception cref="StickyException">
    /// <c>FileExists</c>, <c>InvalidDestination</c> or <c>FileNotWritten</c> for the COCO file; <c>StorageFull</c>.
    /// </exception>
    public static IAsyncEnumerable<Outcome<ExportedFile>> RunAsync(
        IStickyStore store,
        IExifReader exif,
        IAsyncEnumerable<Annotation> annotations,
        ExportAnnotationOptions options,
        CancellationToken cancellationToken = default) =>
        ParallelWork.RunAsync<Outcome<ExportedFile>>(
            (outcomes, stop) =>
            {
                Exporter exporter = new(store, exif, options, outcomes);
                return options.Format == AnnotationFormat.Coco ? exporter.ExportCocoAsync(annotations, stop) : exporter.ExportSvgAsync(annotations, stop);
            },
            cancellationToken);

    private sealed class Exporter(
        IStickyStore store, IExifReader exif, ExportAnnotationOptions options, ChannelWriter<Outcome<ExportedFile>> outcomes)
    {
        public async Task ExportSvgAsync(IAsyncEnumerable<Annotation> annotations, CancellationToken cancellationToken)
        {
            HashSet<ImageReference> seen = [];
            await foreach ((Annotation annotation, _) in CheckAsync(
                annotations, annotation => seen.Add(annotation.Reference), cancellationToken).ConfigureAwait(false))
            {
                Outcome<ExportedFile>? outcome;
                try
                {
                    outcome = await ExportSvgAsync(annotation, cancellationToken).ConfigureAwait(false) is ExportedFile file ? new(file) : null;
                }
                catch (StickyException e) when (e.Kind != StickyErrorKind.StorageFull)
                {
                    outcome = new(e);
                }

                if (outcome is not null)
                {
                    await outcomes.WriteAsync(outcome.Value, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        public async Task ExportCocoAsync(IAsyncEnumerable<Annotation> annotations, CancellationToken cancellationToken)
        {
            string path = options.Destination;
            if (Directory.Exists(path))
            {
                throw new StickyException(
                    "InvalidDestination", StickyErrorKind.Conflict, $"'{path}' is a folder; COCO is one file.", path, "Name a file, such as insects.json.");
            }

            CheckPlace(path);
            SaveImageStatus status = File.Exists(path) ? SaveImageStatus.Replaced : SaveImageStatus.Saved;
            if (status == SaveImageStatus.Replaced && !options.Force)
            {
                throw FileExists(path);
            }

            HashSet<AnnotationReference> seen = [];
            await using IAsyncEnumerator<(Annotation Annotation, StickyImage Image)> valid =
                CheckAsync(annotations, annotation => seen.Add(annotation.GetReference()), cancellationToken).GetAsyncEnumerator(cancellationToken);
            if (!await valid.MoveNextAsync().ConfigureAwait(false) || !await ConfirmAsync(path, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            await WriteAsync(
                path,
                async output =>
                {
                    using CocoWriter writer = new(output);
                    do
                    {
                        await writer.WriteAsync(valid.Current.Annotation, valid.Current.Image, cancellationToken).ConfigureAwait(false);
                    }
                    while (await valid.MoveNextAsync().ConfigureAwait(false));

                    await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
                }).ConfigureAwait(false);
            await outcomes.WriteAsync(new(new ExportedFile(path, status)), cancellationToken).ConfigureAwait(false);
        }

        private async ValueTask<ExportedFile?> ExportSvgAsync(Annotation annotation, CancellationToken cancellationToken)
        {
            string path = Path.Combine(options.Destination, AnnotationSvg.GetFileName(annotation.Reference));
            CheckPlace(path);
            ReadOnlyMemory<byte> jpeg = await store.ReadImageAsync(annotation.Reference, ImageContent.Image, cancellationToken).ConfigureAwait(false);
            string? make = ReadMake(jpeg);
            SaveImageStatus status = SaveImageStatus.Saved;
            try
            {
                if (File.Exists(path))
                {
                    if (await IsSameAsync(path, output => AnnotationSvg.Write(output, annotation, jpeg, make), cancellationToken).ConfigureAwait(false))
                    {
                        return new ExportedFile(path, SaveImageStatus.Skipped);
                    }

                    status = options.Force ? SaveImageStatus.Replaced : throw FileExists(path);
                }

                if (!await ConfirmAsync(path, cancellationToken).ConfigureAwait(false))
                {
                    return null;
                }

                await WriteAsync(
                    path,
                    output =>
                    {
                        AnnotationSvg.Write(output, annotation, jpeg, make);
                        return ValueTask.CompletedTask;
                    }).ConfigureAwait(false);
            }
            catch (InvalidDataException e)
            {
                throw new StickyException(
                    "InvalidImage",
                    StickyErrorKind.InvalidData,
                    $"The picture {annotation.FileName} of the store is not whole: {OneLine.Quote(e)}.",
                    annotation,
                    StoreBase.DescribeMending(annotation.GetReference().Image.Key(ImageContent.Image)),
                    e);
            }

            return new ExportedFile(path, status);
        }

        // What can be written, and the picture of each.
        private async IAsyncEnumerable<(Annotation Annotation, StickyImage Image)> CheckAsync(
            IAsyncEnumerable<Annotation> annotations, Func<Annotation, bool> isFirst, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (IReadOnlyList<Annotation> batch in Batches.OfAsync(annotations, LookUpBatchSize, cancellationToken).ConfigureAwait(false))
            {
                IReadOnlyList<StickyImage?> images = await store
                    .GetImagesAsync([.. batch.Select(annotation => annotation.Reference)], ImageContent.Metadata, cancellationToken).ConfigureAwait(false);
                for (int i = 0; i < batch.Count; i++)
                {
                    if (Refusal(batch[i], images[i], isFirst) is StickyException error)
                    {
                        await outcomes.WriteAsync(new(error), cancellationToken).ConfigureAwait(false);
                    }
                    else
                    {
                        yield return (batch[i], images[i]!);
                    }
                }
            }
        }

        private StickyException? Refusal(Annotation annotation, StickyImage? image, Func<Annotation, bool> isFirst)
        {
            AnnotationReference reference = annotation.GetReference();
            if (annotation.ObjectCount > 0 && annotation.Objects.Count == 0)
            {
                return new StickyException(
                    "NoAnnotationData",
                    StickyErrorKind.InvalidData,
                    $"The annotation {reference} came without its {annotation.ObjectCount} objects.",
                    annotation,
                    "Get annotations with Get-StickyAnnotation -What Data.");
            }

            if (image is null)
            {
                return new StickyException(
                    "ImageNotFound",
                    StickyErrorKind.NotFound,
                    $"The store has no picture of device {annotation.Device} at {StickyTime.ToFileText(annotation.DateTime)} (UTC), which the annotation is about.",
                    annotation,
                    "Send the picture first, with Send-StickyImage.");
            }

            if (!image.Md5.Equals(annotation.Md5, StringComparison.OrdinalIgnoreCase))
            {
                return new StickyException(
                    "Md5Mismatch",
                    StickyErrorKind.Conflict,
                    $"The annotation {reference} was made for another picture (MD5 {annotation.Md5}) than the one that the store has (MD5 {image.Md5}).",
                    annotation,
                    "Annotate the picture that the store has; Save-StickyImage copies it out.");
            }

            return isFirst(annotation)
                ? null
                : new StickyException(
                    "SeveralAnnotations",
                    StickyErrorKind.Conflict,
                    options.Format == AnnotationFormat.Svg
                        ? $"There is another annotation of picture {annotation.FileName}, by {annotation.AlgoName} {annotation.AlgoVersion}, and a drawing holds one."
                        : $"The annotation {reference} was given twice.",
                    annotation,
                    "Choose one with the parameters -AlgoName, -AlgoVersion or -Latest of Get-StickyAnnotation.");
        }

        private async ValueTask WriteAsync(string path, Func<Stream, ValueTask> write)
        {
            string folder = Path.GetDirectoryName(path)!;
            try
            {
                _ = Directory.CreateDirectory(folder);
                using StagedFile file = await StagedFile.WriteAsync(path, path, temporaryPath: null, write, durable: true).ConfigureAwait(false);
                file.Publish();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw DiskErrors.NotWritten(path, folder, e);
            }
        }

        private static void CheckPlace(string path)
        {
            if (new StoreFolders().WhyNot(path) is StickyException refusal)
            {
                throw refusal;
            }
        }

        private ValueTask<bool> ConfirmAsync(string path, CancellationToken cancellationToken) =>
            options.Confirm is null ? ValueTask.FromResult(true) : options.Confirm(path, cancellationToken);

        private string? ReadMake(ReadOnlyMemory<byte> jpeg)
        {
            try
            {
                return exif.Read(jpeg).Make;
            }
            catch (InvalidDataException)
            {
                // The drawing holds the picture itself: what it does not say of it is not lost.
                return null;
            }
        }

        private static async ValueTask<bool> IsSameAsync(string path, Action<Stream> write, CancellationToken cancellationToken)
        {
            string found = await SourceFile.HashExistingAsync(path, cancellationToken).ConfigureAwait(false);
            using MD5 wanted = MD5.Create();
            using (CryptoStream hashing = new(Stream.Null, wanted, CryptoStreamMode.Write))
            {
                write(hashing);
            }

            return found == Convert.ToHexStringLower(wanted.Hash!);
        }

        private StickyException FileExists(string path) => new(
            "FileExists",
            StickyErrorKind.Conflict,
            $"'{path}' exists already{(options.Format == AnnotationFormat.Svg ? ", and differs from what would be written" : "")}.",
            path,
            "Use -Force to overwrite it, or choose another destination.");
    }
}
