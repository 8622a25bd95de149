using System.Runtime.CompilerServices;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Remote.Existing;
using StickyPi.Core.Stores;
using StickyPi.Server.Access;

namespace StickyPi.Server.Existing;

/// <summary>What the existing API does with pictures.</summary>
internal static class ExistingImages
{
    private const int BatchSize = 1024;

    /// <summary><c>get_images/&lt;what&gt;</c>: exact pictures; one that is not there is left out.</summary>
    public static async Task GetAsync(HttpContext context)
    {
        IReadOnlyList<ImageReference> references = Sort(await JsonInput.ReadListAsync(context, ReadReference));
        await WriteAsync(context, FindAsync(context.GetStore(), references, What(context), context.RequestAborted));
    }

    /// <summary><c>get_image_series/&lt;what&gt;</c>: one series after the other.</summary>
    public static async Task GetSeriesAsync(HttpContext context)
    {
        IReadOnlyList<ImageSeriesQuery> series = await JsonInput.ReadListAsync(context, ReadSeries);
        await WriteAsync(context, ReadAllAsync(context.GetStore(), series, What(context), context.RequestAborted));
    }

    /// <summary><c>delete_images</c>: answers with what was there.</summary>
    public static async Task DeleteAsync(HttpContext context)
    {
        IReadOnlyList<ImageReference> references = Sort(await JsonInput.ReadListAsync(context, ReadReference));
        IReadOnlyList<Outcome<StickyImage>> outcomes = await context.GetStore().RemoveImagesAsync(references, context.RequestAborted);
        if (outcomes.FirstOrDefault(outcome => outcome.Error is { Kind: not StickyErrorKind.NotFound }).Error is StickyException error)
        {
            throw error;
        }

        await ExistingAnswers.WriteListAsync(
            context,
            outcomes.Where(outcome => outcome.Succeeded).Select(outcome => ExistingImage.From(outcome.Value!, withUrl: false)).ToAsyncEnumerable(),
            ExistingJson.Default.ExistingImage);
    }

    /// <summary>
    /// <c>_put_new_images</c>: several files a request, each stored or refused by itself. What is there already is refused, with its row
    /// and its files as they were.
    /// </summary>
    public static async Task PutAsync(HttpContext context)
    {
        using UploadedParts parts = new(context);
        await parts.ReadAsync(
            (name, fileName) => fileName is null
                ? throw InputErrors.Invalid(name, "FileNameMissing", $"The part '{name}' has no file name; a picture is sent under its own.")
                : ImageReference.Parse(fileName).FileName);
        if (parts.Files.Count == 0)
        {
            throw InputErrors.Invalid("", "NoFiles", "The request has no picture: send multipart/form-data with a part a picture, named by its file.");
        }

        Dictionary<string, Outcome<SendImageResult>> outcomes = [];
        await foreach (Outcome<SendImageResult> outcome in context.GetStore().SendImagesAsync(
            parts.Files.Select(file => file.Path).ToAsyncEnumerable(), new SendImageOptions { Remember = false }, context.RequestAborted))
        {
            outcomes[outcome.Value?.Path ?? (string)outcome.Error!.Target!] = outcome;
        }

        foreach (UploadedFile file in parts.Files)
        {
            if (outcomes[file.Path] is { Succeeded: false, Error: StickyException error })
            {
                throw file.Hide(error);
            }

            if (outcomes[file.Path].Value is { Status: SendImageStatus.Skipped, Image: StickyImage image })
            {
                throw new StickyException(
                    "ImageExists",
                    StickyErrorKind.Conflict,
                    $"The store has the very same picture '{image.FileName}' already.",
                    file.Name,
                    "Ask get_images/metadata first, and send only what is not there.")
                { Field = file.Name };
            }
        }

        await ExistingAnswers.WriteListAsync(
            context,
            parts.Files.Select(file => ExistingImage.From(outcomes[file.Path].Value!.Image, withUrl: false)).ToAsyncEnumerable(),
            ExistingJson.Default.ExistingImage);
    }

    /// <summary>Reads which exact picture is meant.</summary>
    /// <param name="item">An item of the request.</param>
    /// <returns>The picture.</returns>
    public static ImageReference ReadReference(JsonInput item) =>
        new(item.Required("device").Text().ToLowerInvariant(), item.Required("datetime").Time());

    /// <summary>Puts pictures in the order in which answers come.</summary>
    /// <param name="references">The pictures.</param>
    /// <returns>Each picture once, by device and time.</returns>
    public static IReadOnlyList<ImageReference> Sort(IReadOnlyList<ImageReference> references) =>
        [.. references.Distinct().OrderBy(reference => reference.Device, StringComparer.Ordinal).ThenBy(reference => reference.DateTime)];

    /// <summary>Reads which series is meant.</summary>
    /// <param name="item">An item of the request.</param>
    /// <returns>The series.</returns>
    public static ImageSeriesQuery ReadSeries(JsonInput item) => new()
    {
        Devices = [LikePattern.ToNamePattern(item.Required("device").Text())],
        StartTime = item.Required("start_datetime").Time(),
        EndTime = item.Required("end_datetime").Time(),
    };

    private static Task WriteAsync(HttpContext context, IAsyncEnumerable<StickyImage> images) => ExistingAnswers.WriteListAsync(
        context, images.Select(image => ExistingImage.From(image, withUrl: true)), ExistingJson.Default.ExistingImage);

    private static async IAsyncEnumerable<StickyImage> FindAsync(
        Store store, IReadOnlyList<ImageReference> references, WhatInput what, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (ImageReference[] batch in references.Chunk(BatchSize))
        {
            foreach (StickyImage? image in await store.GetImagesAsync(batch, what.Content ?? ImageContent.Metadata, cancellationToken))
            {
                if (image is not null)
                {
                    what.Check();
                    yield return image;
                }
            }
        }
    }

    private static async IAsyncEnumerable<StickyImage> ReadAllAsync(
        Store store, IReadOnlyList<ImageSeriesQuery> series, WhatInput what, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (ImageSeriesQuery query in series)
        {
            await foreach (StickyImage image in store.GetImageSeriesAsync(query with { What = what.Content ?? ImageContent.Metadata }, cancellationToken))
            {
                what.Check();
                yield return image;
            }
        }
    }

    private static WhatInput What(HttpContext context)
    {
        string what = (string)context.GetRouteValue("what")!;
        return new WhatInput(what, what switch
        {
            "metadata" => ImageContent.Metadata,
            "image" => ImageContent.Image,
            "thumbnail" => ImageContent.Thumbnail,
            "thumbnail-mini" => ImageContent.ThumbnailMini,
            _ => null,
        });
    }

    // As there: a wrong word matters once there is a picture to be told of, and not before.
    private readonly record struct WhatInput(string Text, ImageContent? Content)
    {
        public void Check()
        {
            if (Content is null)
            {
                throw InputErrors.Invalid(
                    "what", "InvalidRequest", $"'{Text}' is none of what there is of a picture: metadata, image, thumbnail or thumbnail-mini.");
            }
        }
    }
}
