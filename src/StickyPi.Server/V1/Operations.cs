using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;
using StickyPi.Core.Remote.Api;
using StickyPi.Server.Configuration;
using StickyPi.Server.Errors;

namespace StickyPi.Server.V1;

/// <summary>Maps operations, with all that OpenAPI tells of them.</summary>
internal static class Operations
{
    private const string Json = "application/json";

    /// <summary>Maps one operation.</summary>
    /// <param name="routes">Where it goes.</param>
    /// <param name="method">The HTTP method; a GET is a HEAD as well.</param>
    /// <param name="pattern">The path below that of <paramref name="routes"/>.</param>
    /// <param name="name">What it is called, as a command is: <c>ListImages</c>.</param>
    /// <param name="role">The least role that may do it.</param>
    /// <param name="handler">Does it: a function of <see cref="HttpContext"/>.</param>
    /// <param name="summary">What it does, in a sentence.</param>
    /// <returns>The route.</returns>
    public static RouteHandlerBuilder MapOperation(
        this IEndpointRouteBuilder routes, string method, string pattern, string name, string role, Delegate handler, string summary) =>
        routes.MapMethods(pattern, method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [method], handler)
            .WithName(name)
            .WithSummary(summary)
            .RequireAuthorization(role)
            .Fails(StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden);

    /// <summary>Says which parameters an operation takes; it refuses all others.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params Parameter[] parameters) =>
        route.WithMetadata(new TakenParameters(parameters));

    /// <summary>Says that an operation takes a batch: lines, or an array. Only what is written to the store may be larger than other JSON.</summary>
    public static RouteHandlerBuilder TakesBatch<T>(this RouteHandlerBuilder route, BodyKind kind = BodyKind.Json) =>
        route.WithMetadata(new TakenBody([Streaming.Lines, Json], typeof(T), kind));

    /// <summary>Says what body an operation takes.</summary>
    public static RouteHandlerBuilder TakesBody<T>(this RouteHandlerBuilder route, BodyKind kind = BodyKind.Json, params string[] mediaTypes) =>
        route.WithMetadata(new TakenBody(mediaTypes.Length == 0 ? [Json] : mediaTypes, typeof(T), kind));

    /// <summary>Says that an operation answers with one value.</summary>
    public static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder route, int status = StatusCodes.Status200OK, string mediaType = Json) =>
        route.WithMetadata(new GivenAnswer(status, mediaType, typeof(T)));

    /// <summary>Says that an operation answers with a list, in pages or as lines.</summary>
    public static RouteHandlerBuilder GivesList<T>(this RouteHandlerBuilder route, params Parameter[] parameters) => route
        .Takes([.. parameters, Parameters.Cursor, Parameters.PageSize])
        .Gives<ApiPage<T>>()
        .Gives<T>(mediaType: Streaming.Lines);

    /// <summary>Says that an operation answers with one outcome for each item of a batch, as lines or as an array.</summary>
    public static RouteHandlerBuilder GivesOutcomes<T>(this RouteHandlerBuilder route)
        where T : class => route
        .Gives<IReadOnlyList<ApiOutcome<T>>>()
        .Gives<ApiOutcome<T>>(mediaType: Streaming.Lines);

    /// <summary>Says with which errors a whole operation may fail.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, params int[] statuses) =>
        route.WithMetadata([.. statuses.Select(status => new GivenAnswer(status, ErrorAnswers.MediaType, typeof(ApiError)))]);

    /// <summary>An answer of one value, with an ETag by which it is asked whether that has changed.</summary>
    public static IResult AnswerTagged<T>(T value, JsonTypeInfo<T> type)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        return Results.Bytes(json, Json, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(MD5.HashData(json))}\""));
    }

    /// <summary>An answer of one value.</summary>
    public static IResult Answer<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) => Results.Json(value, type, statusCode: status);
}

/// <summary>What body an operation takes.</summary>
/// <param name="MediaTypes">Its media types.</param>
/// <param name="Type">What it is, or, of a batch, what each of its items is.</param>
/// <param name="Kind">What it holds, which says how large it may be.</param>
internal sealed record TakenBody(IReadOnlyList<string> MediaTypes, Type Type, BodyKind Kind);

/// <summary>What an operation may answer.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="MediaType">The media type.</param>
/// <param name="Type">What it is.</param>
internal sealed record GivenAnswer(int Status, string MediaType, Type Type);
