using StickyPi.Core;

namespace StickyPi.Providers.Rows;

/// <summary>
/// The row that a query stands on, in whichever database. What reads rows is generic over structures that implement this, so that for SQLite
/// it comes down to calls of its native functions.
/// </summary>
internal interface ICatalogRow
{
    /// <summary>Whether a column is null.</summary>
    /// <param name="column">Which column.</param>
    /// <returns>Whether it is.</returns>
    bool IsNull(int column);

    /// <summary>Reads a column of whole numbers.</summary>
    /// <param name="column">Which column.</param>
    /// <returns>The number; 0 for null.</returns>
    /// <exception cref="StickyException"><c>InvalidRow</c>: the column holds something else.</exception>
    int Int32(int column);

    /// <summary>Reads a column of ids or counts.</summary>
    /// <param name="column">Which column.</param>
    /// <returns>The number; 0 for null.</returns>
    /// <exception cref="StickyException"><c>InvalidRow</c>: the column holds something else.</exception>
    long Int64(int column);

    /// <summary>Reads an id by which queries order rows and select those of a page.</summary>
    /// <param name="column">Which column.</param>
    /// <returns>The id; 0 for null.</returns>
    /// <exception cref="StickyException"><c>InvalidRow</c>: the column holds something else, or a text, which is ordered otherwise.</exception>
    long OrderedId(int column);

    /// <summary>Reads a column of numbers.</summary>
    /// <param name="column">Which column.</param>
    /// <returns>The number; null for null, for an empty text, and for what is infinite or NaN.</returns>
    /// <exception cref="StickyException"><c>InvalidRow</c>: the column holds something else.</exception>
    double? Number(int column);

    /// <summary>Reads a column of truth values.</summary>
    /// <param name="column">Which column.</param>
    /// <returns>The value; null for null.</returns>
    /// <exception cref="StickyException"><c>InvalidRow</c>: the column holds something else than true, false, 1 and 0.</exception>
    bool? Boolean(int column);

    /// <summary>Reads a column of times.</summary>
    /// <param name="column">Which column.</param>
    /// <returns>The time, whose kind is UTC.</returns>
    /// <exception cref="StickyException"><c>InvalidRow</c>: the column holds no time.</exception>
    DateTime Time(int column);

    /// <summary>Reads a column of times that rows are searched by.</summary>
    /// <param name="column">Which column.</param>
    /// <returns>The time, whose kind is UTC.</returns>
    /// <exception cref="StickyException"><c>InvalidRow</c>: a search for this time would not find the row.</exception>
    DateTime SearchedTime(int column);

    /// <summary>Reads a column of texts.</summary>
    /// <param name="column">Which column.</param>
    /// <returns>The text, or null.</returns>
    string? Text(int column);

    /// <summary>Reads a column of texts that are mostly the same from row to row, making each text once.</summary>
    /// <param name="column">Which column.</param>
    /// <param name="last">The text of the row before, and then of this one.</param>
    /// <returns>The text, or null.</returns>
    string? Text(int column, ref string? last);

    /// <summary>Reads a column of texts as bytes.</summary>
    /// <param name="column">Which column.</param>
    /// <returns>UTF-8; empty for null.</returns>
    byte[] Utf8(int column);
}
