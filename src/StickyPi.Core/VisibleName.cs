using System.Globalization;
using System.Text;

namespace StickyPi.Core;

/// <summary>Names that people can tell apart by what they see: in Unicode's form NFC, and without characters that show nothing.</summary>
public static class VisibleName
{
    /// <summary>Why a name is not seen as it is.</summary>
    /// <param name="name">The name of a user, or one part of a key.</param>
    /// <returns>The reason as the end of a sentence that begins with the name, or null where there is none.</returns>
    public static string? WhyNot(string name) => WhyUnseen(name)
        ?? (name.Length > 0 && (char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1])) ? "begins or ends with a blank" : null);

    /// <summary>
    /// Why a name beside others in a row, such as that of an algorithm or a species, is not seen as it is. It may begin or end with
    /// blanks, as names
    /// in files of other programs do.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <returns>The reason as the end of a sentence that begins with the name, or null where there is none.</returns>
    public static string? WhyNotInRow(string name) =>
        !OneLine.IsPlain(name) ? "has control characters" : Ascii.IsValid(name) ? null : WhyUnseen(name);

    /// <summary>The first character of a name that shows nothing.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The character, or null where all are seen.</returns>
    public static Rune? FindInvisible(string name)
    {
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (IsInvisible(rune))
            {
                return rune;
            }
        }

        return null;
    }

    /// <summary>What people see of a name: two names that look the same have the same.</summary>
    /// <param name="name">The name, or a key.</param>
    /// <returns>The name in the form NFC, without what shows nothing.</returns>
    public static string AsSeen(string name)
    {
        if (Ascii.IsValid(name))
        {
            return name;
        }

        StringBuilder seen = new(name.Length);
        foreach (Rune rune in name.EnumerateRunes().Where(rune => !IsInvisible(rune)))
        {
            _ = seen.Append(rune.ToString());
        }

        return seen.ToString().Normalize();
    }

    /// <summary>Whether people see nothing of a name: it is empty, or has only blanks and characters that show nothing.</summary>
    /// <param name="name">The name, or null.</param>
    /// <returns>Whether it shows nothing.</returns>
    public static bool ShowsNothing(string? name)
    {
        foreach (Rune rune in (name ?? "").EnumerateRunes())
        {
            // Fonts may have a picture of what Unicode has not assigned.
            bool mayBeSeen = Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
            if (mayBeSeen || !(Rune.IsWhiteSpace(rune) || IsInvisible(rune)))
            {
                return false;
            }
        }

        return true;
    }

    private static string? WhyUnseen(string name) =>
        FindInvisible(name) is Rune rune ? string.Create(CultureInfo.InvariantCulture, $"holds the character U+{rune.Value:X4}, which is not seen")
            : !name.IsNormalized() ? "has letters and their accents apart, and not in Unicode's form NFC"
            : null;

    // Controls, marks of direction and joiners; blanks other than the usual one, which look like it; U+FFFD, which stands for what could not be
    // read, and for half a character; and the letters and marks that Unicode calls ignorable, though their category says otherwise.
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse => true,
        UnicodeCategory.SpaceSeparator => rune.Value is not (' ' or 0x3000),
        _ => rune.Value is 0xFFFD or 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x180B or 0x180C or 0x180D or 0x180F or 0x2800 or 0x3164 or 0xFFA0
            or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF),
    };
}
