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
/// alike. Theirs is a policy, which says what may be uploaded, by whom and until when, and its signature. A form is good for one upload,
/// and ends with the password of the user who asked for it, or with that user, as tokens do.
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
    private const int IdLength = 16;

    // A policy holds a key, which may have 1,024 bytes, each escaped and then in Base64.
    private const int MaxFieldSize = 8 * 1024;

    // Whoever asks for forms uploads one file after the other, and the last may have to wait for a long time.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Makes a form.</summary>
    /// <param name="context">The request that asks for it.</param>
    /// <param name="file">What it is to upload.</param>
    /// <returns>The form.</returns>
    public ExistingUploadForm Create(HttpContext context, UploadCandidate file)
    {
        if (store.CreateUploadForm(file.Key, Lifetime, options.GetMaxSize(BodyKind.Object)) is PresignedPost post)
        {
            return new ExistingUploadForm(post.Fields, post.Url);
        }

        DateTimeOffset expires = clock.GetUtcNow() + Lifetime;
        Signatory user = context.GetLogIn().Signatory;
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength));
        string policy = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
            new UploadPolicy(file.Key, file.ETag, file.ModifiedTime, expires.ToUnixTimeSeconds(), user.User.Id, id),
            UploadJson.Default.UploadPolicy));
        Dictionary<string, string> fields = new()
        {
            [KeyField] = file.Key,
            [PolicyField] = policy,
            [SignatureField] = Base64Url.EncodeToString(Sign(policy, user)),
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

        // Nobody is known before the signature has come, so everything in front of the file must come soon.
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(TimeSpan.FromSeconds(options.HeaderSeconds));
        try
        {
            await ReceiveAsync(context, reader, fields, deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The fields of the form took too long to arrive", StatusCodes.Status408RequestTimeout);
        }
    }

    private async Task ReceiveAsync(
        HttpContext context, MultipartReader reader, Dictionary<string, string> fields, CancellationTokenSource deadline)
    {
        while (await UploadedParts.ReadAsync(() => reader.ReadNextSectionAsync(deadline.Token)) is MultipartSection section)
        {
            string name = section.GetContentDispositionHeader() is { } header ? HeaderUtilities.RemoveQuotes(header.Name).Value ?? "" : "";
            if (name == FileField)
            {
                deadline.CancelAfter(Timeout.InfiniteTimeSpan);
                await StoreAsync(context, await VerifyAsync(fields, context.RequestAborted), section.Body);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            if (name is not (KeyField or PolicyField or SignatureField) || fields.ContainsKey(name))
            {
                throw InputErrors.Invalid(
                    name, "InvalidUpload", $"A form has the fields {KeyField}, {PolicyField} and {SignatureField}, each once and as it was given out, and then {FileField}.");
            }

            fields[name] = await ReadFieldAsync(section.Body, name, deadline.Token);
        }

        throw InputErrors.Invalid(FileField, "InvalidUpload", $"The form has no field '{FileField}'.");
    }

    private async Task StoreAsync(HttpContext context, UploadPolicy policy, Stream body)
    {
        using UploadedParts parts = new(context);
        LocalFile file = await parts.ReceiveAsync(body, "content");
        File.SetLastWriteTimeUtc(file.Path, policy.ModifiedTime);

        // Only now: an upload that broke off, or had another content, is sent again with the same form.
        if (!await store.TryUseAsync(policy.Id, DateTimeOffset.FromUnixTimeSeconds(policy.Expires).UtcDateTime, context.RequestAborted))
        {
            throw Refused();
        }

        try
        {
            _ = await store.SendStorageItemAsync(
                policy.Key, file with { ModifiedTime = File.GetLastWriteTimeUtc(file.Path) }, policy.ETag, context.RequestAborted);
        }
        catch
        {
            await store.TakeBackUseAsync(policy.Id, CancellationToken.None);
            throw;
        }
    }

    private async ValueTask<UploadPolicy> VerifyAsync(Dictionary<string, string> fields, CancellationToken cancellationToken)
    {
        string text = fields.GetValueOrDefault(PolicyField, "");
        return Read(text) is UploadPolicy policy
            && policy.Expires > clock.GetUtcNow().ToUnixTimeSeconds()
            && fields.GetValueOrDefault(KeyField) == policy.Key
            && await store.FindSignatoryAsync(policy.User, cancellationToken) is Signatory user
            && (user.User.CanWrite || user.User.IsAdmin)
            && Signatures.IsGood(fields.GetValueOrDefault(SignatureField), Sign(text, user))
            && !await store.WasUsedAsync(policy.Id, cancellationToken)
                ? policy
                : throw Refused();
    }

    private static StickyException Refused() => new(
        "FormRefused",
        StickyErrorKind.AccessDenied,
        "The form was used, has expired, or was not made by this server for a user who may still upload.",
        recommendedAction: "Ask for a new one with _get_ml_bundle_upload_links.");

    // Says who would have signed it; whether they have is seen later.
    private static UploadPolicy? Read(string policy)
    {
        try
        {
            return JsonSerializer.Deserialize(Base64Url.DecodeFromChars(policy), UploadJson.Default.UploadPolicy);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    private static byte[] Sign(string policy, Signatory user) =>
        HMACSHA256.HashData(user.Key.Span, Encoding.UTF8.GetBytes($"{Purpose}\n{policy}"));

    private static async Task<string> ReadFieldAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxFieldSize + 1];
        int length = await UploadedParts.ReadAsync(() => body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).AsTask());
        return length <= MaxFieldSize
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : throw InputErrors.Invalid(name, "InvalidUpload", string.Create(CultureInfo.InvariantCulture, $"The field '{name}' is longer than {MaxFieldSize} bytes."));
    }
}
