namespace StickyPi.Core.Remote.Api;

/// <summary>One page of a longer list.</summary>
/// <typeparam name="T">The type of its items.</typeparam>
/// <param name="Items">The items.</param>
/// <param name="Next">The <c>cursor</c> that asks for the next page; null at the end.</param>
/// <param name="Total">How many items all pages have, where that was asked for.</param>
public sealed record ApiPage<T>(IReadOnlyList<T> Items, string? Next, long? Total = null);
