using System.Drawing;
using System.Globalization;

namespace StickyPi.Core.Annotations.Exchange;

/// <summary>Colours as CSS writes them (CSS Color 3): <c>#rgb</c>, <c>#rrggbb</c>, <c>rgb()</c> with numbers or percentages, and names.</summary>
internal static class SvgColour
{
    /// <summary>Writes a colour as <c>#rrggbb</c> in lower case.</summary>
    /// <param name="text">A colour in any form.</param>
    /// <returns>The colour; null for what is none: <c>none</c>, <c>currentColor</c>, <c>url()</c>, or nothing that is known.</returns>
    public static string? Normalize(string? text)
    {
        ReadOnlySpan<char> colour = text.AsSpan().Trim();
        if (colour.StartsWith('#'))
        {
            return FromDigits(colour[1..]);
        }

        if (colour.StartsWith("rgb(", StringComparison.OrdinalIgnoreCase) && colour.EndsWith(')'))
        {
            return FromNumbers(colour[4..^1]);
        }

        // The names are those of CSS, except that only one spelling of grey is known.
        Color named = Color.FromName(colour.ToString().Replace("grey", "gray", StringComparison.OrdinalIgnoreCase));
        return named is { IsKnownColor: true, IsSystemColor: false, A: byte.MaxValue } ? Format(named.R, named.G, named.B) : null;
    }

    private static string? FromDigits(ReadOnlySpan<char> digits) => digits.Length switch
    {
        3 or 6 when digits.IndexOfAnyExcept("0123456789abcdefABCDEF") >= 0 => null,
        3 => $"#{digits[0]}{digits[0]}{digits[1]}{digits[1]}{digits[2]}{digits[2]}".ToLowerInvariant(),
        6 => $"#{digits}".ToLowerInvariant(),
        _ => null,
    };

    private static string? FromNumbers(ReadOnlySpan<char> numbers)
    {
        SvgScanner scanner = new(numbers);
        Span<byte> parts = stackalloc byte[3];
        for (int i = 0; i < parts.Length; i++)
        {
            if ((i > 0 && !scanner.Take(',')) || !scanner.TryReadNumber(out double number))
            {
                return null;
            }

            parts[i] = (byte)Math.Clamp(Math.Round(scanner.Take('%') ? number * 255 / 100 : number, MidpointRounding.AwayFromZero), byte.MinValue, byte.MaxValue);
        }

        return scanner.IsAtEnd ? Format(parts[0], parts[1], parts[2]) : null;
    }

    private static string Format(byte red, byte green, byte blue) =>
        string.Create(CultureInfo.InvariantCulture, $"#{red:x2}{green:x2}{blue:x2}");
}
