using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace StickyPi.Core.Annotations;

/// <summary>
/// Cuts a stream of JSON into its elements, without making a tree of them and without holding more than one: the elements of an array,
/// or values one after the other.
/// </summary>
/// <param name="json">UTF-8.</param>
/// <param name="maximumSize">The most bytes that an element may have.</param>
/// <param name="isOneValue">Whether only one array or value may come, instead of several one after the other.</param>
internal sealed class JsonElementReader(Stream json, int maximumSize = JsonElementReader.DefaultMaximumSize, bool isOneValue = false)
{
    /// <summary>The most bytes that an element may have where nothing else is said. An annotation has some kilobytes.</summary>
    public const int DefaultMaximumSize = 256 * 1024 * 1024;

    private const int InitialSize = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private byte[] _buffer = new byte[InitialSize];
    private int _start;
    private int _end;
    private bool _isComplete;
    private bool _isEmpty = true;
    private JsonReaderState _state = new(new JsonReaderOptions { AllowMultipleValues = !isOneValue });

    /// <summary>Whether nothing but blanks has come so far. Reading a stream that stays so ends in a <see cref="JsonException"/>.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>Reads the elements.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Each element in UTF-8, valid until the next one is asked for, and whether it is one of an array.</returns>
    /// <exception cref="JsonException">It is no JSON; the message says in which line.</exception>
    public async IAsyncEnumerable<(ReadOnlyMemory<byte> Element, bool IsInArray)> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (_end < ByteOrderMark.Length && !_isComplete)
        {
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        _start = _buffer.AsSpan(0, _end).StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        while (true)
        {
            if (TryRead(out Range element, out bool isInArray))
            {
                yield return (_buffer.AsMemory(element), isInArray);
            }
            else if (_isComplete)
            {
                yield break;
            }
            else
            {
                await FillAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Reads up to the end of the next element, or leaves everything as it was where that is not there yet.
    private bool TryRead(out Range element, out bool isInArray)
    {
        element = default;
        isInArray = false;
        Utf8JsonReader reader = new(_buffer.AsSpan(_start.._end), _isComplete, _state);
        while (reader.Read())
        {
            _isEmpty = false;
            bool isBracket = reader.CurrentDepth == 0 && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray;
            if (!isBracket)
            {
                int first = _start + (int)reader.TokenStartIndex;
                isInArray = reader.CurrentDepth > 0;
                if (!reader.TrySkip())
                {
                    return false;
                }

                element = first..(_start + (int)reader.BytesConsumed);
                _start += (int)reader.BytesConsumed;
                _state = reader.CurrentState;
                return true;
            }
        }

        return _isEmpty && _isComplete ? throw new JsonException("it is empty") : false;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_end >= maximumSize)
            {
                throw new JsonException(string.Create(
                    CultureInfo.InvariantCulture, $"one of its elements has more than the {maximumSize / 1024:N0} KiB that are read"));
            }

            Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, maximumSize));
        }

        int count = await json.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += count;
        _isComplete = count == 0;
    }
}
