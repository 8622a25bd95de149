using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace StickyPi.Tests;

/// <summary>What a request is, as far as faults may depend on it.</summary>
public sealed record ProxyRequest(string Method, string Target, string? Range)
{
    public bool IsPart => Method == "PUT" && Target.Contains("partNumber=", StringComparison.Ordinal);

    public bool IsPut => Method == "PUT" && !IsPart;

    public bool IsGet => Method == "GET" && !IsList;

    public bool IsList => Method == "GET" && Target.Contains("list-type=", StringComparison.Ordinal);

    public bool IsComplete => Method == "POST" && Target.Contains("uploadId=", StringComparison.Ordinal);
}

/// <summary>What goes wrong with a request. Places are bytes of bodies.</summary>
public sealed record Fault
{
    /// <summary>The connection is reset when so much of the request has gone to the server.</summary>
    public long? ResetRequestAt { get; init; }

    /// <summary>The connection is reset when so much of the answer has gone to the client; 0: before anything of it has, though the server has done its work.</summary>
    public long? ResetResponseAt { get; init; }

    /// <summary>The answer ends there.</summary>
    public long? TruncateResponseAt { get; init; }

    /// <summary>Whether a truncated answer also says that it is no longer than that, so that nobody can tell from the connection.</summary>
    public bool ShortenLength { get; init; }

    /// <summary>Nothing more of the answer comes when so much of its body has gone to the client; 0: after its head. The connection stays.</summary>
    public long? StallResponseAt { get; init; }

    /// <summary>Whether nothing at all comes back, though the server has done its work. The connection stays.</summary>
    public bool StaysSilent { get; init; }

    /// <summary>What is sent in the place of the answer to a request for a part, with status 200: the whole, as by a server that knows no ranges.</summary>
    public byte[]? Whole { get; init; }

    /// <summary>Whether the answer to a request for a part is sent as if it were one for the whole.</summary>
    public bool HideRange { get; init; }

    /// <summary>One byte of the request is another one.</summary>
    public long? CorruptRequestAt { get; init; }

    /// <summary>One byte of the answer is another one.</summary>
    public long? CorruptResponseAt { get; init; }

    /// <summary>Bodies go no faster, in either direction.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>A header that the answer gets, of which a server without that feature has none.</summary>
    public (string Name, string Value)? ResponseHeader { get; init; }

    /// <summary>The time that the request tells of is wrong by so much.</summary>
    public TimeSpan? ShiftClock { get; init; }

    /// <summary>The server is not asked; this status and code are the answer.</summary>
    public (int Status, string Code)? Answer { get; init; }
}

/// <summary>
/// A proxy on loopback in front of a real S3 server that lets go wrong what goes wrong on networks, and counts what goes through. The Host
/// header stays as it is, because the signature covers it.
/// </summary>
public sealed partial class FaultProxy : IAsyncDisposable
{
    private const int PieceSize = 16 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, Task> _connections = new();
    private readonly Lock _gate = new();
    private readonly List<Rule> _rules = [];
    private readonly IPEndPoint _server;
    private readonly Task _accepting;
    private int _lastConnection;
    private long _partBytesStored;

    public FaultProxy(Uri server)
    {
        _server = IPEndPoint.Parse(server.Authority);
        _listener.Start();
        Endpoint = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));
        _accepting = AcceptAsync();
    }

    /// <summary>Where to connect to.</summary>
    public Uri Endpoint { get; }

    /// <summary>Every request, in the order in which they came.</summary>
    public ConcurrentQueue<ProxyRequest> Requests { get; } = new();

    /// <summary>How many requests met a fault.</summary>
    public int Faults { get; private set; }

    /// <summary>The bytes of parts of uploads that the client has sent, whether or not they arrived.</summary>
    public long PartBytesSent { get; private set; }

    /// <summary>The bytes of parts that the server has acknowledged.</summary>
    public long PartBytesStored => Interlocked.Read(ref _partBytesStored);

    /// <summary>Lets something go wrong.</summary>
    /// <param name="when">With which requests.</param>
    /// <param name="fault">What.</param>
    /// <param name="times">How often; then all is well.</param>
    /// <param name="during">For how long, from the first such request on; then all is well.</param>
    public void Break(Func<ProxyRequest, bool> when, Fault fault, int times = int.MaxValue, TimeSpan? during = null)
    {
        lock (_gate)
        {
            _rules.Add(new Rule(when, fault, during) { Left = times });
        }
    }

    /// <summary>From now on nothing goes wrong.</summary>
    public void Mend()
    {
        lock (_gate)
        {
            _rules.Clear();
        }
    }

    /// <summary>Counts anew.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            Requests.Clear();
            (Faults, PartBytesSent) = (0, 0);
            _ = Interlocked.Exchange(ref _partBytesStored, 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client = await _listener.AcceptSocketAsync(_stop.Token);
            _connections[++_lastConnection] = Task.Run(() => ServeAsync(client));
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            client.NoDelay = true;
            try
            {
                Connection connection = new(client);
                while (await connection.ReadHeadAsync(_stop.Token) is Head request && await ForwardAsync(connection, request))
                {
                }
            }
            catch (ResetException)
            {
                // Closed without waiting, the connection is reset.
                client.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side has gone, which faults are about.
            }
        }
    }

    private static string Shift(string time, TimeSpan shift)
    {
        const string Format = "yyyyMMdd'T'HHmmss'Z'";
        return DateTime.ParseExact(time, Format, CultureInfo.InvariantCulture).Add(shift).ToString(Format, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(?<=[?&]X-Amz-Date=)[0-9]{8}T[0-9]{6}Z")]
    private static partial Regex SignedTime();

    // Returns whether the client may send another request.
    private async Task<bool> ForwardAsync(Connection client, Head request)
    {
        string[] first = request.First.Split(' ');
        ProxyRequest described = new(first[0], first[1], request["Range"]);
        Requests.Enqueue(described);
        Fault fault = FindFault(described);
        long length = request.Length ?? 0;
        if (fault.ShiftClock is TimeSpan shift)
        {
            // It stands in a header, or in a signed URL.
            request.First = SignedTime().Replace(request.First, time => Shift(time.Value, shift));
            if (request["X-Amz-Date"] is string date)
            {
                request["X-Amz-Date"] = Shift(date, shift);
            }
        }

        if (fault.Answer is (int status, string code))
        {
            await PassAsync(client, null, length, fault.BytesPerSecond, described.IsPart);
            string text = $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>Made up.</Message><RequestId>tx-proxy</RequestId></Error>";
            string body = described.Method == "HEAD" ? "" : text;
            await client.WriteAsync(
                Encoding.ASCII.GetBytes(string.Create(
                    CultureInfo.InvariantCulture,
                    $"HTTP/1.1 {status} Fault\r\nContent-Type: application/xml\r\nx-amz-request-id: tx-proxy\r\nDate: {DateTime.UtcNow:R}\r\nContent-Length: {text.Length}\r\n\r\n{body}")),
                _stop.Token);
            return true;
        }

        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(_server, _stop.Token);
        Connection server = new(socket);
        request["Connection"] = "close";
        await server.WriteAsync(request.ToBytes(), _stop.Token);
        await PassAsync(client, server, length, fault.BytesPerSecond, described.IsPart, fault.ResetRequestAt, fault.CorruptRequestAt);
        Head response = await server.ReadHeadAsync(_stop.Token) ?? throw new ResetException();
        if (described.IsPart && response.First.Contains(" 200 ", StringComparison.Ordinal))
        {
            _ = Interlocked.Add(ref _partBytesStored, length);
        }

        if (fault.ResetResponseAt == 0)
        {
            throw new ResetException();
        }

        if (fault.StaysSilent)
        {
            return await WaitForEndAsync(client);
        }

        if (fault.Whole is byte[] content)
        {
            response.First = "HTTP/1.1 200 OK";
            response["Content-Range"] = null;
            response["Content-Length"] = content.Length.ToString(CultureInfo.InvariantCulture);
            await client.WriteAsync(response.ToBytes(), _stop.Token);
            await client.WriteAsync(content, _stop.Token);
            return true;
        }

        bool hasBody = described.Method != "HEAD" && !response.First.Contains(" 204 ", StringComparison.Ordinal);
        response["Connection"] = null;
        if (fault.ResponseHeader is (string name, string value))
        {
            response[name] = value;
        }

        if (fault.HideRange && response["Content-Range"] is not null)
        {
            response["Content-Range"] = null;
            response.First = "HTTP/1.1 200 OK";
        }

        long? whole = response.Length;
        long? truncated = fault.TruncateResponseAt < whole ? fault.TruncateResponseAt : null;
        if (truncated is not null && fault.ShortenLength)
        {
            response["Content-Length"] = truncated.Value.ToString(CultureInfo.InvariantCulture);
        }

        await client.WriteAsync(response.ToBytes(), _stop.Token);
        if (!hasBody)
        {
            return true;
        }

        if (fault.StallResponseAt < whole)
        {
            await PassAsync(server, client, fault.StallResponseAt.Value, fault.BytesPerSecond, isPart: false);
            return await WaitForEndAsync(client);
        }

        await PassAsync(server, client, truncated ?? whole ?? long.MaxValue, fault.BytesPerSecond, isPart: false, fault.ResetResponseAt, fault.CorruptResponseAt);
        return whole is not null && (truncated is null || fault.ShortenLength);
    }

    private async Task<bool> WaitForEndAsync(Connection client)
    {
        while (await client.ReadAsync(new byte[1], _stop.Token) > 0)
        {
        }

        return false;
    }

    private async Task PassAsync(Connection from, Connection? to, long length, int? bytesPerSecond, bool isPart, long? resetAt = null, long? corruptAt = null)
    {
        byte[] buffer = new byte[PieceSize];
        for (long offset = 0; offset < length;)
        {
            int read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - offset)), _stop.Token);
            if (read == 0)
            {
                // An answer without a length ends so. A request that does is one that was given up.
                return;
            }

            if (isPart)
            {
                lock (_gate)
                {
                    PartBytesSent += read;
                }
            }

            if (corruptAt >= offset && corruptAt < offset + read)
            {
                buffer[corruptAt.Value - offset] ^= 0x20;
            }

            int passed = (int)Math.Min(read, Math.Max(0, (resetAt ?? long.MaxValue) - offset));
            if (to is not null)
            {
                await to.WriteAsync(buffer.AsMemory(0, passed), _stop.Token);
            }

            if (passed < read)
            {
                throw new ResetException();
            }

            offset += read;
            if (bytesPerSecond is int speed)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)read / speed), _stop.Token);
            }
        }
    }

    private Fault FindFault(ProxyRequest request)
    {
        lock (_gate)
        {
            Rule? rule = _rules.FirstOrDefault(rule => rule.Left > 0 && rule.When(request) && (rule.During is null || rule.Clock.Elapsed < rule.During));
            if (rule is null)
            {
                return new Fault();
            }

            Faults++;
            rule.Left--;
            rule.Clock.Start();
            return rule.Fault;
        }
    }

    private sealed record Rule(Func<ProxyRequest, bool> When, Fault Fault, TimeSpan? During)
    {
        public int Left { get; set; }

        public System.Diagnostics.Stopwatch Clock { get; } = new();
    }

    /// <summary>The connection is to be reset.</summary>
    private sealed class ResetException : Exception;

    /// <summary>The first line and the headers of a request or an answer.</summary>
    private sealed class Head(string first, List<(string Name, string Value)> headers)
    {
        public string First { get; set; } = first;

        public long? Length => this["Content-Length"] is string text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

        public string? this[string name]
        {
            get => headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();
            set
            {
                _ = headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
                if (value is not null)
                {
                    headers.Add((name, value));
                }
            }
        }

        public static Head Parse(string text)
        {
            string[] lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            return new Head(lines[0], [.. lines.Skip(1).Select(line => line.Split(':', 2)).Select(pair => (pair[0], pair[1].Trim(' ')))]);
        }

        public byte[] ToBytes() =>
            Encoding.Latin1.GetBytes($"{First}\r\n{string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n");
    }

    /// <summary>One side, of which heads and bodies are read in turn.</summary>
    private sealed class Connection(Socket socket)
    {
        private readonly byte[] _buffer = new byte[PieceSize * 4];
        private int _start;
        private int _end;

        public async ValueTask<Head?> ReadHeadAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                int end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
                if (end >= 0)
                {
                    Head head = Head.Parse(Encoding.Latin1.GetString(_buffer, _start, end));
                    _start += end + 4;
                    return head;
                }

                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
                int read = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
                if (read == 0)
                {
                    return null;
                }

                _end += read;
            }
        }

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (_start == _end)
            {
                return await socket.ReceiveAsync(buffer, cancellationToken);
            }

            int length = Math.Min(buffer.Length, _end - _start);
            _buffer.AsMemory(_start, length).CopyTo(buffer);
            _start += length;
            return length;
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        {
            while (buffer.Length > 0)
            {
                buffer = buffer[await socket.SendAsync(buffer, cancellationToken)..];
            }
        }
    }
}
