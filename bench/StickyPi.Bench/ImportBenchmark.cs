namespace StickyPi.Bench;

/// <summary>What importing the module adds to the start of pwsh.</summary>
internal static class ImportBenchmark
{
    public static void Run()
    {
        if (!Report.IsInstalled("pwsh"))
        {
            Report.Skipped("Import-Module", "pwsh is not installed");
            return;
        }

        double Bare() => Report.Time("pwsh", "-NoProfile", "-Command", "$null");
        double Imported() => Report.Time("pwsh", "-NoProfile", "-Command", $"Import-Module '{Report.ModulePath}'");
        _ = Bare();
        _ = Imported();
        (double ours, double theirs) = Report.Compare(Imported, Bare);
        Report.Ratio("pwsh -NoProfile and Import-Module", ours, "pwsh -NoProfile", theirs, "goal: at most 1.3");
        string loaded = Report.Run(
            "pwsh", "-NoProfile", "-Command",
            $"Import-Module '{Report.ModulePath}'; [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match 'StickyPi|SQLite|Metadata' -join ' '");
        Report.Figure("  assemblies of ours after the import", loaded.Trim(), "goal: no provider");
    }
}
