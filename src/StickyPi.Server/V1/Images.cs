using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Server.Access;
using StickyPi.Server.Configuration;
using StickyPi.Server.Files;

namespace StickyPi.Server.V1;

/// <summary>Pictures.</summary>
internal static class Images
{
    private const string Jpeg = "image/jpeg";

    private static readonly Parameter ContentMd5 = Parameters.Header("Content-MD5", "The MD5 of the body, in Base64.") with { IsRequired = true };

    /// <summary>Maps the routes.</summary>
    /// <param name="v1">Where they go.</param>
    public static void MapImages(this IEndpointRouteBuilder v1)
    {
        RouteGroupBuilder images = v1.MapGroup("/images").WithTags("Images");
        _ = images.MapOperation("GET", "", "ListImages", Roles.Reader, List, "Lists pictures, ordered by device and time.")
            .GivesList<StickyImage>(
                Parameters.Device, Parameters.StartTime, Parameters.EndTime, Parameters.ImageWhat, Parameters.Skip, Parameters.First, Parameters.IncludeTotal);
        _ = images.MapOperation("GET", "/count", "CountImages", Roles.Reader, Count, "Counts pictures.")
            .Takes(Parameters.Device, Parameters.StartTime, Parameters.EndTime)
            .Gives<ApiCount>();
        _ = images.MapOperation("POST", "/find", "FindImages", Roles.Reader, Find, "Looks up exact pictures; one that the store does not have gives no value.")
            .Takes(Parameters.ImageWhat)
            .TakesBatch<ImageReference>()
            .GivesOutcomes<StickyImage>();
        _ = images.MapOperation("POST", "/delete", "DeleteImages", Roles.Administrator, DeleteMany, "Deletes exact pictures, with all that hangs on them.")
            .TakesBatch<ImageReference>()
            .GivesOutcomes<StickyImage>();
        _ = images.MapOperation("GET", "/{device}/{dateTime}", "GetImage", Roles.Reader, Get, "Gets what is known of a picture.")
            .Takes(Parameters.ImageWhat)
            .Gives<StickyImage>()
            .Fails(StatusCodes.Status404NotFound);
        _ = images.MapOperation("PUT", "/{device}/{dateTime}", "SendImage", Roles.Writer, Send, "Brings a picture into the store; the same one again is skipped. Only administrators may force it into the place of another one.")
            .Takes(ContentMd5, Parameters.Force, Parameters.Strict, Parameters.Simulate)
            .TakesBody<Stream>(BodyKind.Image, Jpeg)
            .Gives<ApiSentImage>()
            .Gives<ApiSentImage>(StatusCodes.Status201Created)
            .Fails(StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge);
        _ = images.MapOperation("DELETE", "/{device}/{dateTime}", "DeleteImage", Roles.Administrator, Delete, "Deletes a picture, with all that hangs on it.")
            .Gives<StickyImage>()
            .Fails(StatusCodes.Status404NotFound);
        _ = images.MapOperation("GET", "/{device}/{dateTime}/{what}", "GetImageFile", Roles.Reader, GetFile, "Gets a picture or a thumbnail of it, whole or in part.")
            .Gives<Stream>(mediaType: Jpeg)
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status416RangeNotSatisfiable);
    }

    private static IResult List(HttpContext context)
    {
        Store store = context.GetStore();
        ImageSeriesQuery query = context.Series() with
        {
            What = context.Choice<ImageContent>(Parameters.ImageWhat),
            Skip = context.Number(Parameters.Skip) ?? 0,
            First = context.Number(Parameters.First),
        };
        return new Paging<StickyImage, StickyImage>(image => image, ApiJson.Default.StickyImage, ApiJson.Default.ApiPageStickyImage)
        {
            Items = (cursor, stop) => cursor is null
                ? store.GetImageSeriesAsync(query, stop)
                : store.GetImageSeriesAsync(
                    query with { Skip = 0, First = query.First is long first ? Math.Max(first - cursor.Given, 0) : null },
                    new ImageReference(cursor.Text(0), cursor.Time(1)),
                    stop),
            Position = image => [image.Device, Cursor.Text(image.DateTime.Ticks)],
            Count = context.Flag(Parameters.IncludeTotal)
                ? async stop => Math.Clamp(await store.CountImageSeriesAsync(query, stop) - query.Skip, 0, query.First ?? long.MaxValue)
                : null,
        };
    }

    private static async Task<IResult> Count(HttpContext context) => Operations.Answer(
        new ApiCount(await context.GetStore().CountImageSeriesAsync(context.Series(), context.RequestAborted)), ApiJson.Default.ApiCount);

    private static Task<IResult> Find(HttpContext context)
    {
        Store store = context.GetStore();
        ImageContent what = context.Choice<ImageContent>(Parameters.ImageWhat);
        return Batch.AnswerAsync<ImageReference, StickyImage>(
            context,
            ApiJson.Default.ApiOutcomeStickyImage,
            async (references, stop) => (await store.GetImagesAsync(references, what, stop)).Select(image => new ApiOutcome<StickyImage>(image)));
    }

    private static Task<IResult> DeleteMany(HttpContext context)
    {
        Store store = context.GetStore();
        return Batch.AnswerAsync<ImageReference, StickyImage>(
            context,
            ApiJson.Default.ApiOutcomeStickyImage,
            async (references, stop) =>
                (await store.RemoveImagesAsync(references, stop)).Select(context.Tell));
    }

    private static async Task<IResult> Get(HttpContext context)
    {
        ImageReference reference = context.Image();
        ImageContent what = context.Choice<ImageContent>(Parameters.ImageWhat);
        StickyImage? image = (await context.GetStore().GetImagesAsync([reference], what, context.RequestAborted))[0];
        return Operations.Answer(image ?? throw StoreBase.ImageNotFound(reference), ApiJson.Default.StickyImage);
    }

    private static async Task<IResult> Send(HttpContext context)
    {
        ImageReference reference = context.Image();
        byte[] announced = ReadMd5(context);
        bool simulate = context.Flag(Parameters.Simulate);
        SendImageStatus? planned = null;
        SendImageOptions options = new()
        {
            Force = context.Flag(Parameters.Force),
            Strict = context.Flag(Parameters.Strict),
            Clock = context.RequestServices.GetRequiredService<TimeProvider>(),
            Simulate = simulate,
            MayReplace = context.User.IsInRole(Roles.Administrator),
            Remember = false,
            Parallelism = 1,
            Md5 = Convert.ToHexStringLower(announced),
            Confirm = (_, status, _) =>
            {
                planned = status;
                return new(!simulate);
            },
        };

        using UploadFolder folder = context.RequestServices.GetRequiredService<Uploads>().Create();
        (LocalFile file, byte[] md5) = await folder.ReceiveAsync(context.Request.Body, reference.FileName, context.RequestAborted);
        if (!CryptographicOperations.FixedTimeEquals(md5, announced))
        {
            throw new StickyException(
                "Md5Mismatch",
                StickyErrorKind.InvalidData,
                $"What came of '{reference.FileName}', {file.Size:N0} bytes, has the MD5 {Convert.ToHexStringLower(md5)}, and not "
                    + $"{Convert.ToHexStringLower(announced)} as was said.",
                reference.FileName,
                "Send it again.")
            { Field = ContentMd5.Name };
        }

        await foreach (Outcome<SendImageResult> outcome in context.GetStore().SendImagesAsync(
            new[] { file.Path }.ToAsyncEnumerable(), options, context.RequestAborted))
        {
            SendImageResult result = outcome.Value ?? throw folder.Localize(outcome.Error!);
            return Answer(result.Status, result.Image, folder.Localize(result.Warning));
        }

        return Answer(planned!.Value, image: null);
    }

    private static IResult Answer(SendImageStatus status, StickyImage? image, string? warning = null) => Operations.Answer(
        new ApiSentImage(status, image, warning),
        ApiJson.Default.ApiSentImage,
        status == SendImageStatus.Added && image is not null ? StatusCodes.Status201Created : StatusCodes.Status200OK);

    private static async Task<IResult> Delete(HttpContext context)
    {
        Outcome<StickyImage> outcome = (await context.GetStore().RemoveImagesAsync([context.Image()], context.RequestAborted))[0];
        return Operations.Answer(outcome.Value ?? throw outcome.Error!, ApiJson.Default.StickyImage);
    }

    private static async Task<IResult> GetFile(HttpContext context)
    {
        ImageReference reference = context.Image();
        ImageContent what = RequestValues.Choice<ImageContent>("what", context.Path("what"));
        if (what == ImageContent.Metadata)
        {
            throw RequestValues.Invalid("what", "is 'metadata', which is no file", "It is image, thumbnail or thumbnail-mini.");
        }

        // Most clients ask for what they have. The row of a picture tells its MD5, and tells of another one that replaces it.
        Store store = context.GetStore();
        StickyImage image = (await store.GetImagesAsync([reference], cancellationToken: context.RequestAborted))[0]
            ?? throw StoreBase.ImageNotFound(reference);
        return what == ImageContent.Image && StoredFile.AnswerKnown(context, image.Md5) is IResult known
            ? known
            : StoredFile.Answer(await OpenAsync(), Jpeg, async () => await OpenAsync());

        ValueTask<StoredObject> OpenAsync() => store.OpenImageAsync(image, what, context.RequestAborted);
    }

    private static byte[] ReadMd5(HttpContext context)
    {
        byte[] md5 = new byte[MD5.HashSizeInBytes];
        return Convert.TryFromBase64String(context.Header(ContentMd5)!, md5, out int length) && length == md5.Length
            ? md5
            : throw RequestValues.Invalid(ContentMd5.Name, "is no MD5 in Base64", "It has 24 characters, for instance 'rL0Y20zC+Fzt72VPzMSk2A=='.");
    }
}
