using System.Buffers.Binary;

namespace StickyPi.Providers.Jpeg;

/// <summary>
/// Looks for damage in the picture data of a JPEG file (ITU-T T.81, annexes B and F) that ImageSharp does not report: data that ends
/// too early or too late, codes that no table has, bytes where a marker should be. libjpeg warns of the same. The Huffman codes of sequential
/// pictures are read to their end, without making pixels of them; of progressive pictures only the markers are checked.
/// </summary>
internal ref struct JpegScans
{
    private const byte Marker = 0xFF;
    private const byte StartOfFrame = 0xC0;
    private const byte ExtendedFrame = 0xC1;
    private const byte ProgressiveFrame = 0xC2;
    private const byte HuffmanTables = 0xC4;
    private const byte FirstRestart = 0xD0;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte RestartInterval = 0xDD;
    private const byte LastApplicationData = 0xEF;
    private const byte Comment = 0xFE;

    // libjpeg reads ahead and ignores up to this many extra bytes before a marker.
    private const int ToleratedBytes = 8;

    // How many units are read before it is asked again whether to stop.
    private const int StopInterval = 4096;

    private readonly ReadOnlySpan<byte> _jpeg;
    private readonly CancellationToken _stop;
    private readonly Table?[] _tables = new Table?[8];
    private int _position = 2;
    private byte _frame;
    private int _width;
    private int _height;
    private int _maxAcross = 1;
    private int _maxDown = 1;
    private Component[] _components = [];
    private int _restartInterval;

    // The bits that were read ahead, the next one highest; and how many of them only stand for bits behind the end of the data.
    private ulong _bits;
    private int _bitCount;
    private int _missingBits;

    private JpegScans(ReadOnlySpan<byte> jpeg, CancellationToken stop)
    {
        _jpeg = jpeg;
        _stop = stop;
    }

    /// <summary>Checks a file whose header was read before.</summary>
    /// <param name="jpeg">The whole file.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="InvalidDataException">Its picture data is damaged.</exception>
    public static void Check(ReadOnlySpan<byte> jpeg, CancellationToken cancellationToken)
    {
        JpegScans scans = new(jpeg, cancellationToken);
        while (scans.ReadSegment())
        {
        }
    }

    private bool ReadSegment()
    {
        byte marker = ReadMarker();
        if (marker == EndOfImage)
        {
            return false;
        }

        if (marker is >= FirstRestart and < EndOfImage)
        {
            return true; // some cameras end their data with one
        }

        if (marker is < StartOfFrame or (> LastApplicationData and not Comment))
        {
            throw Damaged($"marker {marker:X2} has no place there");
        }

        int length = _position + 2 <= _jpeg.Length ? BinaryPrimitives.ReadUInt16BigEndian(_jpeg[_position..]) : 0;
        if (length < 2 || _position + length > _jpeg.Length)
        {
            throw Damaged("a segment is cut short");
        }

        ReadOnlySpan<byte> segment = _jpeg.Slice(_position + 2, length - 2);
        _position += length;
        try
        {
            switch (marker)
            {
                case StartOfFrame or ExtendedFrame or ProgressiveFrame:
                    ReadFrame(marker, segment);
                    break;
                case HuffmanTables:
                    ReadTables(segment);
                    break;
                case RestartInterval:
                    _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case StartOfScan:
                    ReadScan(segment);
                    break;
                default:
                    break;
            }
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw Damaged($"the segment with marker {marker:X2} contradicts itself");
        }

        return true;
    }

    private byte ReadMarker()
    {
        int start = _position;
        while (_position < _jpeg.Length && _jpeg[_position] == Marker)
        {
            _position++;
        }

        return _position == start || _position == _jpeg.Length ? throw Damaged("a marker is missing") : _jpeg[_position++];
    }

    private void ReadFrame(byte marker, ReadOnlySpan<byte> segment)
    {
        _frame = marker;
        _height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        _width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        _components = new Component[segment[5]];
        for (int i = 0; i < _components.Length; i++)
        {
            byte factors = segment[7 + (3 * i)];
            _components[i] = new Component(segment[6 + (3 * i)], factors >> 4, factors & 15);
            _maxAcross = Math.Max(_maxAcross, factors >> 4);
            _maxDown = Math.Max(_maxDown, factors & 15);
        }
    }

    private readonly void ReadTables(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            ReadOnlySpan<byte> counts = segment.Slice(1, 16);
            int total = 0;
            foreach (byte count in counts)
            {
                total += count;
            }

            ReadOnlySpan<byte> values = segment.Slice(17, total);
            bool isDc = segment[0] >> 4 == 0;
            if (isDc && values.ContainsAnyExceptInRange((byte)0, (byte)15))
            {
                throw Damaged("a Huffman table has impossible values");
            }

            _tables[(isDc ? 0 : 4) + (segment[0] & 15)] = new Table(counts, values);
            segment = segment[(17 + total)..];
        }
    }

    private void ReadScan(ReadOnlySpan<byte> segment)
    {
        (Component Component, Table Dc, Table Ac)[] parts = new (Component, Table, Table)[_frame == ProgressiveFrame ? 0 : segment[0]];
        for (int i = 0; i < parts.Length; i++)
        {
            byte id = segment[1 + (2 * i)];
            byte tables = segment[2 + (2 * i)];
            parts[i] = (
                Array.Find(_components, component => component.Id == id) ?? throw Damaged("a scan has an unknown component"),
                _tables[tables >> 4] ?? throw Damaged("a Huffman table is missing"),
                _tables[4 + (tables & 15)] ?? throw Damaged("a Huffman table is missing"));
        }

        if (parts.Length == 0)
        {
            SkipScan();
            return;
        }

        // A scan of one component has its blocks one by one; another has the blocks of a small rectangle of all components together.
        Component first = parts[0].Component;
        bool isSingle = parts.Length == 1;
        int across = isSingle ? Divide(Divide(_width * first.Across, _maxAcross), 8) : Divide(_width, 8 * _maxAcross);
        int down = isSingle ? Divide(Divide(_height * first.Down, _maxDown), 8) : Divide(_height, 8 * _maxDown);
        (_bits, _bitCount, _missingBits) = (0, 0, 0);
        int restarts = 0;
        for (int unit = 0; unit < across * down; unit++)
        {
            if (unit % StopInterval == 0)
            {
                _stop.ThrowIfCancellationRequested();
            }

            if (_restartInterval > 0 && unit > 0 && unit % _restartInterval == 0)
            {
                EndData();
                if (ReadMarker() != FirstRestart + (restarts++ % 8))
                {
                    throw Damaged("a restart marker is missing");
                }
            }

            foreach ((Component component, Table dc, Table ac) in parts)
            {
                for (int block = isSingle ? 1 : component.Across * component.Down; block > 0; block--)
                {
                    ReadBlock(dc, ac);
                }
            }

            if (_missingBits > _bitCount)
            {
                throw Damaged("its data ends too early");
            }
        }

        EndData();
    }

    // Local copies of the bits stay in registers, which halves the time.
    private void ReadBlock(Table dc, Table ac)
    {
        ulong bits = _bits;
        int bitCount = _bitCount;
        for (int i = 0; i < 64;)
        {
            if (bitCount < 32)
            {
                (_bits, _bitCount) = (bits, bitCount);
                Fill();
                (bits, bitCount) = (_bits, _bitCount);
            }

            int entry = (i == 0 ? dc : ac).Find(bits);
            if (entry < 0)
            {
                throw Damaged("it has a code that is in no table");
            }

            // What belongs to a code follows it.
            bits <<= entry >> 8;
            bitCount -= entry >> 8;
            int value = entry & 0xFF;
            if (i > 0 && (value & 15) == 0 && value != 0xF0)
            {
                break;
            }

            i += i == 0 ? 1 : (value >> 4) + 1;
        }

        (_bits, _bitCount) = (bits, bitCount);
    }

    // More than 32 bits are there afterwards.
    private void Fill()
    {
        if (_position + sizeof(ulong) <= _jpeg.Length)
        {
            // Most of the time none of the next bytes is FF, and all that there is room for are taken at once.
            ulong next = BinaryPrimitives.ReadUInt64BigEndian(_jpeg[_position..]);
            if (((~next - 0x0101010101010101) & next & 0x8080808080808080) == 0)
            {
                int count = (64 - _bitCount) / 8;
                _bits |= (next & (ulong.MaxValue << (64 - (8 * count)))) >> _bitCount;
                _bitCount += 8 * count;
                _position += count;
                return;
            }
        }

        while (_bitCount <= 56)
        {
            byte next = 0;
            if (_position < _jpeg.Length && _jpeg[_position] != Marker)
            {
                next = _jpeg[_position++];
            }
            else if (_position + 1 < _jpeg.Length && _jpeg[_position + 1] == 0)
            {
                next = Marker;
                _position += 2;
            }
            else
            {
                _missingBits += 8;
            }

            _bits |= (ulong)next << (56 - _bitCount);
            _bitCount += 8;
        }
    }

    // Less than a byte may be left, which fills the last one.
    private void EndData()
    {
        if (_missingBits > _bitCount)
        {
            throw Damaged("its data ends too early");
        }

        int start = _position;
        SkipData();
        if (((_bitCount - _missingBits) / 8) + (_position - start) > ToleratedBytes)
        {
            throw Damaged("its data goes on where it should end");
        }

        (_bits, _bitCount, _missingBits) = (0, 0, 0);
    }

    private void SkipScan()
    {
        SkipData();
        for (int restarts = 0; _position + 1 < _jpeg.Length && (_jpeg[_position + 1] & 0xF8) == FirstRestart; restarts++)
        {
            if (ReadMarker() != FirstRestart + (restarts % 8) || _restartInterval == 0)
            {
                throw Damaged("a restart marker is out of place");
            }

            SkipData();
        }
    }

    // To the next marker; within the data, a byte FF is followed by 00.
    private void SkipData()
    {
        while (true)
        {
            int found = _jpeg[_position..].IndexOf(Marker);
            _position = found < 0 ? _jpeg.Length : _position + found;
            if (_position + 1 >= _jpeg.Length || _jpeg[_position + 1] != 0)
            {
                return;
            }

            _position += 2;
        }
    }

    private static int Divide(int length, int by) => (length + by - 1) / by;

    private readonly InvalidDataException Damaged(string what) => new($"the JPEG file is damaged before byte {_position}: {what}");

    private sealed record Component(byte Id, int Across, int Down);

    /// <summary>A Huffman table: codes of one length are numbered in order, and follow those that are shorter (annex C).</summary>
    private sealed class Table
    {
        private const int ShortLength = 9;

        // By the next bits: the value of the code that they begin with, and above it how many bits the code and what belongs to it take;
        // -1 where the code is longer or there is none.
        private readonly short[] _short = new short[1 << ShortLength];
        private readonly int[] _limits = new int[17];
        private readonly int[] _offsets = new int[17];
        private readonly byte[] _values;

        public Table(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values)
        {
            _values = values.ToArray();
            Array.Fill(_short, (short)-1);
            int code = 0;
            int index = 0;
            for (int length = 1; length <= 16; length++)
            {
                _offsets[length] = index - code;
                for (int i = 0; i < counts[length - 1]; i++, code++, index++)
                {
                    if (length <= ShortLength)
                    {
                        Array.Fill(_short, (short)Entry(length, values[index]), code << (ShortLength - length), 1 << (ShortLength - length));
                    }
                }

                _limits[length] = code;
                if (code >= 1 << length)
                {
                    throw new ArgumentOutOfRangeException(nameof(counts), "There are more codes of a length than it has bits for.");
                }

                code <<= 1;
            }
        }

        /// <summary>Finds the code that the next bits begin with.</summary>
        /// <param name="bits">The next bits, the first one highest.</param>
        /// <returns>Its value in the low byte, and above that its length with the bits that belong to it; -1 where there is no such code.</returns>
        public int Find(ulong bits)
        {
            int entry = _short[bits >> (64 - ShortLength)];
            return entry >= 0 ? entry : FindLong(bits);
        }

        private int FindLong(ulong bits)
        {
            for (int length = ShortLength + 1; length <= 16; length++)
            {
                int code = (int)(bits >> (64 - length));
                if (code < _limits[length])
                {
                    return Entry(length, _values[_offsets[length] + code]);
                }
            }

            return -1;
        }

        private static int Entry(int length, byte value) => ((length + (value & 15)) << 8) | value;
    }
}
