using System.Runtime.CompilerServices;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Core.Remote;

internal sealed partial class RemoteStore
{
    /// <inheritdoc/>
    public IAsyncEnumerable<StickyImage> GetImageSeriesAsync(ImageSeriesQuery query, CancellationToken cancellationToken = default) => ReadSeriesAsync(
        query,
        (part, freshness) => _api.ListAsync(
            "v1/images",
            ToParameters(part).Add("what", part.What.ToString()).Add("skip", part.Skip == 0 ? null : part.Skip).Add("first", part.First),
            ApiJson.Default.StickyImage,
            freshness,
            cancellationToken),
        image => image.Reference,
        image => image.Id,
        "picture",
        cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Outcome<StickyAnnotation>> GetAnnotationSeriesAsync(
        ImageSeriesQuery series, AnnotationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (ApiOutcome<ApiAnnotation> outcome in ReadSeriesAsync(
            series with { Skip = 0, First = null },
            (part, freshness) => _api.ListAsync(
                AnnotationsPath, Add(ToParameters(part), query), ApiJson.Default.ApiOutcomeApiAnnotation, freshness, cancellationToken),
            outcome => outcome.Value is ApiAnnotation annotation ? new ImageReference(annotation.Device, annotation.DateTime) : null,
            outcome => outcome.Value?.Id ?? (object?)outcome.Error?.Target,
            "annotation",
            cancellationToken).ConfigureAwait(false))
        {
            yield return outcome.Error is ApiError error ? new(error.ToException()) : WithObjects(outcome.Value!.ToAnnotation(), query);
        }
    }

    private static QueryParameters ToParameters(ImageSeriesQuery query) =>
        new QueryParameters().Add("device", query.Devices).Add("startTime", query.StartTime).Add("endTime", query.EndTime);

    // A pipeline may take an hour over what comes in a second, and no server waits for that. What is ordered by device and time can be gone on with
    // where it broke, whatever was added or removed meanwhile: nothing comes twice, and nothing that was there is left out.
    private async IAsyncEnumerable<T> ReadSeriesAsync<T>(
        ImageSeriesQuery query,
        Func<ImageSeriesQuery, Freshness, IAsyncEnumerable<T>> read,
        Func<T, ImageReference?> referenceOf,
        Func<T, object?> identityOf,
        string noun,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<ImageSeriesQuery> rest = [query];
        ImageReference? last = null;
        HashSet<object?> ofLast = [];
        long left = query.First ?? long.MaxValue;
        long count = 0;
        int breaks = 0;
        for (int i = 0; i < rest.Count && left > 0;)
        {
            bool isBroken = false;
            await using IAsyncEnumerator<T> items = read(rest[i], last is null ? Freshness.OfLate : Freshness.Now).GetAsyncEnumerator(cancellationToken);
            while (left > 0)
            {
                try
                {
                    if (!await items.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }
                }
                catch (StickyException e) when (last is not null && RemoteErrors.MayAskAgain(e, ref breaks))
                {
                    isBroken = true;
                    break;
                }
                catch (StickyException e) when (count > 0)
                {
                    throw RemoteErrors.OfSeries(e, Uri, count, noun);
                }

                T item = items.Current;
                if (referenceOf(item) is ImageReference reference && reference != last)
                {
                    last = reference;
                    ofLast.Clear();
                }

                if (ofLast.Add(identityOf(item)))
                {
                    breaks = 0;
                    left--;
                    count++;
                    yield return item;
                }
            }

            if (isBroken)
            {
                await ApiTransport.WaitAsync(breaks, cancellationToken).ConfigureAwait(false);
                try
                {
                    rest = await FindRestAsync(query, last!.Value, left, cancellationToken).ConfigureAwait(false);
                }
                catch (StickyException e)
                {
                    // What asks for the rest is nothing that the user knows of.
                    throw RemoteErrors.OfSeries(e, Uri, count, noun);
                }

                i = 0;
            }
            else
            {
                i++;
            }
        }
    }

    // From the last picture on, which may have more to tell.
    private async ValueTask<IReadOnlyList<ImageSeriesQuery>> FindRestAsync(
        ImageSeriesQuery query, ImageReference last, long left, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = await _api.GetAsync(
            "v1/devices/names", QueryParameters.None, ApiJson.Default.IReadOnlyListString, Freshness.Now, cancellationToken).ConfigureAwait(false);
        return
        [
            .. names.Where(name => string.CompareOrdinal(name, last.Device) >= 0 && DevicePattern.Matches(name, query.Devices)).Select(name => query with
            {
                Devices = [name],
                StartTime = name == last.Device ? last.DateTime : query.StartTime,
                Skip = 0,
                First = query.First is null ? null : left + 1,
            }),
        ];
    }
}
