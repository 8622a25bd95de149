using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StickyPi.Core.Remote;
using StickyPi.Core.Users;
using StickyPi.Providers;

namespace StickyPi.Bench;

/// <summary>The lab's server in a process of its own on 127.0.0.1, over a store that has one administrator.</summary>
internal sealed class ServerProcess : IDisposable
{
    public const string User = "bench";

    // Of a server that nobody else reaches, for as long as the benchmark runs.
    private const string Password = "correct horse battery staple";

    private static readonly StickyProviders Providers = new();

    private readonly ProcessStartInfo _start;
    private Process _process;

    private ServerProcess(Uri uri, string folder, string? database)
    {
        Uri = uri;
        _start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(Report.Root, "src", "StickyPi.Server", "bin", "Release", "net10.0", "StickyPi.Server.dll"),
                "--urls", uri.ToString(), "--path", folder, "--admin-user", User,

                // All clients come from one address, as one user.
                "--log-ins-per-user", "1000", "--log-ins-per-address", "1000",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _start.Environment["STICKYPI_ADMIN_PASSWORD"] = Password;
        _start.Environment["STICKYPI_DATABASE"] = database;
        _process = Start();
    }

    public Uri Uri { get; }

    /// <summary>Starts a server over a folder, and over a PostgreSQL database for its rows where one is named.</summary>
    public static async Task<ServerProcess> StartAsync(string folder, string? database = null)
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        ServerProcess server = new(new Uri($"http://127.0.0.1:{port}/"), folder, database);
        await server.WaitAsync();
        return server;
    }

    /// <summary>Logs in, with nothing kept on this machine.</summary>
    public async Task<IRemoteStore> ConnectAsync()
    {
        using Secret password = new(Password);
        return await RemoteConnection.OpenAsync(
            new RemoteOptions { Uri = Uri, UserName = User, Password = password, CacheLifetime = TimeSpan.Zero }, Providers);
    }

    /// <summary>The most memory that the server has had, in MB.</summary>
    public double PeakMemory()
    {
        _process.Refresh();
        return _process.PeakWorkingSet64 / 1e6;
    }

    /// <summary>Kills it as <c>kill -9</c> does, and starts it again.</summary>
    public async Task KillAndRestartAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = Start();
        await WaitAsync();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private Process Start()
    {
        Process process = Process.Start(_start)!;

        // A full pipe would hold it up.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task WaitAsync()
    {
        using HttpClient http = new() { BaseAddress = Uri };
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using HttpResponseMessage ready = await http.GetAsync("health/ready");
                _ = ready.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (!_process.HasExited && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(100);
            }
        }
    }
}
