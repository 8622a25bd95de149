using System.Diagnostics;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

/// <summary>What happens to a store when its writers are killed, meet each other, or run out of disk.</summary>
public class NothingLostTests
{
    private const int PictureCount = 120;

    // A few; trials/run.sh kills many times.
    private static int Kills => Trials.Count("STICKYPI_TEST_KILLS", 4);

    [Fact]
    public async Task A_sender_that_is_killed_at_any_moment_leaves_a_whole_store_that_the_next_one_completes()
    {
        using TestFolder folder = new();
        _ = Pictures.WriteSeries(folder["card"], "5c173ff2", PictureCount);
        Random random = new(4711);
        int interrupted = 0;
        for (int round = 0; round < Kills; round++)
        {
            string store = folder[$"store {round}"];
            using (Process sender = Sender.Start(store, folder["card"]))
            {
                // Let it run for a number of lines, then a moment more, so that kills fall on every stage of the work.
                int lines = random.Next(PictureCount);
                while (lines-- > 0 && await sender.StandardOutput.ReadLineAsync() is not null)
                {
                }

                await Task.Delay(random.Next(30));
                sender.Kill();
                await sender.WaitForExitAsync();
            }

            await using (Store opened = Store.OpenLocal(store, Pictures.Providers))
            {
                await LocalStore.AssertWholeAsync(opened, orphansAllowed: true);
                interrupted += await opened.CountImageSeriesAsync(new ImageSeriesQuery()) is > 0 and < PictureCount ? 1 : 0;
            }

            (int exitCode, string[] outcomes) = await Sender.RunAsync(store, folder["card"]);
            Assert.Equal(0, exitCode);
            Assert.Equal(PictureCount, outcomes.Length);
            await using Store completed = Store.OpenLocal(store, Pictures.Providers);
            Assert.Equal(PictureCount, await completed.CountImageSeriesAsync(new ImageSeriesQuery()));

            // Nothing but the pictures is left: what the killed process had begun is gone or was finished.
            await LocalStore.AssertWholeAsync(completed);
        }

        Assert.True(interrupted > 0, "No kill fell into the middle of the work: the test tested nothing.");
    }

    [Fact]
    public async Task Four_senders_of_overlapping_sets_store_every_picture_once_and_report_only_skips()
    {
        using TestFolder folder = new();
        _ = Pictures.WriteSeries(folder["card"], "5c173ff2", PictureCount);
        _ = Pictures.WriteSeries(folder["card"], "0a5bb6f4", PictureCount);
        string[] cards = [folder["card"], folder["card"], Path.Combine(folder["card"], "5c173ff2"), Path.Combine(folder["card"], "0a5bb6f4")];

        (int ExitCode, string[] Lines)[] runs = await Task.WhenAll(cards.Select(card => Sender.RunAsync(folder["store"], card)));

        Assert.All(runs, run => Assert.Equal(0, run.ExitCode));
        string[] lines = [.. runs.SelectMany(run => run.Lines)];
        Assert.Equal(6 * PictureCount, lines.Length);
        Assert.All(lines, line => Assert.Contains(line.Split(' ')[0], (string[])["Added", "Skipped"]));
        Assert.Equal(2 * PictureCount, lines.Count(line => line.StartsWith("Added", StringComparison.Ordinal)));
        await using Store store = Store.OpenLocal(folder["store"], Pictures.Providers);
        Assert.Equal(2 * PictureCount, await store.CountImageSeriesAsync(new ImageSeriesQuery()));
        await LocalStore.AssertWholeAsync(store);
    }

    // Two cards hold different pictures under the same names: whoever comes first wins, and no row ever has the other's files.
    [Fact]
    public async Task Two_senders_of_different_pictures_of_the_same_times_never_mix_them()
    {
        using TestFolder folder = new();
        for (int i = 0; i < PictureCount; i++)
        {
            _ = Pictures.Write(folder["a"], "5c173ff2", Pictures.Start.AddMinutes(20 * i), 10);
            _ = Pictures.Write(folder["b"], "5c173ff2", Pictures.Start.AddMinutes(20 * i), 30);
        }

        (int ExitCode, string[] Lines)[] runs = await Task.WhenAll(
            Sender.RunAsync(folder["store"], folder["a"]), Sender.RunAsync(folder["store"], folder["b"]));

        string[] lines = [.. runs.SelectMany(run => run.Lines)];
        Assert.Equal(PictureCount, lines.Count(line => line.StartsWith("Added", StringComparison.Ordinal)));
        Assert.Equal(PictureCount, lines.Count(line => line.StartsWith("ImageConflict", StringComparison.Ordinal)));
        await using Store store = Store.OpenLocal(folder["store"], Pictures.Providers);
        await LocalStore.AssertWholeAsync(store);
    }

    [SkippableFact]
    public async Task A_full_disk_ends_in_a_clear_error_and_a_whole_store_that_more_space_completes()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small disk takes root on Linux.");

        // Each picture takes three pages of 4 kB. The disk has room for more than are ever on their way at once, about 70, so that some
        // are committed before it is full, and for fewer than there are.
        const int pictures = 240;
        using TestFolder folder = new();
        _ = Pictures.WriteSeries(folder["card"], "5c173ff2", pictures);
        string disk = Directory.CreateDirectory(folder["disk"]).FullName;
        Skip.IfNot(Mount("mount", "-t", "tmpfs", "-o", "size=1600k", "tmpfs", disk) == 0, "A tmpfs cannot be mounted here.");
        try
        {
            string place = Path.Combine(disk, "store");
            (int exitCode, string[] lines) = await Sender.RunAsync(place, folder["card"]);

            Assert.Equal(1, exitCode);
            Assert.StartsWith("StorageFull The disk that holds", lines[^1], StringComparison.Ordinal);
            int added = lines.Count(line => line.StartsWith("Added", StringComparison.Ordinal));
            Assert.InRange(added, 1, pictures - 1);
            await using (Store store = Store.OpenLocal(place, Pictures.Providers))
            {
                Assert.Equal(added, await store.CountImageSeriesAsync(new ImageSeriesQuery()));
                await LocalStore.AssertWholeAsync(store);
            }

            Assert.Equal(0, Mount("mount", "-o", "remount,size=64m", disk));
            Assert.Equal(0, (await Sender.RunAsync(place, folder["card"])).ExitCode);
            await using Store completed = Store.OpenLocal(place, Pictures.Providers);
            Assert.Equal(pictures, await completed.CountImageSeriesAsync(new ImageSeriesQuery()));
            await LocalStore.AssertWholeAsync(completed);
        }
        finally
        {
            Assert.Equal(0, Mount("umount", disk));
        }
    }

    [SkippableFact]
    public async Task Sending_unchanged_files_again_opens_none_of_them()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "strace is not installed.");
        using TestFolder folder = new();
        int count = Trials.Count("STICKYPI_TEST_UNCHANGED", 250);
        _ = Pictures.WriteSeries(folder["card"], "5c173ff2", count);
        Assert.Equal(0, (await Sender.RunAsync(folder["store"], folder["card"])).ExitCode);

        string trace = folder["trace"];
        using Process traced = Process.Start(new ProcessStartInfo("/usr/bin/strace")
        {
            ArgumentList =
            {
                "-f", "-q", "-e", "trace=open,openat", "-o", trace, "dotnet",
                Path.Combine(AppContext.BaseDirectory, "StickyPi.TestSender.dll"), folder["store"], folder["card"],
            },
            RedirectStandardOutput = true,
        })!;
        string output = await traced.StandardOutput.ReadToEndAsync();
        await traced.WaitForExitAsync();

        Assert.Equal(count, output.Split('\n').Count(line => line.StartsWith("Skipped", StringComparison.Ordinal)));
        string[] opened = await File.ReadAllLinesAsync(trace);
        Assert.Contains(opened, line => line.Contains("database.db", StringComparison.Ordinal)); // or strace saw nothing at all
        Assert.DoesNotContain(opened, line => line.Contains(".jpg", StringComparison.Ordinal));
    }

    private static int Mount(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        _ = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
