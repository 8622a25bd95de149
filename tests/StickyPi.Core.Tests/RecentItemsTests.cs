using StickyPi.Core;

namespace StickyPi.Tests;

public class RecentItemsTests
{
    [Fact]
    public void A_full_table_loses_only_what_was_asked_for_longest_ago()
    {
        RecentItems<int, string> items = new(10, EqualityComparer<int>.Default);
        for (int i = 0; i < 1000; i++)
        {
            items.Put(i, $"{i}");
            Assert.True(items.TryGet(0, out string? first));
            Assert.Equal("0", first);
            Assert.All(Enumerable.Range(Math.Max(0, i - 3), Math.Min(i, 3) + 1), recent => Assert.True(items.TryGet(recent, out _)));
        }

        Assert.InRange(Enumerable.Range(0, 1000).Count(i => items.TryGet(i, out _)), 5, 10);
        items.Put(999, "other");
        Assert.Equal("other", items.TryGet(999, out string? changed) ? changed : null);
        items.Remove(999);
        Assert.False(items.TryGet(999, out _));
    }
}
