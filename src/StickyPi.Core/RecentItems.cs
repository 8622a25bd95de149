using System.Diagnostics.CodeAnalysis;

namespace StickyPi.Core;

/// <summary>
/// A table of limited size that loses only what was put into it or asked for longest ago. It has two halves: when the newer one is full,
/// it becomes
/// the older one, whose items are lost. Callers see to it that only one thread uses it at a time.
/// </summary>
/// <typeparam name="TKey">What items are found by.</typeparam>
/// <typeparam name="TValue">The items.</typeparam>
/// <param name="capacity">How many items it holds at most; it holds at least half as many before it loses one.</param>
/// <param name="comparer">Compares keys.</param>
internal sealed class RecentItems<TKey, TValue>(int capacity, IEqualityComparer<TKey> comparer)
    where TKey : notnull
{
    private Dictionary<TKey, TValue> _newer = new(comparer);
    private Dictionary<TKey, TValue> _older = new(comparer);

    /// <summary>Finds an item.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="item">The item.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue item)
    {
        if (_newer.TryGetValue(key, out item))
        {
            return true;
        }

        if (!_older.Remove(key, out item))
        {
            return false;
        }

        Put(key, item);
        return true;
    }

    /// <summary>Puts an item into the table, in the place of any earlier one of its key.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="item">The item.</param>
    public void Put(TKey key, TValue item)
    {
        if (_newer.Count >= Math.Max(1, capacity / 2) && !_newer.ContainsKey(key))
        {
            (_older, _newer) = (_newer, _older);
            _newer.Clear();
        }

        _ = _older.Remove(key);
        _newer[key] = item;
    }

    /// <summary>Takes an item away.</summary>
    /// <param name="key">Its key.</param>
    public void Remove(TKey key)
    {
        _ = _newer.Remove(key);
        _ = _older.Remove(key);
    }
}
