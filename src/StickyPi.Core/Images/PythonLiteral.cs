using System.Globalization;
using System.Text;

namespace StickyPi.Core.Images;

/// <summary>
/// Reads the Python dict literal that firmware generation 1 writes: a flat dict of strings to numbers, strings, booleans, None
/// and pairs of numbers. The text is untrusted: it is parsed, never evaluated, and anything else in it is an error.
/// </summary>
internal ref struct PythonLiteral
{
    /// <summary>The longest literal that is read, in characters; real ones have about 330.</summary>
    public const int MaximumLength = 4096;

    private readonly ReadOnlySpan<char> _text;
    private int _position;

    private PythonLiteral(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Reads a dict.</summary>
    /// <param name="text">The literal.</param>
    /// <returns>Its entries; a value is a double, a string, a bool or null. A pair comes as its quotient, null where that has none.</returns>
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

            char quote = Peek();
            if (quote is not ('\'' or '"'))
            {
                throw Unexpected("a name in quotes");
            }

            string name = ReadString();
            Expect(':');
            dict[name] = ReadValue();
        }

        return Peek() == '\0' ? dict : throw Unexpected("the end");
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
            double? numerator = ReadNumberOrNone();
            Expect(',');
            double? denominator = ReadNumberOrNone();
            _ = Take(',');
            Expect(')');
            return denominator is null or 0 ? null : numerator / denominator;
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

    private double ReadNumber()
    {
        _ = Peek();
        int start = _position;
        while (_position < _text.Length && (char.IsAsciiDigit(_text[_position]) || _text[_position] is '+' or '-' or '.' or 'e' or 'E'))
        {
            _position++;
        }

        if (double.TryParse(_text[start.._position], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number))
        {
            return number;
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

            _ = value.Append(c == '\\' && _position < _text.Length ? _text[_position++] : c);
        }

        throw new FormatException("a text in it has no closing quote");
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
