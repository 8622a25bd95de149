using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Server.Errors;
using StickyPi.Server.V1;

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
        error.Message.Hide(Path, System.IO.Path.GetFileName(Path)),
        Name,
        error.RecommendedAction,
        error)
    { Field = Name, Service = error.Service };
}

/// <summary>The parts of a request of <c>multipart/form-data</c>, each streamed into a file of its own, which ends with the request.</summary>
/// <param name="context">The request.</param>
internal sealed class UploadedParts(HttpContext context) : IDisposable
{
    // What RFC 2046 allows; the reader refuses only what its buffer can't hold, as a failure of the server.
    private const int BoundaryLimit = 70;

    private readonly UploadFolder _folder = context.RequestServices.GetRequiredService<Uploads>().Create();

    /// <summary>The files, in the order of the parts.</summary>
    public List<UploadedFile> Files { get; } = [];

    /// <summary>Makes a folder of this upload.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its path.</returns>
    public string MakeFolder(string name) => Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName;

    /// <summary>Whether a request has parts at all.</summary>
    /// <param name="context">The request.</param>
    /// <param name="reader">What reads them.</param>
    /// <returns>Whether it has.</returns>
    public static bool TryOpen(HttpContext context, [NotNullWhen(true)] out MultipartReader? reader)
    {
        reader = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= BoundaryLimit } boundary
                ? new MultipartReader(boundary, context.Request.Body)
                : null;
        return reader is not null;
    }

    /// <summary>Reads the parts of the request.</summary>
    /// <param name="getFileName">
    /// What a part is called on this machine, from its name and its file name, before a byte of it is kept; its errors refuse the request.
    /// </param>
    /// <returns>A task that ends with the last part.</returns>
    /// <exception cref="StickyException"><c>InvalidUpload</c>; those of <paramref name="getFileName"/>.</exception>
    public async Task ReadAsync(Func<string, string?, string> getFileName)
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

            Files.Add(new UploadedFile(name, (await ReceiveAsync(section.Body, fileName)).Path));
        }
    }

    /// <summary>Writes what comes into a file.</summary>
    /// <param name="body">The body of a part.</param>
    /// <param name="fileName">What it is called; others may be called the same.</param>
    /// <returns>The file.</returns>
    /// <exception cref="StickyException"><c>InvalidUpload</c>; <c>FileNotWritten</c>, <c>StorageFull</c>.</exception>
    public async Task<LocalFile> ReceiveAsync(Stream body, string fileName) =>
        (await ReadAsync(() => _folder.ReceiveAsync(body, Path.Combine(Path.GetRandomFileName(), fileName), context.RequestAborted))).File;

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
            throw InputErrors.Invalid("", "InvalidUpload", $"The body is no whole multipart/form-data: {OneLine.Quote(e)}.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
