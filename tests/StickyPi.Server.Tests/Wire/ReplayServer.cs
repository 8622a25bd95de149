using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using StickyPi.Core;
using StickyPi.Core.Remote;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Providers;

namespace StickyPi.Tests.Wire;

/// <summary>A request as it came.</summary>
public sealed record ReplayedRequest(string Method, string Path, string? Authorization, string? ContentType, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The parts of a body of multipart/form-data, with their bytes.</summary>
    public async Task<IReadOnlyList<(string Name, string? FileName, byte[] Body)>> ReadPartsAsync()
    {
        List<(string, string?, byte[])> parts = [];
        string boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(ContentType).Boundary).Value!;
        MultipartReader reader = new(boundary, new MemoryStream(Body));
        while (await reader.ReadNextSectionAsync() is MultipartSection section)
        {
            using MemoryStream body = new();
            await section.Body.CopyToAsync(body);
            ContentDispositionHeaderValue header = section.GetContentDispositionHeader()!;
            parts.Add((header.Name.Value!, header.FileName.Value, body.ToArray()));
        }

        return parts;
    }
}

/// <summary>
/// The existing server, as far as it was captured: a real listener that answers each operation with what was captured of it, one answer after the
/// other, the last one for ever; and with files where signed URLs lead to them. What has no answer is unknown to it.
/// </summary>
public sealed class ReplayServer : IAsyncDisposable
{
    private const string Storage = "https://localhost:7443";

    private readonly WebApplication _server;
    private readonly Dictionary<string, Queue<WireExchange>> _answers = [];
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly ConcurrentQueue<ReplayedRequest> _requests = [];

    private ReplayServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public Uri Uri { get; private set; } = null!;

    /// <summary>What was asked, but for log-ins.</summary>
    public IReadOnlyList<ReplayedRequest> Requests => [.. _requests.Where(request => request.Path != "/get_token" && request.Path != "/v1")];

    /// <summary>Starts a server that answers as in some cases.</summary>
    /// <param name="numbers">The numbers of the cases.</param>
    public static async Task<ReplayServer> StartAsync(params int[] numbers)
    {
        ReplayServer server = new();
        server.Add([1, .. numbers]);
        await server._server.StartAsync();
        server.Uri = new Uri(server._server.Urls.First());
        return server;
    }

    /// <summary>Answers as in more cases, after those before.</summary>
    public void Add(params int[] numbers)
    {
        foreach (WireExchange exchange in numbers.SelectMany(number => WireCase.Get(number).Exchanges))
        {
            string path = exchange.IsToStorage ? $"{exchange.Method} {new Uri(exchange.Target).AbsolutePath}" : exchange.Target;
            (_answers.TryGetValue(path, out Queue<WireExchange>? queue) ? queue : _answers[path] = []).Enqueue(exchange);
        }
    }

    /// <summary>Keeps a file where signed URLs lead to it.</summary>
    public void AddFile(string key, byte[] content) => _files[$"/sticky-pi-api-dev/{key}"] = content;

    /// <summary>Connects to it as to any server.</summary>
    public async Task<IRemoteStore> ConnectAsync()
    {
        using Secret password = new("secret");
        return await RemoteConnection.OpenAsync(new RemoteOptions { Uri = Uri, UserName = "admin", Password = password }, new StickyProviders());
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        string path = context.Request.Path.Value!;
        _requests.Enqueue(new ReplayedRequest(
            context.Request.Method, path, context.Request.Headers.Authorization, context.Request.ContentType, body.ToArray()));
        if (HttpMethods.IsGet(context.Request.Method) && _files.TryGetValue(path, out byte[]? file))
        {
            await Results.File(file, "binary/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);
            return;
        }

        WireExchange answer;
        lock (_answers)
        {
            const int LogInOfNobody = 4;
            bool isNobody = path == "/get_token" && context.Request.Headers.Authorization.Count == 0;
            Queue<WireExchange>? queue = (isNobody ? new([WireCase.Get(LogInOfNobody).Exchanges[0]]) : _answers.GetValueOrDefault(path))
                ?? _answers.GetValueOrDefault($"{context.Request.Method} {path}")
                ?? (path == "/get_users" ? new([WireCase.Get(15).Exchanges[0]]) : new([WireCase.Get(97).Exchanges[0]]));
            answer = queue.Count > 1 ? queue.Dequeue() : queue.Peek();
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ResponseHeaders.GetValueOrDefault("Content-Type");
        if (answer.Status != StatusCodes.Status204NoContent)
        {
            string text = answer.ResponseBody
                .Replace(Storage, Uri.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal)
                .Replace("1795257733", DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            await context.Response.WriteAsync(text);
        }
    }
}
