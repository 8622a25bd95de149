using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace StickyPi.Tests;

/// <summary>The server as its users start it: a process of its own.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(string folder, string[] arguments, IReadOnlyDictionary<string, string> environment, string program)
    {
        ProcessStartInfo start = new(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(program, "StickyPi.Server.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("The server ended before it listened."));
    }

    /// <summary>All that it has printed, of both streams.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Starts it, from the folder of the tests unless it is told where <paramref name="program"/> lies.</summary>
    public static ServerProcess Start(
        string folder, string[] arguments, IReadOnlyDictionary<string, string>? environment = null, string? program = null)
    {
        ServerProcess server = new(folder, arguments, environment ?? new Dictionary<string, string>(), program ?? AppContext.BaseDirectory);
        _ = server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits until it says where it listens.</summary>
    public Task<Uri> ListeningAsync() => _listening.Task.WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>Sends SIGTERM, as service managers do.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", [$"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended.</summary>
    public async Task<int> ExitedAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"Serving the store .* at (https?://[^\s"",]+)")]
    private static partial Regex Listening();

    private void Take(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                _ = _listening.TrySetResult(new Uri(match.Groups[1].Value));
            }
        }
    }
}
