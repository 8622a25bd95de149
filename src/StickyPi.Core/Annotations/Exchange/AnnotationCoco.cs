using System.Runtime.CompilerServices;
using System.Text.Json;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;

namespace StickyPi.Core.Annotations.Exchange;

/// <summary>
/// Annotations in the JSON of COCO object detection (cocodataset.org, format-data). Beside its fields, ours are read where they are
/// there: <c>md5</c> of an image; <c>value</c>, <c>stroke_colour</c>, <c>fill_colour</c>, <c>algo_name</c>, <c>algo_version</c> of an annotation;
/// and <c>algorithms</c> of an image, which names also those that found nothing.
/// </summary>
public static class AnnotationCoco
{
    /// <summary>What the names of COCO files end in.</summary>
    public const string Extension = ".json";

    private const int MaximumSize = 1024 * 1024 * 1024;
    private const int LookUpBatchSize = 256;

    /// <summary>
    /// Reads a COCO file. Each polygon becomes an object; coordinates are rounded; an annotation without polygons is its box. An entry that
    /// is wrong is an error, and the others go on.
    /// </summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="options">What to take for what the file does not say.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>
    /// One annotation for each picture and algorithm, in the order of the pictures in the file. Errors: <c>InvalidCoco</c>, which says which
    /// entry and what is wrong; <c>Md5Unknown</c>: neither the file says the MD5 of a picture, nor is there a store to ask;
    /// <c>ImageNotFound</c>: the store does not know it either; <c>ImageSizeMismatch</c>: the picture of the store has another size.
    /// </returns>
    /// <exception cref="StickyException"><c>FileNotFound</c>, <c>FileUnreadable</c>, <c>InvalidCoco</c>.</exception>
    public static async IAsyncEnumerable<Outcome<AnnotationElement>> ReadAsync(
        string path, AnnotationImportOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ExchangeFile file;
        CocoReader reader;
        try
        {
            file = await ExchangeFile.ReadAsync(path, MaximumSize, cancellationToken).ConfigureAwait(false);
            reader = new CocoReader(file, options);
            reader.ReadIndex();
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw Invalid(path, $"'{path}' is no COCO file: {OneLine.Quote(e)}.", e);
        }

        foreach (CocoPicture[] batch in reader.Pictures.Chunk(LookUpBatchSize))
        {
            Dictionary<ImageReference, StickyImage?> stored = await FindAsync(batch, options.Store, cancellationToken).ConfigureAwait(false);
            foreach (CocoPicture picture in batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                StickyImage? image = stored.GetValueOrDefault(picture.Reference);
                if ((picture.Md5 ?? image?.Md5) is string known)
                {
                    if (WhyNotComparable(picture, image, options.Scale, out CocoFrame frame) is string reason)
                    {
                        yield return new(WrongSize(picture, path, reason));
                    }
                    else
                    {
                        foreach (AnnotationElement element in reader.ReadAnnotations(picture, known, frame))
                        {
                            yield return new(element);
                        }
                    }
                }
                else
                {
                    yield return new(Unknown(picture, path, options.Store));
                }

                while (reader.Errors.TryDequeue(out StickyException? error))
                {
                    yield return new(error);
                }
            }
        }

        while (reader.Errors.TryDequeue(out StickyException? error))
        {
            yield return new(error);
        }
    }

    /// <summary>The error for a file, or an entry of it, that breaks a rule.</summary>
    /// <param name="path">The file.</param>
    /// <param name="message">What is wrong and where, as a sentence.</param>
    /// <param name="cause">The cause, or null.</param>
    /// <returns>The error <c>InvalidCoco</c>.</returns>
    internal static StickyException Invalid(string path, string message, Exception? cause = null) => new(
        "InvalidCoco",
        StickyErrorKind.InvalidData,
        message,
        path,
        "A COCO file is a JSON object with 'images', 'annotations' and 'categories', see cocodataset.org. Add-StickyAnnotation -Path reads the JSON of "
            + "the Sticky Pi API.",
        cause);

    private static async ValueTask<Dictionary<ImageReference, StickyImage?>> FindAsync(
        CocoPicture[] pictures, IStickyStore? store, CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return [];
        }

        ImageReference[] references = [.. pictures.Select(picture => picture.Reference).Distinct()];
        IReadOnlyList<StickyImage?> images = await store.GetImagesAsync(references, ImageContent.Metadata, cancellationToken).ConfigureAwait(false);
        return references.Zip(images).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    // Other programs scale pictures before they are looked at. Of another picture than the stored one nothing follows; that is refused later.
    private static string? WhyNotComparable(CocoPicture picture, StickyImage? image, bool scale, out CocoFrame frame)
    {
        frame = new CocoFrame(picture.Width, picture.Height, 1, 1);
        if (image is null || (picture.Md5 is not null && !picture.Md5.Equals(image.Md5, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        frame = frame with { Width = image.Width, Height = image.Height };
        if ((picture.Width, picture.Height) == (image.Width, image.Height))
        {
            return null;
        }

        (double scaleX, double scaleY) = (image.Width / (double)picture.Width, image.Height / (double)picture.Height);
        string sizes = FormattableString.Invariant($"it has a size of {picture.Width}×{picture.Height}, and the stored picture {image.Width}×{image.Height}");

        // Whoever scaled the picture rounded one of the sides to a whole pixel.
        bool isSameShape = Math.Abs((image.Width / scaleY) - picture.Width) <= 1 || Math.Abs((image.Height / scaleX) - picture.Height) <= 1;
        if (!isSameShape)
        {
            return $"{sizes}, which has another shape";
        }

        frame = frame with { ScaleX = scaleX, ScaleY = scaleY };
        return scale ? null : $"{sizes}. Use -Scale to scale its outlines";
    }

    private static StickyException WrongSize(CocoPicture picture, string path, string reason) => new(
        "ImageSizeMismatch",
        StickyErrorKind.InvalidData,
        $"{picture.Name} of '{path}' cannot be used: {reason}.",
        path,
        "Outlines count in pixels of the picture. -Scale scales those of a picture that was made smaller or larger as a whole; one that was cropped or "
            + "turned must be annotated anew.");

    private static StickyException Unknown(CocoPicture picture, string path, IStickyStore? store) => store is null
        ? new StickyException(
            "Md5Unknown",
            StickyErrorKind.NotFound,
            $"{picture.Name} of '{path}' does not say its MD5, and no store is open where picture {picture.Reference.FileName} could be looked up.",
            picture.Reference,
            "Open the store of the pictures with Connect-StickyPi, or name a connection with -Connection.")
        : new StickyException(
            "ImageNotFound",
            StickyErrorKind.NotFound,
            $"{picture.Name} of '{path}' does not say its MD5, and the store '{store.Location}' has no picture {picture.Reference.FileName}.",
            picture.Reference,
            "Send the picture first, with Send-StickyImage.");
}
