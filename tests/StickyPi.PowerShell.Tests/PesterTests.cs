using System.Diagnostics;
using StickyPi.Tests;

namespace StickyPi.PowerShell.Tests;

/// <summary>Runs the Pester tests, which drive the built module in a real PowerShell; they are skipped where there is none.</summary>
public sealed class PesterTests : IClassFixture<PesterTests.Card>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly Lazy<string?> Missing = new(FindWhatIsMissing);

    private readonly Card _card;

    public PesterTests(Card card) => _card = card;

    public static TheoryData<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Pester"), "*.Tests.ps1").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
    ];

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Pass(string file)
    {
        Skip.If(Missing.Value is not null, Missing.Value);
        string folder = Path.Combine(Repository.Root, "tests", "Pester");
        (int? exitCode, string output) = RunPowerShell(_card.Folder, "-File", Path.Combine(folder, "Run.ps1"), Path.Combine(folder, file));
        Assert.True(
            exitCode == 0,
            $"{file} {(exitCode is null ? $"did not end within {Limit.TotalMinutes} minutes" : $"ended with {exitCode}")}:{Environment.NewLine}{output}");
    }

    private static string? FindWhatIsMissing()
    {
        if (FindPowerShell() is null)
        {
            return "There is no pwsh on the PATH: install PowerShell 7.6 to run the Pester tests.";
        }

        const string script = "\"$($PSVersionTable.PSVersion -ge '7.6') "
            + "$([bool](Get-Module Pester -ListAvailable | Where-Object Version -GE '5.0'))\"";
        (int? exitCode, string output) = RunPowerShell(pictures: null, "-Command", script);
        return (exitCode, output.Trim().Split(' ')) switch
        {
            (0, ["True", "True"]) => null,
            (0, ["True", "False"]) => "PowerShell has no Pester 5: run 'Install-Module Pester' to run the Pester tests.",
            (0, ["False", _]) => "The pwsh on the PATH is older than PowerShell 7.6, which the module needs.",
            _ => $"The pwsh on the PATH does not run: {output}",
        };
    }

    private static (int? ExitCode, string Output) RunPowerShell(string? pictures, params string[] arguments)
    {
        ProcessStartInfo start = new(FindPowerShell()!, ["-NoProfile", "-NonInteractive", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        start.Environment["STICKYPI_TEST_PICTURES"] = pictures;
        start.Environment["NO_COLOR"] = "1";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();

        // Both streams are read while it runs: a full pipe that nobody empties would hold it up for ever.
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(Limit);
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        return (ended ? process.ExitCode : null, output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
    }

    private static string? FindPowerShell() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh"))
        .FirstOrDefault(File.Exists);

    /// <summary>The pictures that the tests copy: the ones that <c>QuickStart --pictures</c> makes, which they use when run by hand.</summary>
    public sealed class Card : IDisposable
    {
        private readonly TestFolder _folder = new();

        public Card() => _ = Pictures.Camera.WriteCard(_folder.Path);

        public string Folder => _folder.Path;

        public void Dispose() => _folder.Dispose();
    }
}
