using System.Diagnostics;

namespace StickyPi.Tests;

/// <summary>A process of its own that sends a folder to a store; see StickyPi.TestSender.</summary>
public static class Sender
{
    public static Process Start(string store, string card, string? algorithm = null)
    {
        ProcessStartInfo start = new(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "StickyPi.TestSender.dll"), store, card },
            RedirectStandardOutput = true,
        };
        if (algorithm is not null)
        {
            start.ArgumentList.Add(algorithm);
        }

        return Process.Start(start)!;
    }

    public static async Task<(int ExitCode, string[] Lines)> RunAsync(string store, string card, string? algorithm = null)
    {
        using Process process = Start(store, card, algorithm);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1)]);
    }
}
