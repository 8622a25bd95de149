using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Tests;

public sealed class LocalFileReaderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task Any_part_of_a_file_can_be_read_from_several_threads()
    {
        LocalFile file = Write(RandomBytes.Make(100_000));
        byte[] expected = await File.ReadAllBytesAsync(file.Path);
        using LocalFileReader reader = LocalFileReader.Open(file);

        await Parallel.ForEachAsync(Enumerable.Range(0, 100), async (i, cancellationToken) =>
        {
            byte[] buffer = new byte[1000];
            await reader.ReadAsync(i * 1000, buffer, cancellationToken);
            Assert.Equal(expected.AsSpan(i * 1000, 1000).ToArray(), buffer);
        });

        reader.ThrowIfChanged();
    }

    [Fact]
    public async Task An_empty_file_has_nothing_to_read()
    {
        using LocalFileReader reader = LocalFileReader.Open(Write([]));

        await reader.ReadAsync(0, Memory<byte>.Empty, default);

        reader.ThrowIfChanged();
    }

    [Fact]
    public async Task A_link_is_read_as_what_it_leads_to()
    {
        LocalFile file = Write("text"u8.ToArray());
        _ = File.CreateSymbolicLink(_folder["link"], file.Path);
        using LocalFileReader reader = LocalFileReader.Open(LocalFolder.Find("link", _folder["link"])!);
        byte[] buffer = new byte[4];

        await reader.ReadAsync(0, buffer, default);

        reader.ThrowIfChanged();
        Assert.Equal("text"u8.ToArray(), buffer);
    }

    [Fact]
    public void A_file_that_has_gone_is_named()
    {
        LocalFile file = Write([1]);
        File.Delete(file.Path);
        AssertError("FileNotFound", file, () => LocalFileReader.Open(file));

        Directory.Delete(Path.GetDirectoryName(file.Path)!);
        AssertError("FileNotFound", file, () => LocalFileReader.Open(file));
    }

    [Fact]
    public void What_has_become_a_folder_cannot_be_read()
    {
        LocalFile file = Write([1]);
        File.Delete(file.Path);
        _ = Directory.CreateDirectory(file.Path);

        AssertError("FileUnreadable", file, () => LocalFileReader.Open(file));
    }

    [SkippableFact]
    public void A_file_that_may_not_be_read_is_named()
    {
        Rights.SkipIfThereAreNone();
        LocalFile file = Write([1]);
        Rights.Take(file.Path);

        AssertError("FileUnreadable", file, () => LocalFileReader.Open(file));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(0, -1)]
    public void A_file_of_another_size_or_time_than_found_is_not_read(int more, int later)
    {
        LocalFile file = Write(new byte[10]);
        Change(file, more, later);

        AssertError("FileChanged", file, () => LocalFileReader.Open(file));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    public void A_change_while_it_is_read_is_noticed_at_the_end(int more, int later)
    {
        LocalFile file = Write(new byte[10]);
        using LocalFileReader reader = LocalFileReader.Open(file);
        Change(file, more, later);

        AssertError("FileChanged", file, reader.ThrowIfChanged);
    }

    [Fact]
    public async Task A_file_that_becomes_shorter_while_it_is_read_does_not_give_what_it_has_not()
    {
        LocalFile file = Write(new byte[10]);
        using LocalFileReader reader = LocalFileReader.Open(file);
        Change(file, -1, 0);

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await reader.ReadAsync(0, new byte[10], default));

        Assert.Equal("FileChanged", error.ErrorId);
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertError(string errorId, LocalFile file, Action work)
    {
        StickyException error = Assert.Throws<StickyException>(work);
        Assert.Equal((errorId, file.Path), (error.ErrorId, error.Target));
        Assert.Contains(file.Path, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.RecommendedAction);
    }

    private static void Change(LocalFile file, int more, int later)
    {
        using (FileStream stream = new(file.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.SetLength(stream.Length + more);
        }

        File.SetLastWriteTimeUtc(file.Path, file.ModifiedTime.AddSeconds(later));
    }

    private LocalFile Write(byte[] content)
    {
        string path = Path.Combine(Directory.CreateDirectory(_folder["folder"]).FullName, "file");
        File.WriteAllBytes(path, content);
        return LocalFolder.Find("file", path)!;
    }
}
