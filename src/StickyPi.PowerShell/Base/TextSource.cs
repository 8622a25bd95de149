using System.Runtime.CompilerServices;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Remembers which texts of parameters were read out of objects. The engine hands a command the text alone, though an object may mean less
/// than its text does: a picture less than all of its device, a listed object less than all below its key.
/// </summary>
internal static class TextSource
{
    // By the text itself and not by its letters: each object gets a text of its own.
    private static readonly ConditionalWeakTable<string, object> Sources = [];

    /// <summary>Remembers where a text comes from.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The object.</param>
    /// <returns>The same text, to be handed on in its place.</returns>
    public static string Keep(string text, object source)
    {
        string copy = new(text);
        Sources.AddOrUpdate(copy, source);
        return copy;
    }

    /// <summary>Finds the object that a text was read out of.</summary>
    /// <param name="text">The text, as <see cref="Keep"/> returned it.</param>
    /// <returns>The object, or null.</returns>
    public static object? Of(string text) => Sources.TryGetValue(text, out object? source) ? source : null;
}
