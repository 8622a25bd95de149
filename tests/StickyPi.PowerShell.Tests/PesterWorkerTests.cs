using StickyPi.Tests;

namespace StickyPi.PowerShell.Tests;

public sealed class PesterWorkerTests
{
    [Fact]
    public async Task A_file_that_cannot_be_run_fails_with_its_reason_and_the_next_one_runs()
    {
        using TestFolder folder = new();
        using PesterWorker worker = new();
        await File.WriteAllTextAsync(
            folder["some.Tests.ps1"],
            """
            Describe 'A test' {
                It 'passes' { 1 | Should -Be 1 }
                It 'fails' { 1 | Should -Be 2 }
                It 'waits' -Skip { }
                It 'has no card' { Set-ItResult -Skipped -Because 'it is lost' }
            }
            """);

        PesterResult thrown = await worker.RunAsync(folder["none.Tests.ps1"]);
        PesterResult next = await worker.RunAsync(folder["some.Tests.ps1"]);

        Assert.Equal(0, thrown.Passed);
        Assert.Contains("none.Tests.ps1", Assert.Single(thrown.Failed), StringComparison.Ordinal);
        Assert.Empty(thrown.Skipped);
        Assert.Equal(1, next.Passed);
        Assert.Contains("Expected 2, but got 1", Assert.Single(next.Failed), StringComparison.Ordinal);
        Assert.Equal(["A test.waits", "A test.has no card (is skipped, because it is lost)"], next.Skipped);
    }
}
