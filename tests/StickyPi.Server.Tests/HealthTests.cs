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
    public async Task A_store_that_can_only_be_read_is_served_and_a_change_is_told_why_not()
    {
        Rights.SkipIfThereAreNone();
        await using LabServer server = new();
        await server.InitializeAsync();
        _ = await server.Store.SendImagesAsync(Pictures.WriteSeries(server["card"], "5c173ff2", 1).ToAsyncEnumerable(), new()).ToListAsync();
        await server.StopAsync();
        string[] folders = [server["store"], .. Directory.GetDirectories(server["store"], "*", SearchOption.AllDirectories)];
        SetMode(folders, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        SetMode(Directory.GetFiles(server["store"], "*", SearchOption.AllDirectories), UnixFileMode.UserRead);
        try
        {
            await server.StartAsync();
            using HttpClient administrator = server.Client(LabServer.Administrator);

            Assert.Equal(HttpStatusCode.OK, (await administrator.GetAsync("/health/ready")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await administrator.GetAsync("/v1/images/5c173ff2/2021-06-01_00-00-00/image")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await administrator.PostAsync("/v1/token", null)).StatusCode);
            Assert.StartsWith("SQLite format 3", await administrator.GetStringAsync("/v1/catalog"), StringComparison.Ordinal);
            _ = await administrator.DeleteAsync("/v1/images/5c173ff2/2021-06-01_00-00-00").AssertRefusedAsync(500, "StoreReadOnly");
            _ = await administrator.PutAsync("/v1/objects/a.txt", new ByteArrayContent([1])).AssertRefusedAsync(500, "FileNotWritten");
        }
        finally
        {
            SetMode(folders, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        static void SetMode(string[] paths, UnixFileMode mode)
        {
            foreach (string path in paths)
            {
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(path, mode);
                }
            }
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
