using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Server.V1;

/// <summary>Where a page ended: what came last, so that whatever is added or removed meanwhile, nothing comes twice or not at all.</summary>
/// <param name="Given">How many items came before.</param>
/// <param name="Position">What the last one is known by.</param>
internal sealed record Cursor(long Given, IReadOnlyList<string> Position)
{
    private const int MaximumLength = 8192;

    /// <summary>Reads the cursor of a request.</summary>
    /// <returns>The cursor, or null for the first page.</returns>
    public static Cursor? Of(HttpContext context)
    {
        if (context.Text(Parameters.Cursor) is not string text)
        {
            return null;
        }

        try
        {
            if (text.Length <= MaximumLength
                && JsonSerializer.Deserialize(Base64Url.DecodeFromChars(text), ApiJson.Default.IReadOnlyListString) is { Count: > 0 } parts
                && !parts.Contains(null!))
            {
                return new Cursor(Number(parts[0]), [.. parts.Skip(1)]);
            }
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // It is none of ours, as the error says.
        }

        throw Invalid();
    }

    /// <summary>A text of the position.</summary>
    public string Text(int index) => index < Position.Count ? Position[index] : throw Invalid();

    /// <summary>A number of the position.</summary>
    public long Number(int index) => Number(Text(index));

    /// <summary>A time of the position, UTC.</summary>
    public DateTime Time(int index) =>
        Number(index) is var ticks && ticks <= DateTime.MaxValue.Ticks ? new DateTime(ticks, DateTimeKind.Utc) : throw Invalid();

    /// <summary>Writes it for the next request.</summary>
    /// <returns>A text that is nobody else's to read.</returns>
    public override string ToString() => Base64Url.EncodeToString(
        JsonSerializer.SerializeToUtf8Bytes([Text(Given), .. Position], ApiJson.Default.IReadOnlyListString));

    /// <summary>A number as a part of a position.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw Invalid();

    private static StickyException Invalid() =>
        RequestValues.Invalid(Parameters.Cursor.Name, "is no cursor of this list", "Give the 'next' of the page before, with the same other parameters, or leave it out.");
}
