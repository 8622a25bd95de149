using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using StickyPi.Core;

namespace StickyPi.Server.Existing;

/// <summary>A part of an upload that has become a file.</summary>
/// <param name="Name">What the client calls it.</param>
/// <param name="Path">Where it is on this machine for as long as the request lasts.</param>
internal sealed record UploadedFile(string Name, string Path)
{
    /// <summary>Tells an error by the name that the client knows: paths of this machine are none of its business.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The same error without the path.</returns>
    public StickyException Hide(StickyException error) => new(
        error.ErrorId,
        error.Kind,
        error.Message.Replace(Path, System.IO.Path.GetFileName(Path), StringComparison.Ordinal),
        Name,
        error.RecommendedAction,
        error)
    { Field = Name };
}

/// <summary>The parts of a request of <c>multipart/form-data</c>, each streamed into a file of its own, which ends with the request.</summary>
internal sealed class UploadedParts : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "stickypi-upload-" + Path.GetRandomFileName());

    /// <summary>The files, in the order of the parts.</summary>
    public List<UploadedFile> Files { get; } = [];

    /// <summary>Makes a folder of this upload.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its path.</returns>
    public string MakeFolder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    /// <summary>Whether a request has parts at all.</summary>
    /// <param name="context">The request.</param>
    /// <param name="reader">What reads them.</param>
    /// <returns>Whether it has.</returns>
    public static bool TryOpen(HttpContext context, [NotNullWhen(true)] out MultipartReader? reader)
    {
        reader = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 } boundary
                ? new MultipartReader(boundary, context.Request.Body)
                : null;
        return reader is not null;
    }

    /// <summary>Reads the parts of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="getFileName">
    /// What a part is called on this machine, from its name and its file name, before a byte of it is kept; its errors refuse the request.
    /// </param>
    /// <returns>A task that ends with the last part.</returns>
    /// <exception cref="StickyException"><c>InvalidUpload</c>; those of <paramref name="getFileName"/>.</exception>
    public async Task ReadAsync(HttpContext context, Func<string, string?, string> getFileName)
    {
        if (!TryOpen(context, out MultipartReader? reader))
        {
            return;
        }

        while (await ReadAsync(() => reader.ReadNextSectionAsync(context.RequestAborted)) is MultipartSection section)
        {
            if (section.GetContentDispositionHeader() is not { } header)
            {
                continue;
            }

            string name = HeaderUtilities.RemoveQuotes(header.Name).Value ?? "";
            string? sent = (header.FileNameStar.HasValue ? header.FileNameStar : HeaderUtilities.RemoveQuotes(header.FileName)).Value;
            string fileName;
            try
            {
                fileName = getFileName(name, sent);
            }
            catch (StickyException e)
            {
                throw e.At(name);
            }

            // Two parts may be called the same.
            string path = Path.Combine(MakeFolder(Path.GetRandomFileName()), fileName);
            await CopyAsync(section.Body, path, context.RequestAborted);
            Files.Add(new UploadedFile(name, path));
        }
    }

    /// <summary>Writes what comes into a file.</summary>
    /// <param name="body">The body of a part.</param>
    /// <param name="path">The file, which is new.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A task that ends when the file is whole.</returns>
    /// <exception cref="StickyException"><c>InvalidUpload</c>.</exception>
    public static async Task CopyAsync(Stream body, string path, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            while (await ReadAsync(() => body.ReadAtLeastAsync(buffer, BufferSize, throwOnEndOfStream: false, cancellationToken).AsTask()) is > 0 and int read)
            {
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads from a body; where that ends early, or is not of its format, the request is to blame.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="read">Reads it.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="StickyException"><c>InvalidUpload</c>.</exception>
    public static async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not (BadHttpRequestException or ConnectionResetException)))
        {
            throw InputErrors.Invalid("", "InvalidUpload", $"The body is no whole multipart/form-data: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
