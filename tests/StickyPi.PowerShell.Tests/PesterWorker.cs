using System.Diagnostics;
using System.IO.Pipes;
using System.Reflection;
using System.Text;
using System.Text.Json;
using StickyPi.Tests;
using Xunit.Sdk;

namespace StickyPi.PowerShell.Tests;

/// <summary>
/// A PowerShell process that runs Pester files, one after the other, each in a session of its own; and the pictures that they copy. The process
/// starts with the first file.
/// </summary>
public sealed class PesterWorker : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly TestFolder _card = new();
    private readonly StringBuilder _said = new();
    private NamedPipeServerStream? _pipe;
    private Process? _process;

    public PesterWorker() =>
        // The ones that 'QuickStart --pictures' makes, which the files use when they are run by hand.
        _ = Pictures.Camera.WriteCard(_card.Path);

    /// <summary>Runs a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="server">The S3 server that it uses, if it does.</param>
    /// <returns>What became of its tests.</returns>
    public async Task<PesterResult> RunAsync(string path, S3Server? server = null) =>
        JsonSerializer.Deserialize<PesterResult>(await SendAsync(path, server))!;

    public void Dispose()
    {
        Stop();
        _card.Dispose();
    }

    private async Task<string> SendAsync(string path, S3Server? server)
    {
        using CancellationTokenSource limit = new(Limit);
        try
        {
            if (_pipe is null)
            {
                await StartAsync(limit.Token);
            }

            lock (_said)
            {
                _ = _said.Clear();
            }

            Dictionary<string, string?> environment = [];
            server?.AddTo(environment);
            byte[] request = JsonSerializer.SerializeToUtf8Bytes(new { Path = path, Environment = environment });
            await _pipe!.WriteAsync((byte[])[.. request, (byte)'\n'], limit.Token);
            using StreamReader reader = new(_pipe, leaveOpen: true);
            if (await reader.ReadLineAsync(limit.Token) is string line)
            {
                return line;
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw Fail($"did not end within {Limit.TotalMinutes} minutes");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Nobody is at the other end of the pipe.
        }

        throw Fail("ended its process");

        XunitException Fail(string what)
        {
            Stop();
            lock (_said)
            {
                return new XunitException($"{Path.GetFileName(path)} {what}, which said:{Environment.NewLine}{_said}");
            }
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        // Short, since macOS allows 104 bytes for the path of a socket, and its folder for temporary files takes half of them.
        string name = $"pester-{Path.GetRandomFileName()}";
        ProcessStartInfo start = new(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet",
            [
                Find("PowerShellPath", "PowerShell"), "-NoProfile", "-NonInteractive",
                "-File", Path.Combine(PesterTests.Folder, "Worker.ps1"), "-Pipe", name, "-Pester", Find("PesterPath", "Pester"),
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        start.Environment["STICKYPI_TEST_PICTURES"] = _card.Path;
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";

        // It costs a fifth of the processor's time (35 and 27 s for WhatIf.Tests.ps1), which pays in processes that live longer.
        start.Environment["DOTNET_TieredPGO"] = "0";
        _pipe = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _ = _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        using CancellationTokenSource first = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task connected = _pipe.WaitForConnectionAsync(first.Token);
        _ = await Task.WhenAny(connected, _process.WaitForExitAsync(first.Token));
        bool hasConnected = connected.IsCompletedSuccessfully;
        await first.CancelAsync();
        if (!hasConnected)
        {
            await connected;
        }
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
        {
            _ = _said.AppendLine(line.Data);
        }
    }

    private void Stop()
    {
        _pipe?.Dispose();
        _pipe = null;
        if (_process is not null)
        {
            // It ends with the pipe, unless something in it hangs. This also waits for the ends of its outputs, which a program that it
            // started may hold open for long.
            Task ended = _process.WaitForExitAsync();
            if (!ended.Wait(Grace))
            {
                _process.Kill(entireProcessTree: true);
                _ = ended.Wait(Grace);
            }

            _process.Dispose();
            _process = null;
        }
    }

    private static string Find(string metadata, string name)
    {
        string path = typeof(PesterWorker).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == metadata).Value!;
        return File.Exists(path)
            ? path
            : throw new XunitException($"{name} is not at '{path}', where the build puts it. Run 'dotnet build' again, on a machine that reaches a package feed.");
    }
}

/// <summary>What became of the tests of a Pester file.</summary>
/// <param name="Passed">How many passed.</param>
/// <param name="Failed">Those that failed, each with its name and its error; also what failed outside of tests.</param>
/// <param name="Skipped">Those that did not run, each with its name and, where it gave one, its reason.</param>
public sealed record PesterResult(int Passed, IReadOnlyList<string> Failed, IReadOnlyList<string> Skipped);
