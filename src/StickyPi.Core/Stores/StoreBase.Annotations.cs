using System.Runtime.CompilerServices;
using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;

namespace StickyPi.Core.Stores;

public abstract partial class StoreBase
{
    // Objects take many times the memory of a row: fewer at a time are as fast.
    private protected const int AnnotationBatchSize = 64;

    /// <inheritdoc cref="IStickyStore.AddAnnotationsAsync"/>
    public async IAsyncEnumerable<Outcome<StickyAnnotation>> AddAnnotationsAsync(
        IAsyncEnumerable<Outcome<AnnotationElement>> elements,
        AddAnnotationOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using AnnotationSpool? spool = options.ContinueOnError || options.Simulate ? null : new();
        bool refused = false;

        // What only tells sees no row that it would have added before.
        HashSet<AnnotationReference> told = [];
        await foreach (IReadOnlyList<Outcome<AnnotationElement>> batch in Batches.OfAsync(elements, AnnotationBatchSize, cancellationToken)
            .ConfigureAwait(false))
        {
            List<AnnotationElement> accepted = new(batch.Count);
            Outcome<AnnotationElement>[] named = [.. batch.Select(CheckNames)];
            foreach ((Outcome<AnnotationElement> outcome, string? warning) in await CheckAnnotationsAsync(named, cancellationToken).ConfigureAwait(false))
            {
                if (warning is not null && options.Warn is not null)
                {
                    await options.Warn(warning, cancellationToken).ConfigureAwait(false);
                }

                bool isRepeated = options.Simulate && outcome.Succeeded && !told.Add(outcome.Value.GetReference());
                Outcome<AnnotationElement> checkedElement = isRepeated ? new(Exists(outcome.Value!)) : outcome;
                if (!checkedElement.Succeeded)
                {
                    refused = true;
                    yield return new(checkedElement.Error);
                }
                else if (options.Confirm is null || await options.Confirm(checkedElement.Value, cancellationToken).ConfigureAwait(false))
                {
                    accepted.Add(checkedElement.Value);
                }
            }

            if (options.Simulate || (refused && !options.ContinueOnError))
            {
                continue;
            }

            if (spool is not null)
            {
                accepted.ForEach(spool.Add);
                continue;
            }

            await foreach (Outcome<StickyAnnotation> outcome in InsertAnnotationsAsync(accepted, options, cancellationToken).ConfigureAwait(false))
            {
                yield return outcome;
            }
        }

        if (spool is not null && !refused)
        {
            await foreach (Outcome<StickyAnnotation> outcome in InsertAnnotationsAsync(spool.ReadAll(), options, cancellationToken).ConfigureAwait(false))
            {
                yield return outcome;
            }
        }
    }

    /// <inheritdoc cref="IStickyStore.GetAnnotationsAsync"/>
    public async IAsyncEnumerable<Outcome<StickyAnnotation>> GetAnnotationsAsync(
        IAsyncEnumerable<ImageReference> references, AnnotationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int size = query.What == AnnotationContent.Data ? AnnotationBatchSize : LookUpBatchSize;
        await foreach (IReadOnlyList<ImageReference> batch in Batches.OfAsync(references, size, cancellationToken).ConfigureAwait(false))
        {
            foreach (StickyAnnotation annotation in Select(
                await FindAnnotationsAsync(batch, query, cancellationToken).ConfigureAwait(false), query))
            {
                yield return WithObjects(annotation, query);
            }
        }
    }

    /// <inheritdoc cref="IStickyStore.GetAnnotatedImagesAsync"/>
    public async IAsyncEnumerable<Outcome<StickyAnnotatedImage>> GetAnnotatedImagesAsync(
        IAsyncEnumerable<StickyImage> images, AnnotationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int size = query.What == AnnotationContent.Data ? AnnotationBatchSize : LookUpBatchSize;
        await foreach (IReadOnlyList<StickyImage> batch in Batches.OfAsync(images, size, cancellationToken).ConfigureAwait(false))
        {
            IReadOnlyList<StickyAnnotation> annotations = await FindAnnotationsAsync(
                [.. batch.Select(image => image.Reference).Distinct()], query, cancellationToken).ConfigureAwait(false);
            ILookup<ImageReference, StickyAnnotation> found = Select(annotations, query).ToLookup(annotation => annotation.Reference);
            foreach (StickyImage image in batch)
            {
                if (!found.Contains(image.Reference))
                {
                    yield return new(new StickyAnnotatedImage { Image = image, Annotation = null });
                }

                foreach (StickyAnnotation annotation in found[image.Reference])
                {
                    Outcome<StickyAnnotation> outcome = WithObjects(annotation, query);
                    yield return outcome.Succeeded ? new(new StickyAnnotatedImage { Image = image, Annotation = outcome.Value }) : new(outcome.Error);
                }
            }
        }
    }

    /// <summary>Looks whether pictures are there, and whether they have annotations already.</summary>
    /// <param name="references">The annotations that are to be added.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>One place for each, in the same order.</returns>
    private protected abstract ValueTask<IReadOnlyList<AnnotationPlace>> FindAnnotationPlacesAsync(
        IReadOnlyList<AnnotationReference> references, CancellationToken cancellationToken);

    /// <summary>Reads the annotations of pictures, all versions of them if it likes.</summary>
    /// <param name="references">Which pictures.</param>
    /// <param name="query">Which annotations, and how much of them.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The annotations in the order of the pictures, without their objects.</returns>
    private protected abstract ValueTask<IReadOnlyList<StickyAnnotation>> FindAnnotationsAsync(
        IReadOnlyList<ImageReference> references, AnnotationQuery query, CancellationToken cancellationToken);

    /// <summary>Adds annotations that were checked: all or none, or, where the options say so, those that are still right.</summary>
    /// <param name="elements">The annotations; they may be asked for again.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>As <see cref="AddAnnotationsAsync"/>.</returns>
    private protected abstract IAsyncEnumerable<Outcome<StickyAnnotation>> InsertAnnotationsAsync(
        IEnumerable<AnnotationElement> elements, AddAnnotationOptions options, CancellationToken cancellationToken);

    // Names of drawings and COCO files come here without having been read as JSON.
    private static Outcome<AnnotationElement> CheckNames(Outcome<AnnotationElement> outcome)
    {
        if (outcome.Value is not AnnotationElement element)
        {
            return outcome;
        }

        if ((VisibleName.WhyNotInRow(element.AlgoName) ?? VisibleName.WhyNotInRow(element.AlgoVersion)) is string reason)
        {
            return new(AnnotationJson.Invalid(element.Source, $"the name or the version of its algorithm {reason}"));
        }

        for (int i = 0; i < element.Objects.Count; i++)
        {
            string name = element.Objects[i].Name;
            if (VisibleName.WhyNotInRow(name) is string unseen)
            {
                return new(AnnotationJson.Invalid(
                    element.Source,
                    FormattableString.Invariant($"in object {i + 1}, its name '{OneLine.Value(name)}' {unseen}")));
            }
        }

        return outcome;
    }

    // Without the right to write: what is found wrong here costs other programs nothing, and need not be asked about.
    private async ValueTask<IEnumerable<(Outcome<AnnotationElement> Element, string? Warning)>> CheckAnnotationsAsync(
        IReadOnlyList<Outcome<AnnotationElement>> elements, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        AnnotationReference[] references = [.. elements.Where(element => element.Succeeded).Select(element => element.Value!.GetReference())];
        Queue<AnnotationPlace> places = new(await FindAnnotationPlacesAsync(references, cancellationToken).ConfigureAwait(false));
        return elements.Select(element => element.Succeeded ? Check(element.Value, places.Dequeue()) : (element, null));
    }

    private static (Outcome<AnnotationElement> Element, string? Warning) Check(AnnotationElement element, AnnotationPlace place)
    {
        if (Refusal(element, place) is StickyException error)
        {
            return (new(error), null);
        }

        AnnotatedObject[]? fitting = null;
        int first = 0;
        int clipped = 0;
        for (int i = 0; i < element.Objects.Count; i++)
        {
            (IReadOnlyList<ContourPoint> contour, string? refusal) = ContourRules.Fit(element.Objects[i].Contour, place.Width, place.Height);
            if (refusal is not null)
            {
                return (new(AnnotationJson.Invalid(element.Source, FormattableString.Invariant($"in object {i + 1}, its contour {refusal}"))), null);
            }

            if (contour != element.Objects[i].Contour)
            {
                fitting ??= [.. element.Objects];
                fitting[i] = fitting[i] with { Contour = contour };
                first = clipped++ == 0 ? i + 1 : first;
            }
        }

        if (fitting is null)
        {
            return (new(element), null);
        }

        string size = FormattableString.Invariant($"beyond the picture, which is {place.Width}×{place.Height} pixels large");
        try
        {
            return (
                new(AnnotationJson.WithContours(element, fitting)),
                clipped == 1
                    ? FormattableString.Invariant($"In {element.Source}, the contour of object {first} reaches {size}, and was clipped.")
                    : FormattableString.Invariant($"In {element.Source}, the contours of {clipped} objects reach {size}, and were clipped."));
        }
        catch (ArgumentException e)
        {
            return (new(AnnotationJson.Invalid(element.Source, $"contours reach {size}, and cannot be clipped, because a name comes twice in it", e)), null);
        }
    }

    private protected static StickyException? Refusal(AnnotationElement element, AnnotationPlace place)
    {
        if (place.ImageId is null)
        {
            return new StickyException(
                "ImageNotFound",
                StickyErrorKind.NotFound,
                $"The store has no picture of device {element.Device} at {StickyTime.ToFileText(element.DateTime)} (UTC), which {element.Source} is about.",
                element,
                "Send the picture first, with Send-StickyImage.");
        }

        if (!element.Md5.Equals(place.Md5, StringComparison.OrdinalIgnoreCase))
        {
            return new StickyException(
                "Md5Mismatch",
                StickyErrorKind.Conflict,
                $"The annotation in {element.Source} was made for another picture (MD5 {element.Md5}) than the one that the store has of device "
                    + $"{element.Device} at {StickyTime.ToFileText(element.DateTime)} (MD5 {place.Md5}).",
                element,
                "Annotate the picture that the store has; Save-StickyImage copies it out.");
        }

        return place.IsTaken ? Exists(element) : null;
    }

    private protected static StickyException Exists(AnnotationElement element) => new(
        "AnnotationExists",
        StickyErrorKind.Conflict,
        $"The store has an annotation of {element.GetReference()}, or this call brought one before; {element.Source} cannot be added.",
        element,
        "Leave it out, with -ContinueOnError, if it is the same. Else give it another algorithm or version (Import-StickyAnnotation does with -AlgoName "
            + "and -AlgoVersion), or remove the stored one with Remove-StickyAnnotation.");

    // All annotations of a picture come together, and in the order of their algorithms.
    private protected static IEnumerable<StickyAnnotation> Select(IReadOnlyList<StickyAnnotation> annotations, AnnotationQuery query) => query.Latest
        ? annotations
            .GroupBy(annotation => (annotation.Reference, annotation.AlgoName))
            .Select(versions => versions.MaxBy(
                annotation => annotation.AlgoVersion, Comparer<string>.Create(AlgorithmVersion.Compare))!)
        : annotations;

    private protected static Outcome<StickyAnnotation> WithObjects(StickyAnnotation annotation, AnnotationQuery query)
    {
        if (annotation.What == AnnotationContent.Metadata || query.JsonOnly)
        {
            return new(annotation);
        }

        try
        {
            return new(annotation with { Objects = AnnotationJson.ReadStoredObjects(annotation.Utf8Json.Span, annotation.GetReference()) });
        }
        catch (StickyException e)
        {
            return new(e);
        }
    }
}
