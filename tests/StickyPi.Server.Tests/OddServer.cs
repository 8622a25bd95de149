using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StickyPi.Tests;

/// <summary>
/// A server on loopback that answers as a test wants, because a real one cannot be made to: wrongly, half, or not at all. Real sockets;
/// it may stand before a real server, and pass on what goes well.
/// </summary>
public sealed class OddServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _behind = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    private OddServer(WebApplication server) => _server = server;

    public Uri Uri { get; private set; } = null!;

    /// <summary>Every request that came, in order: method and path.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Starts a server.</summary>
    /// <param name="answer">What answers.</param>
    /// <param name="certificate">The certificate for TLS; null for none.</param>
    public static async Task<OddServer> StartAsync(Func<OddServer, HttpContext, Task> answer, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.Listen(
            IPAddress.Loopback,
            0,
            listen =>
            {
                if (certificate is not null)
                {
                    _ = listen.UseHttps(certificate);
                }
            }));
        OddServer odd = new(builder.Build());
        odd._server.Run(async context =>
        {
            odd.Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
            await answer(odd, context);
        });
        await odd._server.StartAsync();
        odd.Uri = new Uri(odd._server.Urls.First());
        return odd;
    }

    public int Count(string request) => Requests.Count(request.Equals);

    /// <summary>Lets a real server answer, and breaks the connection after some bytes of the body.</summary>
    public async Task PassOnAsync(HttpContext context, Uri server, long breakAfter = long.MaxValue)
    {
        using HttpRequestMessage request = new(new HttpMethod(context.Request.Method), new Uri(server, context.Request.Path + context.Request.QueryString))
        {
            Content = context.Request.ContentLength is > 0 || context.Request.Headers.TransferEncoding.Count > 0 ? new StreamContent(context.Request.Body) : null,
        };
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
        {
            if (name is not ("Host" or "Transfer-Encoding") && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values))
            {
                _ = request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
            }
        }

        using HttpResponseMessage response = await _behind.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection"))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[16 * 1024];
        int read;
        while (breakAfter > 0 && (read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, breakAfter)))) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
            await context.Response.Body.FlushAsync();
            breakAfter -= read;
        }

        if (breakAfter == 0)
        {
            // What is on its way when a connection is aborted may be lost with it, and the answer would not have begun.
            await Task.Delay(TimeSpan.FromMilliseconds(50));
            context.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
        _behind.Dispose();
    }
}
