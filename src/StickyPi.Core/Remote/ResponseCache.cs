using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Remote;

/// <summary>
/// Answers of a server that were kept on this machine, in files that are their owner's alone. It is a convenience: it may forget anything
/// at any time, and its failures reach nobody but who clears it. An answer is kept only when it has come whole, and used only when it is still whole.
/// </summary>
/// <remarks>
/// A file holds a mark, the lengths and hash of what follows, the ETag and the answer. When it was written last says when the answer was
/// known to be right. Other connections, of this process or another, use the same folder: a file that each change makes a byte longer tells them
/// of it.
/// </remarks>
/// <param name="folder">The folder of all such files.</param>
/// <param name="server">The address of the server; each has a folder of its own, so that a change there drops only what may be stale.</param>
/// <param name="userName">Who asks: another user may be told other things.</param>
/// <param name="lifetime">How long an answer is used without asking again.</param>
/// <param name="warn">Told where an old answer is used, because the server can't be reached.</param>
internal sealed class ResponseCache(string folder, Uri server, string userName, TimeSpan lifetime, Action<string>? warn)
{
    private const long MaxEntrySize = 64L * 1024 * 1024;
    private const long MaxSize = 256L * 1024 * 1024;
    private const int HeaderSize = 8 + sizeof(long) + sizeof(int) + SHA256.HashSizeInBytes;
    private const int MaxETagLength = 1024;
    private const string Pattern = "*.answer";

    // Whoever reads an answer for longer keeps nothing of it.
    private static readonly TimeSpan Unfinished = TimeSpan.FromHours(12);

    private readonly string _folder = Path.Combine(folder, Hash(server.AbsoluteUri));
    private readonly string _changes = Path.Combine(folder, Hash(server.AbsoluteUri), "changes");
    private long _generation;

    private static ReadOnlySpan<byte> Mark => "SPiAnsw1"u8;

    /// <summary>Answers a request: from what is kept, as long as that is new enough; else by asking.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its body, where it has one.</param>
    /// <param name="isFresh">Whether the server is asked in any case, and what is kept serves only where that can't be reached.</param>
    /// <param name="ask">Asks the server.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns>The answer, as it comes.</returns>
    public async ValueTask<Stream> GetAsync(
        ApiRequest request,
        ReadOnlyMemory<byte> body,
        bool isFresh,
        Func<ApiRequest, CancellationToken, ValueTask<HttpResponseMessage>> ask,
        CancellationToken cancellationToken)
    {
        string path = Path.Combine(
            _folder, $"{Hash($"{userName}\n{request.Method} {request.ToUri(server)}\n{request.Accept}\n{Convert.ToHexString(SHA256.HashData(body.Span))}")}.answer");
        Generation generation = ReadGeneration();
        Entry? kept = TryOpen(path);
        if (kept is not null && !isFresh && kept.Age >= TimeSpan.Zero && kept.Age < lifetime)
        {
            return kept.Body;
        }

        HttpResponseMessage response;
        try
        {
            response = await ask(
                kept?.ETag is string etag
                    ? request with { Headers = [.. request.Headers, new("If-None-Match", etag)], Expected = [HttpStatusCode.NotModified] }
                    : request,
                cancellationToken).ConfigureAwait(false);
        }
        catch (StickyException e) when (kept is not null && (e.ErrorId == "ServerUnreachable" || e.Service?.Status is 502 or 503 or 504))
        {
            warn?.Invoke($"{OneLine.Quote(e)}. What is shown was known {Describe(kept.Age)} ago.");
            return kept.Body;
        }
        catch
        {
            kept?.Body.Dispose();
            throw;
        }

        if (kept is not null && response.StatusCode == HttpStatusCode.NotModified)
        {
            response.Dispose();
            Try(() => File.SetLastWriteTimeUtc(path, DateTime.UtcNow));
            return kept.Body;
        }

        kept?.Body.Dispose();
        Stream answer = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return new KeepingStream(this, answer, path, response.Headers.ETag?.ToString(), generation);
    }

    /// <summary>Drops what is kept of this server, because something has changed there.</summary>
    public void Drop()
    {
        _ = Interlocked.Increment(ref _generation);
        Try(() =>
        {
            PrivateFile.CreateFolder(_folder);
            using FileStream changes = new(_changes, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            changes.WriteByte(0);
        });

        string[] files = [];
        Try(() => files = Files(_folder));
        foreach (string file in files)
        {
            Try(() => File.Delete(file));
        }
    }

    /// <summary>Forgets everything of this server.</summary>
    /// <exception cref="StickyException"><c>CacheNotCleared</c>.</exception>
    public void Clear()
    {
        Drop();
        Try(() => DeleteUnfinished(DateTime.MaxValue));
        string[] left = [];
        Try(() => left = Files(_folder));
        if (left.Length > 0)
        {
            throw new StickyException(
                "CacheNotCleared",
                StickyErrorKind.WriteFailed,
                $"The answers that are kept in '{_folder}' cannot be deleted.",
                _folder,
                "Close other programs that use this server, and try again.");
        }
    }

    private static string[] Files(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, Pattern) : [];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private static string Describe(TimeSpan age) => age switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} hours"),
        { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(age.TotalSeconds, 0):0} seconds"),
    };

    private static void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then it is not remembered, or not forgotten.
        }
    }

    private static Entry? TryOpen(string path)
    {
        Entry? entry = null;
        Try(() =>
        {
            if (!File.Exists(path))
            {
                return;
            }

            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            entry = PrivateFile.IsOpenToOthers(path) ? null : Read(file);
            if (entry is null)
            {
                file.Dispose();
                File.Delete(path);
            }
        });
        return entry;
    }

    // Null where it is damaged.
    private static Entry? Read(FileStream file)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize || !header.StartsWith(Mark))
        {
            return null;
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        int etagLength = BinaryPrimitives.ReadInt32LittleEndian(header[16..]);
        if (etagLength is < 0 or > MaxETagLength || file.Length != HeaderSize + etagLength + length)
        {
            return null;
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] etag = new byte[etagLength];
        file.ReadExactly(etag);
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            hash.AppendData(buffer.AsSpan(0, read));
        }

        hash.AppendData(etag);
        if (!header[20..].SequenceEqual(hash.GetHashAndReset()))
        {
            return null;
        }

        file.Position = HeaderSize + etagLength;
        return new Entry(file, etagLength == 0 ? null : Encoding.UTF8.GetString(etag), DateTime.UtcNow - File.GetLastWriteTimeUtc(file.SafeFileHandle));
    }

    private Generation ReadGeneration()
    {
        long shared = 0;
        Try(() => shared = new FileInfo(_changes) is { Exists: true } changes ? changes.Length : 0);
        return new Generation(Interlocked.Read(ref _generation), shared);
    }

    // Of sessions that were killed: those that live delete theirs.
    private void DeleteUnfinished(DateTime before)
    {
        foreach (FileInfo file in new DirectoryInfo(_folder).GetFiles()
            .Where(file => UnfinishedFile.IsName(file.Name) && file.LastWriteTimeUtc < before))
        {
            file.Delete();
        }
    }

    // The oldest go first.
    private void Trim()
    {
        DeleteUnfinished(DateTime.UtcNow - Unfinished);
        FileInfo[] files = [.. new DirectoryInfo(_folder).GetFiles(Pattern).OrderByDescending(file => file.LastWriteTimeUtc)];
        long size = 0;
        foreach (FileInfo file in files)
        {
            size += file.Length;
            if (size > MaxSize)
            {
                file.Delete();
            }
        }
    }

    // Which changes an answer knows of: those through this connection, and through any.
    private readonly record struct Generation(long Own, long Shared);

    private sealed record Entry(Stream Body, string? ETag, TimeSpan Age);

    /// <summary>An answer that is kept while it is read, and becomes an entry at its end.</summary>
    private sealed class KeepingStream(ResponseCache cache, Stream answer, string path, string? etag, Generation generation) : ForwardStream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] _etag = etag is { Length: <= MaxETagLength / 4 } ? Encoding.UTF8.GetBytes(etag) : [];
        private FileStream? _file;
        private long _length;
        private bool _isGivenUp;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await answer.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (!_isGivenUp && buffer.Length > 0)
            {
                Keep(buffer.Span[..read]);
            }

            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                GiveUp();
                _hash.Dispose();
                answer.Dispose();
            }

            base.Dispose(disposing);
        }

        private void Keep(ReadOnlySpan<byte> piece)
        {
            try
            {
                if (_file is null)
                {
                    PrivateFile.CreateFolder(cache._folder);
                    _file = PrivateFile.CreateTemporary(path);
                    _file.Position = HeaderSize;
                    _file.Write(_etag);
                }

                if (piece.Length == 0)
                {
                    Commit();
                }
                else if ((_length += piece.Length) > MaxEntrySize)
                {
                    GiveUp();
                }
                else
                {
                    _file.Write(piece);
                    _hash.AppendData(piece);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                GiveUp();
            }
        }

        private void Commit()
        {
            _hash.AppendData(_etag);
            Span<byte> header = stackalloc byte[HeaderSize];
            Mark.CopyTo(header);
            BinaryPrimitives.WriteInt64LittleEndian(header[8..], _length);
            BinaryPrimitives.WriteInt32LittleEndian(header[16..], _etag.Length);
            _ = _hash.GetHashAndReset(header[20..]);
            _file!.Position = 0;
            _file.Write(header);
            string temporary = _file.Name;
            _file.Dispose();
            _file = null;
            _isGivenUp = true;

            // What was asked before a change, and answered after it, may be of either side. The change may come while the file is put in its place:
            // then whoever dropped the others may have missed it.
            if (cache.ReadGeneration() != generation)
            {
                File.Delete(temporary);
                return;
            }

            File.Move(temporary, path, overwrite: true);
            if (cache.ReadGeneration() != generation)
            {
                File.Delete(path);
                return;
            }

            cache.Trim();
        }

        private void GiveUp()
        {
            _isGivenUp = true;
            if (_file is not null)
            {
                Try(() =>
                {
                    _file.Dispose();
                    File.Delete(_file.Name);
                });
                _file = null;
            }
        }
    }
}
