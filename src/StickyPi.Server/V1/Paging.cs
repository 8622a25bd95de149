using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Server.V1;

/// <summary>A list as it was asked for: as lines, all of them and as they come; or as one page, and the cursor of the next.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <typeparam name="TLine">What an item is told as.</typeparam>
/// <param name="tell">Tells an item.</param>
/// <param name="line">How it is written.</param>
/// <param name="page">How a page is written.</param>
internal sealed class Paging<T, TLine>(Func<T, TLine> tell, JsonTypeInfo<TLine> line, JsonTypeInfo<ApiPage<TLine>> page) : IResult
{
    /// <summary>Reads the items that come after a cursor; all for null.</summary>
    public required Func<Cursor?, CancellationToken, IAsyncEnumerable<T>> Items { get; init; }

    /// <summary>What an item is known by, so that a cursor leads behind it.</summary>
    public required Func<T, IReadOnlyList<string>> Position { get; init; }

    /// <summary>Whether an item must be on the same page as the one before it, because the cursor can't tell them apart.</summary>
    public Func<T, T, bool> IsBound { get; init; } = (_, _) => false;

    /// <summary>Counts the items, where that is asked for.</summary>
    public Func<CancellationToken, ValueTask<long>>? Count { get; init; }

    public async Task ExecuteAsync(HttpContext context)
    {
        Cursor? cursor = Cursor.Of(context);
        int size = (int)(context.Number(Parameters.PageSize) ?? Paging.DefaultSize);
        long? total = Count is null ? null : await Count(context.RequestAborted);
        if (Streaming.WantsLines(context))
        {
            context.Response.Headers[Paging.TotalHeader] = total?.ToString(CultureInfo.InvariantCulture);
            await Streaming.WriteAsync(context, Items(cursor, context.RequestAborted).Select(tell), line);
            return;
        }

        List<TLine> items = [];
        T last = default!;
        Cursor? next = null;
        await foreach (T item in Items(cursor, context.RequestAborted))
        {
            if (items.Count >= size && !IsBound(last, item))
            {
                next = new Cursor((cursor?.Given ?? 0) + items.Count, Position(last));
                break;
            }

            items.Add(tell(item));
            last = item;
        }

        await context.Response.WriteAsJsonAsync(new ApiPage<TLine>(items, next?.ToString(), total), page, cancellationToken: context.RequestAborted);
    }
}

/// <summary>The measures of pages, and lists that are short enough to be read again for each.</summary>
internal static class Paging
{
    /// <summary>How many items a page has at most.</summary>
    public const int MaximumSize = 10_000;

    /// <summary>How many items a page has where nothing is said.</summary>
    public const int DefaultSize = 1000;

    /// <summary>The header that tells the total of an answer in lines.</summary>
    public const string TotalHeader = "X-Sticky-Total";

    /// <summary>A list that is ordered by a text that no two of its items have in common.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="items">Reads all items.</param>
    /// <param name="key">The text.</param>
    /// <param name="line">How an item is written.</param>
    /// <param name="page">How a page is written.</param>
    /// <param name="order">How the texts are ordered, by their characters where nothing is said.</param>
    /// <returns>The list.</returns>
    public static Paging<T, T> ByKey<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> items, Func<T, string> key, JsonTypeInfo<T> line, JsonTypeInfo<ApiPage<T>> page,
        IComparer<string>? order = null) =>
        new(item => item, line, page)
        {
            Items = (cursor, stop) => cursor?.Text(0) is string last ? items(stop).Where(item => (order ?? StringComparer.Ordinal).Compare(key(item), last) > 0) : items(stop),
            Position = item => [key(item)],
        };
}
