using System.Globalization;

namespace StickyPi.Core.Annotations.Exchange;

/// <summary>Reads numbers, flags and letters out of SVG's attributes (SVG 2, 9.3.9), where most separators may be left out.</summary>
internal ref struct SvgScanner(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _position;

    /// <summary>How many characters have been read.</summary>
    public readonly int Position => _position;

    /// <summary>Whether nothing but white space is left.</summary>
    public bool IsAtEnd => Peek() == '\0';

    /// <summary>Whether a number may start here.</summary>
    public bool IsAtNumber => Peek() is (>= '0' and <= '9') or '+' or '-' or '.';

    /// <summary>The next character that is no white space, which stays.</summary>
    /// <returns>The character, or NUL at the end.</returns>
    public char Peek()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t' or '\n' or '\r' or '\f')
        {
            _position++;
        }

        return _position < _text.Length ? _text[_position] : '\0';
    }

    /// <summary>Takes the next character that is no white space.</summary>
    /// <returns>The character, or NUL at the end.</returns>
    public char Read()
    {
        char c = Peek();
        _position += c == '\0' ? 0 : 1;
        return c;
    }

    /// <summary>Takes a character if it is next.</summary>
    /// <param name="c">The character.</param>
    /// <returns>Whether it was.</returns>
    public bool Take(char c)
    {
        bool found = Peek() == c;
        _position += found ? 1 : 0;
        return found;
    }

    /// <summary>Takes ASCII letters.</summary>
    /// <returns>The letters; empty where there are none.</returns>
    public ReadOnlySpan<char> ReadWord()
    {
        _ = Peek();
        int start = _position;
        while (_position < _text.Length && char.IsAsciiLetter(_text[_position]))
        {
            _position++;
        }

        return _text[start.._position];
    }

    /// <summary>Takes the unit that follows a number without a blank.</summary>
    /// <returns>Letters, or a percent sign; empty where there is none.</returns>
    public ReadOnlySpan<char> ReadUnit()
    {
        int start = _position;
        while (_position < _text.Length && (char.IsAsciiLetter(_text[_position]) || _text[_position] == '%'))
        {
            _position++;
        }

        return _text[start.._position];
    }

    /// <summary>Takes 0 or 1, which needs no separator from what follows.</summary>
    /// <param name="flag">1 or 0.</param>
    /// <returns>False where neither comes next.</returns>
    public bool TryReadFlag(out double flag)
    {
        flag = Peek() == '1' ? 1 : 0;
        bool found = Peek() is '0' or '1';
        _position += found ? 1 : 0;
        return found;
    }

    /// <summary>Takes a number. It ends where it can't go on: <c>1.5.5-3e-2</c> are three.</summary>
    /// <param name="number">The number, which is finite.</param>
    /// <returns>False where none comes next; nothing is taken then.</returns>
    public bool TryReadNumber(out double number)
    {
        _ = Peek();
        int end = _position;
        end += end < _text.Length && _text[end] is '+' or '-' ? 1 : 0;
        int whole = SkipDigits(ref end);
        int fraction = 0;
        if (end < _text.Length && _text[end] == '.')
        {
            end++;
            fraction = SkipDigits(ref end);
        }

        number = 0;
        if (whole + fraction == 0)
        {
            return false;
        }

        // An 'e' without digits is the start of something else.
        if (end < _text.Length && _text[end] is 'e' or 'E')
        {
            int exponent = end + 1;
            exponent += exponent < _text.Length && _text[exponent] is '+' or '-' ? 1 : 0;
            end = SkipDigits(ref exponent) > 0 ? exponent : end;
        }

        if (!double.TryParse(_text[_position..end], NumberStyles.Float, CultureInfo.InvariantCulture, out number) || !double.IsFinite(number))
        {
            return false;
        }

        _position = end;
        return true;
    }

    private readonly int SkipDigits(ref int position)
    {
        int start = position;
        while (position < _text.Length && char.IsAsciiDigit(_text[position]))
        {
            position++;
        }

        return position - start;
    }
}
