using StickyPi.Tests;

namespace StickyPi.PowerShell.Tests;

public sealed class PesterWorkerTests
{
    [Fact]
    public async Task A_file_that_cannot_be_run_fails_with_its_reason_and_the_next_one_runs()
    {
        using TestFolder folder = new();
        using PesterWorker worker = new();

        PesterResult thrown = await worker.RunAsync(folder["none.Tests.ps1"]);
        PesterResult ended = await RunAsync("exit 3");
        PesterResult next = await RunAsync(
            """
            It 'passes' { 1 | Should -Be 1 }
            It 'fails' { 1 | Should -Be 2 }
            It 'waits' -Skip { }
            It 'has no card' { Set-ItResult -Skipped -Because 'it is lost' }
            """);

        Assert.Equal(0, thrown.Passed);
        Assert.Contains("none.Tests.ps1", Assert.Single(thrown.Failed), StringComparison.Ordinal);
        Assert.Empty(thrown.Skipped);
        Assert.Equal(0, ended.Passed);
        Assert.Contains("without a result", Assert.Single(ended.Failed), StringComparison.Ordinal);
        Assert.Empty(ended.Skipped);
        Assert.Equal(1, next.Passed);
        Assert.Contains("Expected 2, but got 1", Assert.Single(next.Failed), StringComparison.Ordinal);
        Assert.Equal(["A worker.waits", "A worker.has no card (is skipped, because it is lost)"], next.Skipped);

        async Task<PesterResult> RunAsync(string tests)
        {
            string file = folder["some.Tests.ps1"];
            await File.WriteAllTextAsync(file, $"Describe 'A worker' {{ {tests} }}");
            return await worker.RunAsync(file);
        }
    }
}
