using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace StickyPi.Core;

/// <summary>
/// Makes texts of others fit into our messages. A message is one line that a terminal and a log may show as it is: no text in it, whoever
/// wrote it, breaks the line, controls the terminal or fills the screen.
/// </summary>
public static class OneLine
{
    /// <summary>The most characters of a message. Two paths of the greatest length that Linux allows fit into it.</summary>
    public const int MaximumLength = 10_000;

    /// <summary>The most characters that a message quotes of a text of others.</summary>
    public const int QuoteLength = 300;

    // Controls (C0, DEL, C1), the separators of lines and paragraphs, and characters that change the writing direction. Surrogates, to
    // find those without a partner.
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
    [
        .. Range('\0', '\u001F'), .. Range('\u007F', '\u009F'), '\u061C', '\u200E', '\u200F', '\u2028', '\u2029', .. Range('\u202A', '\u202E'),
        .. Range('\u2066', '\u2069'), .. Range('\uD800', '\uDFFF'),
    ]);

    /// <summary>
    /// A whole message, as one line: line breaks and other characters that a terminal obeys are written as escapes, such as <c>\n</c>.
    /// </summary>
    /// <param name="text">The message.</param>
    /// <param name="maximumLength">The most characters.</param>
    /// <returns>The same message; shortened in its middle where it is longer.</returns>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text, int maximumLength = MaximumLength) => text is null ? null : Shorten(Escape(text), maximumLength);

    /// <summary>Whether a text may be shown as it is: it breaks no line, and holds nothing that a terminal obeys.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it may.</returns>
    public static bool IsPlain(string text) => Escape(text) == text;

    /// <summary>A value, such as a pattern or a piece of JSON, to stand between quotation marks.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The value, with escapes; shortened in its middle where it is longer than <see cref="QuoteLength"/>.</returns>
    public static string Value(string value) => Shorten(Escape(value), QuoteLength);

    /// <summary>What another program, a library or the system says, to stand within a sentence of ours.</summary>
    /// <param name="text">One sentence or more.</param>
    /// <returns>
    /// The text with blanks for line breaks, without the full stop at its end; shortened in its middle where it is longer than
    /// <see cref="QuoteLength"/>, because many such texts end with the place of the error.
    /// </returns>
    public static string Quote(string text) =>
        Shorten(Escape(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).TrimEnd('.', ' '), QuoteLength);

    /// <summary>What an exception says, to stand within a sentence of ours. The exception itself goes along as the inner one.</summary>
    /// <param name="error">
    /// The exception. A message of ours is one line already, and is not shortened. What the file system says is not shortened either, and
    /// its blanks stay: it names a path, and whoever hides that path from others must find it as it is in the rest of the message.
    /// </param>
    /// <returns>Its message, without the full stop at its end; the exception's type where it says nothing.</returns>
    public static string Quote(Exception error)
    {
        string text = error switch
        {
            StickyException => error.Message.TrimEnd('.'),
            IOException or UnauthorizedAccessException => Of(error.Message.Trim()).TrimEnd('.'),
            _ => Quote(error.Message),
        };
        return text.Length > 0 ? text : error.GetType().Name;
    }

    private static string Escape(string text)
    {
        ReadOnlySpan<char> rest = text;
        int next = rest.IndexOfAny(Suspects);
        if (next < 0)
        {
            return text;
        }

        StringBuilder shown = new(text.Length + 16);
        while (next >= 0)
        {
            _ = shown.Append(rest[..next]);
            int length = 1;
            if (next + 1 < rest.Length && char.IsSurrogatePair(rest[next], rest[next + 1]))
            {
                length = 2;
                _ = shown.Append(rest.Slice(next, length));
            }
            else
            {
                _ = rest[next] switch
                {
                    '\n' => shown.Append("\\n"),
                    '\r' => shown.Append("\\r"),
                    '\t' => shown.Append("\\t"),
                    char other => shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)other:X4}"),
                };
            }

            rest = rest[(next + length)..];
            next = rest.IndexOfAny(Suspects);
        }

        return shown.Append(rest).ToString();
    }

    private static string Shorten(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        int tail = length / 3;
        int head = length - tail - 1;
        head -= char.IsHighSurrogate(text[head - 1]) ? 1 : 0;
        tail -= char.IsLowSurrogate(text[^tail]) ? 1 : 0;
        return string.Concat(text.AsSpan(0, head), "…", text.AsSpan(text.Length - tail));
    }

    private static IEnumerable<char> Range(char first, char last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
