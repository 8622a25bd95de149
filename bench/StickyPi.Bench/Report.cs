using System.Diagnostics;

namespace StickyPi.Bench;

/// <summary>Medians of five, and how they are printed.</summary>
internal static class Report
{
    private const int Runs = 5;

    public static void Header() =>
        Console.WriteLine($"{Environment.ProcessorCount} processors, {Environment.OSVersion}, .NET {Environment.Version}; medians of {Runs}\n");

    /// <summary>Runs two sides in turn and returns their median seconds.</summary>
    public static (double Ours, double Theirs) Compare(Func<double> ours, Func<double> theirs)
    {
        double[] first = new double[Runs];
        double[] second = new double[Runs];
        for (int run = 0; run < Runs; run++)
        {
            first[run] = ours();
            second[run] = theirs();
        }

        return (Median(first), Median(second));
    }

    public static double Median(Func<double> side) => Median([.. Enumerable.Range(0, Runs).Select(_ => side())]);

    public static void Ratio(string what, double ours, string competitor, double theirs, string goal) =>
        Console.WriteLine($"{what,-58} {ours,8:0.000} s   {competitor,-44} {theirs,8:0.000} s   {ours / theirs,6:0.00}x   {goal}");

    public static void Figure(string what, string figure, string goal = "") => Console.WriteLine($"{what,-58} {figure}   {goal}");

    public static void Skipped(string what, string why) => Console.WriteLine($"{what,-58} skipped: {why}");

    public static double Time(string program, params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        _ = Run(program, arguments);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} failed with exit code {process.ExitCode}.");
    }

    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    public static string ModulePath => Path.Combine(Root, "out", "StickyPi", "StickyPi.psd1");

    /// <summary>The folder of the repository.</summary>
    public static string Root
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StickyPi.psd1")))
            {
                folder = folder.Parent;
            }

            return folder!.FullName;
        }
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
