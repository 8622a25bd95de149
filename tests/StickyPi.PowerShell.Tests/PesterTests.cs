using StickyPi.Tests;

namespace StickyPi.PowerShell.Tests;

/// <summary>
/// Runs the Pester files, which drive the built module in a real PowerShell. Two classes have half of them each, since xunit runs classes side by
/// side and what is in a class one after the other.
/// </summary>
public abstract class PesterTests(PesterWorker worker, PesterTally tally)
{
    // The one that is skipped where no S3 server can be had.
    private const string S3File = "S3.Tests.ps1";

    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Pester");

    /// <summary>The files of a half.</summary>
    /// <param name="half">0 or 1.</param>
    /// <returns>Their names. Both halves have about the same size.</returns>
    public static TheoryData<string> Half(int half)
    {
        long[] lengths = new long[2];
        TheoryData<string> files = [];
        foreach (FileInfo file in new DirectoryInfo(Folder).EnumerateFiles("*.Tests.ps1").OrderByDescending(file => file.Length).ThenBy(file => file.Name))
        {
            int shorter = lengths[0] <= lengths[1] ? 0 : 1;
            lengths[shorter] += file.Length;
            if (shorter == half)
            {
                files.Add(file.Name);
            }
        }

        return files;
    }

    private protected async Task RunAsync(string file)
    {
        S3Server? server = file == S3File ? await S3Server.GetAsync() : null;
        PesterResult result = await worker.RunAsync(Path.Combine(Folder, file), server);
        tally.Add(file, result);
        Assert.True(result.Failed.Count == 0, string.Join(Environment.NewLine + Environment.NewLine, result.Failed));
        Skip.If(result.Passed == 0 && result.Skipped.Count > 0, $"None of its tests ran: {string.Join("; ", result.Skipped)}");
        Assert.True(result.Passed > 0, $"{file} has no tests.");
    }
}

public sealed class PesterTestsOfTheFirstHalf(PesterWorker worker, PesterTally tally)
    : PesterTests(worker, tally), IClassFixture<PesterWorker>, IClassFixture<PesterTally>
{
    [SkippableTheory]
    [MemberData(nameof(Half), 0)]
    public Task Pass(string file) => RunAsync(file);
}

public sealed class PesterTestsOfTheSecondHalf(PesterWorker worker, PesterTally tally)
    : PesterTests(worker, tally), IClassFixture<PesterWorker>, IClassFixture<PesterTally>
{
    [SkippableTheory]
    [MemberData(nameof(Half), 1)]
    public Task Pass(string file) => RunAsync(file);
}
