using System.Text;

namespace StickyPi.Providers.Rows;

/// <summary>What texts a catalog takes, in whichever database: those that every program reads back as they were written.</summary>
internal static class CatalogText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a text can be in a catalog: without NUL, where other programs would cut it off, and well-formed.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Whether it can.</returns>
    public static bool CanBeStored(string text)
    {
        if (text.Contains('\0'))
        {
            return false;
        }

        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return true;
        }

        try
        {
            return Strict.GetByteCount(text) > 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
