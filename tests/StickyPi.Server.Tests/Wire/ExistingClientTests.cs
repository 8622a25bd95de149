using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace StickyPi.Tests.Wire;

/// <summary>
/// The existing client itself, in Python, works against this server without a change. It is in no package registry, so this is a trial:
/// <c>trials/run.sh python</c> runs it, with the Python that <c>STICKYPI_TEST_PYTHON</c> names and a checkout of the client, branch
/// <c>main</c>, that <c>STICKYPI_TEST_PYTHON_CLIENT</c> names; without that, with the client that this Python has.
/// </summary>
[Trait(Trials.Trait, Trials.Whole)]
public sealed class ExistingClientTests(LabServer server) : IClassFixture<LabServer>
{
    [SkippableFact]
    public async Task The_existing_client_does_all_it_can_do()
    {
        SampleData.SkipIfAbsent();
        JsonNode result = await RunAsync(
            "existing_client.py",
            server,
            LabServer.Administrator,
            Path.GetDirectoryName(SampleData.RawImages)!,
            Directory.CreateDirectory(server["python"]).FullName);

        Assert.Equal(5, result["put_images"]!.AsArray().Count);
        Assert.All(result["put_images"]!.AsArray(), row => Assert.True(row!["id"]!.GetValue<long>() > 0));
        Assert.Empty(result["put_images_again"]!.AsArray());
        Assert.Contains("ImageExists", result["put_the_same"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(5, result["series"]!.AsArray().Count);
        Assert.Equal(Enumerable.Repeat("image/jpeg", 5), result["fetched"]!.AsArray().Select(type => type!.GetValue<string>()));

        Assert.Equal(LabServer.Administrator, Assert.Single(result["put_annotations"]!.AsArray())!["api_user"]!.GetValue<string>());
        Assert.Contains("contour", Assert.Single(result["annotations"]!.AsArray())!["json"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(5, result["joined"]!.AsArray().Count);
        Assert.Equal(3, result["put_tuboids"]!.AsArray().Count);
        Assert.Equal(3, result["tuboids"]!.AsArray().Count);
        _ = Assert.Single(result["put_labels"]!.AsArray());
        Assert.Equal("test", result["labels"]!.AsArray().Select(row => row!["order_itc"]?.GetValue<string>()).Single(order => order is not null));
        Assert.Equal(["grace", "mary"], result["put_users"]!.AsArray().Select(row => row!["username"]!.GetValue<string>()));
        Assert.Equal(5, result["users"]!.AsArray().Count);
        Assert.Contains("UserExists", result["put_user_again"]!.GetValue<string>(), StringComparison.Ordinal);

        // A large model that is merely newer is not uploaded again, as the existing server would have it.
        Assert.Equal(5, result["put_bundle"]!.AsArray().Count);
        Assert.Empty(result["put_bundle_again"]!.AsArray());
        Assert.Empty(result["put_bundle_touched"]!.AsArray());
        Assert.Equal(5, result["get_bundle"]!.AsArray().Count);
        Assert.Empty(result["get_bundle_again"]!.AsArray());
        Assert.True(result["equal"]!.GetValue<bool>());
        _ = Assert.Single(result["delete_tuboids"]!.AsArray());
        _ = Assert.Single(result["delete_images"]!.AsArray());
        Assert.Equal(4, result["left"]!.GetValue<int>());
    }

    [SkippableFact]
    public async Task The_twelve_tests_of_the_existing_client_itself_pass()
    {
        // They add a user of the name that our administrator has.
        const string Other = "admin";
        await using LabServer own = new();
        await own.InitializeAsync();
        await own.AddUserAsync(Other, isAdmin: true, canWrite: true);
        Assert.True((await own.Store.RemoveUserAsync(LabServer.Administrator)).Succeeded);

        JsonNode result = await RunAsync("existing_suite.py", own, Other, "3");

        Assert.Equal("{}", result["failed"]!.ToJsonString());
        Assert.Equal((12, 0), (result["ran"]!.GetValue<int>(), result["skipped"]!.GetValue<int>()));
    }

    private static async Task<JsonNode> RunAsync(string script, LabServer server, string user, params string[] arguments)
    {
        string? python = Environment.GetEnvironmentVariable("STICKYPI_TEST_PYTHON");
        Skip.If(python is null, "Set STICKYPI_TEST_PYTHON to a Python that has the existing client, sticky_pi_api, or what that needs.");
        ProcessStartInfo start = new(python!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "Wire", "python", script),
                server.Uri.Host,
                server.Uri.Port.ToString(CultureInfo.InvariantCulture),
                user,
                LabServer.Password,
            },
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (Environment.GetEnvironmentVariable("STICKYPI_TEST_PYTHON_CLIENT") is string checkout)
        {
            string? more = Environment.GetEnvironmentVariable("PYTHONPATH");
            start.Environment["PYTHONPATH"] = $"{Path.Combine(checkout, "src")}{(more is null ? "" : $"{Path.PathSeparator}{more}")}";
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return JsonNode.Parse((await output).Split('\n')[^1])!;
    }
}
