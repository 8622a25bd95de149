using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StickyPi.Core;
using StickyPi.Core.Stores;
using StickyPi.Server.Errors;

namespace StickyPi.Tests;

/// <summary>What is said of a store that cannot be used at the moment.</summary>
public sealed class HealthTests
{
    [SkippableFact]
    public async Task Ready_is_what_can_answer_requests_and_a_catalog_that_is_put_back_needs_no_restart()
    {
        Skip.If(OperatingSystem.IsWindows(), "An open file cannot be replaced there.");
        await using LabServer server = new();
        await server.InitializeAsync();
        using HttpClient anybody = server.Client();
        using HttpClient reader = server.Client(LabServer.Reader);
        string path = Store.GetDatabasePath(server["store"]);
        File.Copy(path, path + "-kept");
        await AssertAsync(HttpStatusCode.OK);

        File.Delete(path);
        await AssertAsync(HttpStatusCode.ServiceUnavailable);
        Assert.False(File.Exists(path));

        await File.WriteAllTextAsync(path + "-new", new string('x', 10_000));
        File.Move(path + "-new", path);
        await AssertAsync(HttpStatusCode.ServiceUnavailable);

        File.Move(path + "-kept", path, overwrite: true);
        await AssertAsync(HttpStatusCode.OK);

        async Task AssertAsync(HttpStatusCode expected)
        {
            // The store is not asked each time.
            server.Clock.Advance(TimeSpan.FromSeconds(3));
            Assert.Equal(expected, (await anybody.GetAsync("/health/ready")).StatusCode);
            Assert.Equal(expected, (await reader.GetAsync("/v1/devices")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await anybody.GetAsync("/health/live")).StatusCode);
        }
    }

    [SkippableFact]
    public async Task Ready_says_what_is_even_after_the_clock_was_put_back()
    {
        Skip.If(OperatingSystem.IsWindows(), "An open file cannot be deleted there.");
        await using LabServer server = new();
        await server.InitializeAsync();
        using HttpClient anybody = server.Client();
        Assert.Equal(HttpStatusCode.OK, (await anybody.GetAsync("/health/ready")).StatusCode);

        server.Clock.Jump(TimeSpan.FromDays(-1));
        File.Delete(Store.GetDatabasePath(server["store"]));
        server.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await anybody.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task Whoever_may_send_the_same_again_is_told_when()
    {
        await using LabServer server = new();
        await server.InitializeAsync();

        Assert.Equal((503, "5"), await AnswerAsync(TimeSpan.FromSeconds(4.5)));
        Assert.Equal((503, ""), await AnswerAsync(null));

        async Task<(int Status, string RetryAfter)> AnswerAsync(TimeSpan? retryAfter)
        {
            DefaultHttpContext context = new();
            StickyException error = new("StoreUnavailable", StickyErrorKind.StoreUnavailable, "It is locked.") { RetryAfter = retryAfter };
            await new ErrorAnswers(_ => throw error, server.Services.GetRequiredService<ErrorDescriptions>(), NullLogger<ErrorAnswers>.Instance)
                .InvokeAsync(context);
            return (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString());
        }
    }
}
