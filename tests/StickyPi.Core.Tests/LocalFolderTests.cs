using System.Diagnostics;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Tests;

public sealed class LocalFolderTests : IDisposable
{
    private static readonly DateTime Modified = new(2021, 6, 1, 3, 20, 17, DateTimeKind.Utc);

    private readonly TestFolder _folder = new();
    private readonly List<StickyException> _refused = [];

    [Fact]
    public void All_files_are_found_with_their_keys_sizes_and_times()
    {
        Write("root/b.txt", 3);
        Write("root/a/é +%#.txt", 0);
        Write("root/a/b/c/deep", 5);
        Write("root/.hidden/.file", 1);
        _ = Directory.CreateDirectory(_folder["root/empty"]);

        LocalFile[] found = Scan();

        Assert.Equal([".hidden/.file", "a/b/c/deep", "a/é +%#.txt", "b.txt"], found.Select(file => file.Key));
        Assert.Equal([1, 5, 0, 3], found.Select(file => file.Size));
        Assert.All(found, file => Assert.Equal((Modified, DateTimeKind.Utc, false), (file.ModifiedTime, file.ModifiedTime.Kind, file.ThroughLink)));
        Assert.All(found, file => Assert.Equal(_folder["root/" + file.Key], file.Path));
        Assert.Empty(_refused);
    }

    [Fact]
    public void A_folder_that_is_not_entered_is_not_read()
    {
        Write("root/a/1", 1);
        Write("root/.cache/2", 1);
        Write("root/a/.cache/3", 1);
        List<string> asked = [];

        string[] keys = [.. LocalFolder.Scan(
            _folder["root"],
            key =>
            {
                asked.Add(key);
                return !key.EndsWith(".cache", StringComparison.Ordinal);
            },
            _refused.Add).Select(file => file.Key)];

        Assert.Equal(["a/1"], keys);
        Assert.Equal([".cache", "a", "a/.cache"], asked);
    }

    [Fact]
    public void Links_to_files_and_folders_are_followed_and_marked()
    {
        Write("elsewhere/big", 1000);
        Write("elsewhere/folder/inner", 10);
        Write("root/plain", 1);
        Link("root/link", _folder["elsewhere/big"]);
        Link("root/chain", "link");
        Link("root/relative", "../elsewhere/big");
        LinkFolder("root/folder", _folder["elsewhere/folder"]);

        LocalFile[] found = Scan();

        Assert.Equal(["chain", "folder/inner", "link", "plain", "relative"], found.Select(file => file.Key));
        Assert.Equal([1000, 10, 1000, 1, 1000], found.Select(file => file.Size));
        Assert.Equal([true, true, true, false, true], found.Select(file => file.ThroughLink));
        Assert.All(found, file => Assert.Equal(Modified, file.ModifiedTime));
        Assert.Empty(_refused);
    }

    [Fact]
    public void A_folder_that_two_links_lead_to_is_found_twice()
    {
        Write("elsewhere/file", 1);
        LinkFolder("root/a", _folder["elsewhere"]);
        LinkFolder("root/b", _folder["elsewhere"]);

        Assert.Equal(["a/file", "b/file"], Scan().Select(file => file.Key));
        Assert.Empty(_refused);
    }

    [Fact]
    public void A_circle_of_links_is_left_out_and_told_of()
    {
        Write("root/a/file", 1);
        LinkFolder("root/a/up", _folder["root"]);
        LinkFolder("root/a/same", _folder["root/a"]);
        LinkFolder("root/a/parent", _folder.Path);

        Assert.Equal(["a/file"], Scan().Select(file => file.Key));
        Assert.Equal(
            [_folder["root/a/parent"], _folder["root/a/same"], _folder["root/a/up"]], _refused.Select(error => (string)error.Target!).Order(StringComparer.Ordinal));
        Assert.All(_refused, error => Assert.Equal("LinkCircle", error.ErrorId));
    }

    [Fact]
    public void A_circle_through_another_folder_ends_too()
    {
        Write("root/file", 1);
        Write("elsewhere/other", 1);
        LinkFolder("root/there", _folder["elsewhere"]);
        LinkFolder("elsewhere/back", _folder["root"]);

        Assert.Equal(["file", "there/other"], Scan().Select(file => file.Key));
        Assert.Equal(("LinkCircle", _folder["root/there/back"]), (Assert.Single(_refused).ErrorId, _refused[0].Target));
    }

    [Fact]
    public void A_folder_that_is_itself_reached_by_a_link_has_its_circles_found()
    {
        Write("real/a/file", 1);
        LinkFolder("real/a/up", _folder["real"]);
        LinkFolder("root", _folder["real"]);

        Assert.Equal(["a/file"], Scan().Select(file => file.Key));
        Assert.Equal("LinkCircle", Assert.Single(_refused).ErrorId);
    }

    [Fact]
    public void Circles_behind_a_link_are_found_though_their_links_say_only_the_parent()
    {
        Write("elsewhere/b/file", 1);
        LinkFolder("elsewhere/b/one", "..");
        LinkFolder("elsewhere/b/two", "..");
        LinkFolder("root", _folder["real"]);
        LinkFolder("real/data", _folder["elsewhere"]);

        Assert.Equal(["data/b/file"], Scan().Select(file => file.Key));
        Assert.Equal(["LinkCircle", "LinkCircle"], _refused.Select(error => error.ErrorId));
    }

    [Fact]
    public void Two_folders_that_link_to_each_other_end_too()
    {
        Write("root/a/file", 1);
        Write("root/b/file", 1);
        LinkFolder("root/a/other", "../b");
        LinkFolder("root/b/other", "../a");

        Assert.Equal(["a/file", "a/other/file", "b/file", "b/other/file"], Scan().Select(file => file.Key));
        Assert.Equal(["LinkCircle", "LinkCircle"], _refused.Select(error => error.ErrorId));
    }

    [Fact]
    public void A_broken_link_is_told_of_and_the_rest_is_found()
    {
        Write("root/z", 1);
        Link("root/broken", _folder["nowhere"]);
        Link("root/itself", "itself");

        Assert.Equal(["z"], Scan().Select(file => file.Key));
        Assert.Equal(["FileNotFound", "FileNotFound"], _refused.Select(error => error.ErrorId));
        Assert.Equal([_folder["root/broken"], _folder["root/itself"]], _refused.Select(error => error.Target));
        Assert.Contains(_folder["nowhere"], _refused[0].Message, StringComparison.Ordinal);
        Assert.All(_refused, error => Assert.NotNull(error.RecommendedAction));
    }

    [SkippableFact]
    public void A_folder_that_may_not_be_read_is_told_of_and_the_rest_is_found()
    {
        Rights.SkipIfThereAreNone();
        Write("root/closed/file", 1);
        Write("root/z", 1);
        Rights.Take(_folder["root/closed"]);
        try
        {
            Assert.Equal(["z"], Scan().Select(file => file.Key));
            Assert.Equal(("FileUnreadable", _folder["root/closed"]), (Assert.Single(_refused).ErrorId, _refused[0].Target));
        }
        finally
        {
            Rights.Give(_folder["root/closed"]);
        }
    }

    // Root may read every folder, but not what is not there any more; so the same way is tested for everybody.
    [Fact]
    public void A_folder_that_goes_while_its_parent_is_read_is_told_of_and_the_rest_is_found()
    {
        Write("root/a", 1);
        Write("root/gone/file", 1);
        Write("root/z", 1);
        List<string> keys = [];

        foreach (LocalFile file in LocalFolder.Scan(_folder["root"], null, _refused.Add))
        {
            keys.Add(file.Key);
            if (file.Key == "a")
            {
                Directory.Delete(_folder["root/gone"], recursive: true);
            }
        }

        Assert.Equal(["a", "z"], keys);
        Assert.Equal(("FileUnreadable", _folder["root/gone"]), (Assert.Single(_refused).ErrorId, _refused[0].Target));
    }

    [Fact]
    public void A_folder_that_is_missing_is_told_of()
    {
        Assert.Empty(Scan());
        Assert.Equal(("FileUnreadable", _folder["root"]), (Assert.Single(_refused).ErrorId, _refused[0].Target));
    }

    [SkippableFact]
    public void A_pipe_is_not_waited_for()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "mkfifo is where it is on Linux.");
        Write("root/file", 1);
        using (Process process = Process.Start("mkfifo", [_folder["root/pipe"]]))
        {
            process.WaitForExit();
        }

        Assert.Contains("file", Task.Run(Scan).WaitAsync(TimeSpan.FromSeconds(10)).GetAwaiter().GetResult().Select(file => file.Key));
    }

    [Fact]
    public void One_file_is_described_by_itself()
    {
        Write("file", 5);
        Link("link", _folder["file"]);
        _ = Directory.CreateDirectory(_folder["folder"]);

        Assert.Equal(new LocalFile("k", _folder["file"], 5, Modified), LocalFolder.Find("k", _folder["file"]));
        Assert.Equal(new LocalFile("k", _folder["link"], 5, Modified, ThroughLink: true), LocalFolder.Find("k", _folder["link"]));
        Assert.Null(LocalFolder.Find("k", _folder["nothing"]));
        Assert.Null(LocalFolder.Find("k", _folder["folder"]));
    }

    public void Dispose() => _folder.Dispose();

    private LocalFile[] Scan() => [.. LocalFolder.Scan(_folder["root"], null, _refused.Add)];

    private void Write(string name, int size)
    {
        string path = _folder[name];
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[size]);
        File.SetLastWriteTimeUtc(path, Modified);
    }

    private void Link(string name, string target)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        _ = File.CreateSymbolicLink(_folder[name], target);
    }

    private void LinkFolder(string name, string target)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        _ = Directory.CreateSymbolicLink(_folder[name], target);
    }
}
