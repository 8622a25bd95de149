using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using StickyPi.Core;
using StickyPi.Core.Remote.Existing;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Server.Access;
using StickyPi.Server.Configuration;

namespace StickyPi.Server.Existing;

/// <summary>
/// Forms with which a client uploads one file of a bundle: a bucket's own where the store has one, else forms of this server, which look
/// alike. Theirs is a policy, which says what may be uploaded and until when, and its signature.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="options">How large a file may be.</param>
/// <param name="clock">The time.</param>
internal sealed class UploadForms(Store store, ServerOptions options, TimeProvider clock)
{
    /// <summary>Where the forms of this server are posted to.</summary>
    public const string Path = "/files";

    private const string Purpose = "StickyPi upload forms";
    private const string KeyField = "key";
    private const string PolicyField = "policy";
    private const string SignatureField = "signature";
    private const string FileField = "file";

    // A policy holds a key, which may have 1,024 bytes, each escaped and then in Base64.
    private const int MaxFieldSize = 8 * 1024;

    // Whoever asks for forms uploads one file after the other, and the last may have to wait for a long time.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly Lazy<Task<byte[]>> _key = new(() => store.DeriveKeyAsync(Purpose).AsTask());

    /// <summary>Makes a form.</summary>
    /// <param name="context">The request that asks for it.</param>
    /// <param name="file">What it is to upload.</param>
    /// <returns>The form.</returns>
    public async ValueTask<ExistingUploadForm> CreateAsync(HttpContext context, UploadCandidate file)
    {
        if (store.CreateUploadForm(file.Key, Lifetime, options.GetMaxSize(BodyKind.Object)) is PresignedPost post)
        {
            return new ExistingUploadForm(post.Fields, post.Url);
        }

        DateTimeOffset expires = clock.GetUtcNow() + Lifetime;
        string policy = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
            new UploadPolicy(file.Key, file.ETag, file.ModifiedTime, expires.ToUnixTimeSeconds()), UploadJson.Default.UploadPolicy));
        Dictionary<string, string> fields = new()
        {
            [KeyField] = file.Key,
            [PolicyField] = policy,
            [SignatureField] = Base64Url.EncodeToString(await SignAsync(policy)),
        };
        return new ExistingUploadForm(fields, new Uri(context.GetRoot() + Path));
    }

    /// <summary>
    /// <c>POST /files</c>: a form that is filled in, with the file in its last field, <c>file</c>. The file appears whole, with the content that
    /// it was announced with, or not at all.
    /// </summary>
    /// <param name="context">The request, of anybody who has a form.</param>
    /// <returns>A task that ends when the file is there.</returns>
    public async Task ReceiveAsync(HttpContext context)
    {
        Dictionary<string, string> fields = [];
        if (!UploadedParts.TryOpen(context, out MultipartReader? reader))
        {
            throw InputErrors.Invalid("", "InvalidUpload", "The body must be multipart/form-data: the fields of a form, and then the file.");
        }

        while (await UploadedParts.ReadAsync(() => reader.ReadNextSectionAsync(context.RequestAborted)) is MultipartSection section)
        {
            string name = section.GetContentDispositionHeader() is { } header ? HeaderUtilities.RemoveQuotes(header.Name).Value ?? "" : "";
            if (name == FileField)
            {
                await StoreAsync(context, await VerifyAsync(fields), section.Body);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            if (name is not (KeyField or PolicyField or SignatureField) || fields.ContainsKey(name))
            {
                throw InputErrors.Invalid(
                    name, "InvalidUpload", $"A form has the fields {KeyField}, {PolicyField} and {SignatureField}, each once and as it was given out, and then {FileField}.");
            }

            fields[name] = await ReadFieldAsync(section.Body, name, context.RequestAborted);
        }

        throw InputErrors.Invalid(FileField, "InvalidUpload", $"The form has no field '{FileField}'.");
    }

    private async Task StoreAsync(HttpContext context, UploadPolicy policy, Stream body)
    {
        using UploadedParts parts = new(context);
        LocalFile file = await parts.ReceiveAsync(body, "content");
        File.SetLastWriteTimeUtc(file.Path, policy.ModifiedTime);

        // What the client says of a file is no ETag where it did not look at it.
        string? etag = ETag.CountParts(policy.ETag) < 0 ? null : policy.ETag;
        _ = await store.SendStorageItemAsync(policy.Key, file with { ModifiedTime = File.GetLastWriteTimeUtc(file.Path) }, etag, context.RequestAborted);
    }

    private async ValueTask<UploadPolicy> VerifyAsync(Dictionary<string, string> fields)
    {
        string policy = fields.GetValueOrDefault(PolicyField, "");
        byte[] signature = await SignAsync(policy);
        UploadPolicy? read = Signatures.IsGood(fields.GetValueOrDefault(SignatureField), signature)
            ? JsonSerializer.Deserialize(Base64Url.DecodeFromChars(policy), UploadJson.Default.UploadPolicy)
            : null;
        return read is not null && fields.GetValueOrDefault(KeyField) == read.Key && read.Expires > clock.GetUtcNow().ToUnixTimeSeconds()
            ? read
            : throw new StickyException(
                "FormRefused",
                StickyErrorKind.AccessDenied,
                "The form has expired, or was not made by this server.",
                recommendedAction: "Ask for a new one with _get_ml_bundle_upload_links.");
    }

    private async ValueTask<byte[]> SignAsync(string policy) => HMACSHA256.HashData(await _key.Value, Encoding.UTF8.GetBytes(policy));

    private static async Task<string> ReadFieldAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxFieldSize + 1];
        int length = await UploadedParts.ReadAsync(() => body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).AsTask());
        return length <= MaxFieldSize
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : throw InputErrors.Invalid(name, "InvalidUpload", string.Create(CultureInfo.InvariantCulture, $"The field '{name}' is longer than {MaxFieldSize} bytes."));
    }
}
