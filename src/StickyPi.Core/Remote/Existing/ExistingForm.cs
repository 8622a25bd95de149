using System.Net.Http.Headers;

namespace StickyPi.Core.Remote.Existing;

/// <summary>
/// A body of <c>multipart/form-data</c> as the existing client writes it: with names in quotes and a boundary without, and each name once, since
/// the servers behind the existing API read other forms differently.
/// </summary>
internal static class ExistingForm
{
    /// <summary>Makes an empty form.</summary>
    /// <returns>The form.</returns>
    public static MultipartFormDataContent Create()
    {
        string boundary = Guid.NewGuid().ToString("N");
        MultipartFormDataContent form = new(boundary);
        form.Headers.ContentType = new MediaTypeHeaderValue("multipart/form-data") { Parameters = { new NameValueHeaderValue("boundary", boundary) } };
        return form;
    }

    /// <summary>Adds a part.</summary>
    /// <param name="form">The form.</param>
    /// <param name="name">The name of the part, without quotes in it.</param>
    /// <param name="fileName">The name of the file, without quotes in it; null where the part is none.</param>
    /// <param name="mediaType">What it is; null to leave that open.</param>
    /// <param name="content">Its bytes.</param>
    public static void AddPart(this MultipartFormDataContent form, string name, string? fileName, string? mediaType, HttpContent content)
    {
        content.Headers.ContentType = mediaType is null ? null : new MediaTypeHeaderValue(mediaType);
        content.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
        {
            Name = $"\"{name}\"",
            FileName = fileName is null ? null : $"\"{fileName}\"",
        };
        form.Add(content);
    }
}
