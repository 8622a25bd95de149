using System.Diagnostics;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

/// <summary>What happens where the libvips that ships is missing: that of the system serves, or else the managed engine.</summary>
public sealed class SystemLibvipsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string[] _cards;
    private int _store;

    public SystemLibvipsTests()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Where a libvips of the system would lie is only known for Linux.");
        _cards = Pictures.WriteSeries(_folder["card"], "5c173ff2", 30);
        ProgramWithoutLibvips.Make(_folder["program"]);
    }

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Without_the_bundled_libvips_pictures_are_sent_all_the_same()
    {
        // More than once: a libvips of the system brings its own SQLite along, and what went wrong then went wrong only sometimes.
        for (int run = 0; run < 3; run++)
        {
            await AssertSentAsync([]);
        }
    }

    [SkippableFact]
    public async Task Without_any_libvips_the_managed_engine_makes_the_thumbnails()
    {
        string store = await AssertSentAsync(new() { ["LD_LIBRARY_PATH"] = Decoy() });

        byte[] picture = File.ReadAllBytes(_cards[0]);
        Thumbnails expected = new Providers.StickyProviders("managed").Jpeg.CreateThumbnails(picture, JpegHeader.Read(picture));
        string thumbnail = Directory.EnumerateFiles(store, $"{Path.GetFileName(_cards[0])}.thumbnail", SearchOption.AllDirectories).Single();
        Assert.Equal(expected.Thumbnail, File.ReadAllBytes(thumbnail));
    }

    [SkippableFact]
    public async Task Without_any_libvips_asking_for_it_is_an_error_that_says_what_to_do_on_one_line()
    {
        (int exitCode, string[] lines, string errors, _) = await SendAsync(new()
        {
            ["LD_LIBRARY_PATH"] = Decoy(),
            ["STICKYPI_JPEG_ENGINE"] = "libvips",
        });

        Assert.Equal(1, exitCode);
        Assert.Equal(["Ready", lines[^1]], lines);
        Assert.StartsWith("JpegEngineMissing libvips", lines[^1], StringComparison.Ordinal);
        Assert.Contains("libvips.so.42", lines[^1], StringComparison.Ordinal);
        Assert.Equal("", errors);
    }

    [SkippableFact]
    public async Task An_engine_that_does_not_exist_is_an_error_that_lists_those_that_do()
    {
        (int exitCode, string[] lines, _, _) = await SendAsync(new() { ["STICKYPI_JPEG_ENGINE"] = "fast" });

        Assert.Equal(1, exitCode);
        Assert.Equal(
            "InvalidJpegEngine There is no JPEG engine 'fast', which the environment variable STICKYPI_JPEG_ENGINE asks for: it is 'libvips' or 'managed'.",
            lines[^1]);
    }

    private string Decoy() => ProgramWithoutLibvips.MakeDecoy(_folder["decoy"]);

    private async Task<string> AssertSentAsync(Dictionary<string, string> environment)
    {
        (int exitCode, string[] lines, string errors, string store) = await SendAsync(environment);
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(_cards.Length, lines.Count(line => line.StartsWith("Added", StringComparison.Ordinal)));
        return store;
    }

    private async Task<(int ExitCode, string[] Lines, string Errors, string Store)> SendAsync(Dictionary<string, string> environment)
    {
        string store = _folder[$"store {_store++}"];
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList = { Path.Combine(_folder["program"], "StickyPi.TestSender.dll"), store, _folder["card"] },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _ = start.Environment.Remove("STICKYPI_JPEG_ENGINE");
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string[] lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        return (process.ExitCode, lines, await errors, store);
    }
}
