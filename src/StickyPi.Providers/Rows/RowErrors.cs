using StickyPi.Core;

namespace StickyPi.Providers.Rows;

/// <summary>Errors of rows, whichever database they are in.</summary>
internal static class RowErrors
{
    /// <summary>The error for a row that is not there right after it was written.</summary>
    /// <param name="table">Its table.</param>
    /// <returns>The error <c>RowNotKept</c>.</returns>
    public static StickyException NotKept(string table) => new(
        "RowNotKept",
        StickyErrorKind.WriteFailed,
        $"The catalog did not keep a row of '{table}' that was just written: a trigger or rule in it removes or changes such rows.",
        table,
        $"Look at the triggers of the table '{table}' with the tools of the database, and drop the one that does it.");
}
