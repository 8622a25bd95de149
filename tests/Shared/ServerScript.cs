using System.Diagnostics;

namespace StickyPi.Tests;

/// <summary>
/// A script that runs a server for tests as long as its input is open, and prints how to reach it, one <c>NAME=value</c> a line. The server ends
/// with this process, however that ends, since its input ends then.
/// </summary>
public static class ServerScript
{
    private const int NotInstalled = 3;

    // What env says where there is no bash.
    private const int NoBash = 127;

    // Held as long as the process lives: what is collected closes its pipes.
    private static readonly List<Process> Running = [];

    /// <summary>Starts a script.</summary>
    /// <param name="name">Its name in <c>tests</c>.</param>
    /// <param name="variables">What it prints.</param>
    /// <returns>The values, or null and why there is no server: what it needs is not installed.</returns>
    public static async Task<(IReadOnlyDictionary<string, string>? Values, string? WhyNot)> StartAsync(string name, params string[] variables)
    {
        Process script = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "tests", name), ["--no-install"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        lock (Running)
        {
            Running.Add(script);
        }

        // Read while it runs: a full pipe that nobody empties would hold it up for ever.
        Task<string> errors = script.StandardError.ReadToEndAsync();
        Dictionary<string, string> values = [];
        while (!variables.All(values.ContainsKey) && await script.StandardOutput.ReadLineAsync() is string line)
        {
            string[] pair = line.Split('=', 2);
            values[pair[0]] = pair[1];
        }

        if (variables.All(values.ContainsKey))
        {
            return (values, null);
        }

        await script.WaitForExitAsync();
        return script.ExitCode is NotInstalled or NoBash
            ? (null, (await errors).Trim())
            : throw new InvalidOperationException($"{name} did not start a server: {await errors}");
    }
}
