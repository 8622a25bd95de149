using System.Diagnostics;

namespace StickyPi.Tests;

/// <summary>What happens where the bundled libvips is missing: one of the system serves, and without any, sending says what to install.</summary>
public class SystemLibvipsTests
{
    [SkippableFact]
    public async Task Without_the_bundled_libvips_that_of_the_system_serves_or_the_error_says_what_to_install()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Where a libvips of the system would lie is only known for Linux.");
        using TestFolder folder = new();
        string[] cards = Pictures.WriteSeries(folder["card"], "5c173ff2", 30);
        string program = folder["program"];
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetFileName(file).StartsWith("libvips", StringComparison.Ordinal)))
        {
            string copy = Path.Combine(program, Path.GetRelativePath(AppContext.BaseDirectory, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        // More than once: what went wrong here before went wrong only sometimes.
        for (int run = 0; run < 3; run++)
        {
            using Process process = Process.Start(new ProcessStartInfo("dotnet")
            {
                ArgumentList = { Path.Combine(program, "StickyPi.TestSender.dll"), folder[$"store {run}"], folder["card"] },
                RedirectStandardOutput = true,
            })!;
            string[] lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await process.WaitForExitAsync();

            if (process.ExitCode == 0)
            {
                Assert.Equal(cards.Length, lines.Count(line => line.StartsWith("Added", StringComparison.Ordinal)));
            }
            else
            {
                Assert.Equal(1, process.ExitCode); // an error of ours, and no crash
                Assert.StartsWith("JpegEngineMissing libvips", lines[^1], StringComparison.Ordinal);
            }
        }
    }
}
