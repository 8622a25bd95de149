using System.Globalization;
using System.Text;

namespace StickyPi.Core.Images;

/// <summary>
/// Reads the Python dict literal that firmware generation 1 writes: a flat dict of strings to numbers, strings, booleans, None,
/// pairs of numbers, and single values in parentheses, which a stray comma makes of them. The text is untrusted: it is parsed, never evaluated, and anything else in it is an error. Of the dicts that
/// programs print, which hold whatever Python has, only the texts can be read.
/// </summary>
internal ref struct PythonLiteral
{
    /// <summary>The longest literal that is read, in characters; real ones have about 330.</summary>
    public const int MaximumLength = 4096;

    // A program prints what the camera's maker put into EXIF, too.
    private const int MaximumPrintedLength = 1024 * 1024;

    private readonly ReadOnlySpan<char> _text;
    private int _position;

    private PythonLiteral(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Reads a dict.</summary>
    /// <param name="text">The literal.</param>
    /// <returns>Its entries; a value is a double, a string, a bool, a <see cref="PythonPair"/> or null.</returns>
    /// <exception cref="FormatException">The text is no such dict; the message says where.</exception>
    public static Dictionary<string, object?> ReadDict(ReadOnlySpan<char> text)
    {
        if (text.Length > MaximumLength)
        {
            throw new FormatException($"it has {text.Length} characters, more than the {MaximumLength} that are read");
        }

        PythonLiteral reader = new(text);
        return reader.ReadDict();
    }

    /// <summary>Whether a text is such a dict, and one that Python evaluates: <c>nan</c> and <c>inf</c> are printed, and can't be read back.</summary>
    /// <param name="text">Any text, or null.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsDict(string? text)
    {
        try
        {
            return text is not null && ReadDict(text).Count > 0 && !text.Contains("nan", StringComparison.Ordinal) && !text.Contains("inf", StringComparison.Ordinal);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Reads those values of a dict that are texts, and passes over all others.</summary>
    /// <param name="text">What Python printed of a dict, whose keys are texts.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="FormatException">The text is no dict; the message says where.</exception>
    public static Dictionary<string, string> ReadTexts(ReadOnlySpan<char> text)
    {
        if (text.Length > MaximumPrintedLength)
        {
            throw new FormatException($"it has {text.Length} characters, more than the {MaximumPrintedLength} that are read");
        }

        PythonLiteral reader = new(text);
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        reader.Expect('{');
        while (!reader.Take('}'))
        {
            string name = reader.ReadKey();
            reader.Expect(':');
            if (reader.Peek() is '\'' or '"')
            {
                texts[name] = reader.ReadString();
            }
            else
            {
                reader.SkipValue();
            }

            if (reader.Peek() != '}')
            {
                reader.Expect(',');
            }
        }

        return reader.Peek() == '\0' ? texts : throw reader.Unexpected("the end");
    }

    /// <summary>Writes a text as Python does.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>A literal in quotes.</returns>
    public static string Quote(string text)
    {
        StringBuilder literal = new("'");
        foreach (char c in text)
        {
            _ = c switch
            {
                '\'' or '\\' => literal.Append('\\').Append(c),
                _ when char.IsControl(c) => literal.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => literal.Append(c),
            };
        }

        return literal.Append('\'').ToString();
    }

    private Dictionary<string, object?> ReadDict()
    {
        Dictionary<string, object?> dict = new(StringComparer.Ordinal);
        Expect('{');
        while (!Take('}'))
        {
            if (dict.Count > 0)
            {
                Expect(',');
                if (Take('}'))
                {
                    break;
                }
            }

            string name = ReadKey();
            Expect(':');
            dict[name] = ReadValue();
        }

        return Peek() == '\0' ? dict : throw Unexpected("the end");
    }

    private string ReadKey() => Peek() is '\'' or '"' ? ReadString() : throw Unexpected("a name in quotes");

    // To the comma or brace that ends it, whatever is nested in it. Without recursion: the text may nest as deep as it is long.
    private void SkipValue()
    {
        for (int depth = 0; depth > 0 || Peek() is not (',' or '}');)
        {
            switch (Peek())
            {
                case '\0':
                    throw Unexpected("the rest of a value");
                case '\'' or '"':
                    _ = ReadString();
                    continue;
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}':
                    depth--;
                    break;
            }

            _position++;
        }
    }

    private object? ReadValue()
    {
        char next = Peek();
        if (next is '\'' or '"')
        {
            return ReadString();
        }

        if (Take('('))
        {
            object? only = Peek() is '\'' or '"' ? ReadString() : ReadNumberOrNone();
            Expect(',');
            if (Take(')'))
            {
                return only;
            }

            if (only is string)
            {
                throw Unexpected("')'");
            }

            double? denominator = ReadNumberOrNone();
            _ = Take(',');
            Expect(')');
            return new PythonPair(denominator is null or 0 ? null : (double?)only / denominator);
        }

        return char.IsAsciiLetter(next) || next == '_' ? ReadName() : ReadNumber();
    }

    private double? ReadNumberOrNone() => char.IsAsciiLetter(Peek())
        ? ReadName() is null ? null : throw Unexpected("a number")
        : ReadNumber();

    // nan and inf are how Python prints a float that a sensor did not deliver; they carry no measurement.
    private object? ReadName()
    {
        int start = _position;
        while (_position < _text.Length && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] == '_'))
        {
            _position++;
        }

        switch (_text[start.._position])
        {
            case "None" or "nan" or "inf":
                return null;
            case "True":
                return true;
            case "False":
                return false;
            default:
                _position = start;
                throw Unexpected("a number, a text, a pair or None");
        }
    }

    // nan and inf may have a sign, and stand for no number then, too. Python reads 1e400 as inf.
    private double? ReadNumber()
    {
        _ = Peek();
        int start = _position;
        if (_position + 1 < _text.Length && _text[_position] is '+' or '-' && char.IsAsciiLetter(_text[_position + 1]))
        {
            _position++;
            return ReadName() is null ? null : throw Unexpected("a number");
        }

        while (_position < _text.Length && (char.IsAsciiDigit(_text[_position]) || _text[_position] is '+' or '-' or '.' or 'e' or 'E'))
        {
            _position++;
        }

        if (double.TryParse(_text[start.._position], NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            return Recorded.Number(number);
        }

        _position = start;
        throw Unexpected("a number");
    }

    private string ReadString()
    {
        char quote = _text[_position++];
        StringBuilder value = new();
        while (_position < _text.Length)
        {
            char c = _text[_position++];
            if (c == quote)
            {
                return value.ToString();
            }

            if (c == '\\' && _position < _text.Length)
            {
                AppendEscaped(value);
            }
            else
            {
                _ = value.Append(c);
            }
        }

        throw new FormatException("a text in it has no closing quote");
    }

    private void AppendEscaped(StringBuilder value)
    {
        char c = _text[_position++];
        int digits = c switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0
            && _position + digits <= _text.Length
            && int.TryParse(_text.Slice(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
            && code is >= 0 and <= 0x10FFFF)
        {
            _position += digits;
            _ = code <= char.MaxValue ? value.Append((char)code) : value.Append(char.ConvertFromUtf32(code));
            return;
        }

        _ = value.Append(c switch { 'n' => '\n', 'r' => '\r', 't' => '\t', _ => c });
    }

    private char Peek()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
        {
            _position++;
        }

        return _position < _text.Length ? _text[_position] : '\0';
    }

    private bool Take(char c)
    {
        if (Peek() != c)
        {
            return false;
        }

        _position++;
        return true;
    }

    private void Expect(char c)
    {
        if (!Take(c))
        {
            throw Unexpected($"'{c}'");
        }
    }

    private readonly FormatException Unexpected(string wanted) => new(
        _position < _text.Length
            ? $"character {_position + 1} is '{_text[_position]}' where {wanted} should be"
            : $"it ends where {wanted} should be");
}

/// <summary>Two numbers in parentheses, which are a fraction.</summary>
/// <param name="Quotient">Their quotient, or null where they have none.</param>
internal sealed record PythonPair(double? Quotient);
