using System.Security.Cryptography;
using System.Text.Json;
using StickyPi.Core.Storage;

namespace StickyPi.Tests;

public class ETagTests
{
    private const int MebiByte = 1024 * 1024;
    private const string Md5OfNothing = "d41d8cd98f00b204e9800998ecf8427e";

    [SkippableFact]
    public async Task Files_of_a_real_bundle_have_the_etags_that_the_existing_program_computes()
    {
        SampleData.SkipIfAbsent();
        Dictionary<string, JsonElement> expected = SampleData.ExpectedOfMlBundle;
        Assert.NotEmpty(expected);
        foreach ((string key, JsonElement values) in expected)
        {
            byte[] content = await File.ReadAllBytesAsync(Path.Combine(SampleData.MlBundle!, key));
            Assert.Equal(values.GetProperty("size").GetInt32(), content.Length);
            Assert.Equal(values.GetProperty("etag_8MiB").GetString(), await ComputeAsync(content, ETag.PartSize));
            Assert.Equal(values.GetProperty("etag_1MiB").GetString(), await ComputeAsync(content, MebiByte));
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("-1", 1)]
    [InlineData("-10000", 10_000)]
    [InlineData("-10001", -1)]
    [InlineData("-2147483647", -1)]
    [InlineData("-0", -1)]
    [InlineData("x", -1)]
    public void An_etag_tells_of_as_many_parts_as_an_object_may_have(string end, int parts) => Assert.Equal(parts, ETag.CountParts(Md5OfNothing + end));

    [Theory]
    [InlineData(100L * 1024 * MebiByte)]
    [InlineData(80_000L * MebiByte)]
    [InlineData(20_000_000)]
    public void A_file_goes_in_no_more_parts_than_an_object_may_have(long size)
    {
        long partSize = ETag.PartSizeOf(size);

        Assert.Equal(0, partSize % ETag.PartSize);
        Assert.InRange((size + partSize - 1) / partSize, 1, 10_000);
        Assert.Equal(partSize == ETag.PartSize, size <= 80_000L * MebiByte);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(ETag.PartSize - 1, 0)]
    [InlineData(ETag.PartSize, 0)]
    [InlineData(ETag.PartSize + 1, 2)]
    [InlineData(2 * ETag.PartSize, 2)]
    [InlineData((2 * ETag.PartSize) + 1, 3)]
    public async Task Up_to_one_part_an_etag_is_the_plain_md5_and_above_it_that_of_the_parts(int size, int parts)
    {
        byte[] content = RandomBytes.Make(size);

        string etag = await ComputeAsync(content, ETag.PartSize);

        Assert.Equal(parts == 0 ? Convert.ToHexStringLower(MD5.HashData(content)) : OfParts(content, ETag.PartSize), etag);
        Assert.Equal(parts, ETag.CountParts(etag));
    }

    [Fact]
    public async Task Nothing_has_the_md5_of_nothing() => Assert.Equal(Md5OfNothing, await ComputeAsync([], ETag.PartSize));

    [Theory]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e", 0)]
    [InlineData("D41D8CD98F00B204E9800998ECF8427E", 0)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e-1", 1)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e-10000", 10000)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e-0", -1)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e--1", -1)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e-", -1)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e-1x", -1)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e1", -1)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427", -1)]
    [InlineData("x41d8cd98f00b204e9800998ecf8427e", -1)]
    [InlineData("\"d41d8cd98f00b204e9800998ecf8427e\"", -1)]
    [InlineData("", -1)]
    public void The_number_of_parts_is_read_from_what_is_an_etag(string etag, int parts) => Assert.Equal(parts, ETag.CountParts(etag));

    [Theory]
    [InlineData(24, 5L * MebiByte)]
    [InlineData(24, 8L * MebiByte)]
    [InlineData(24, 15L * MebiByte)]
    [InlineData(24, 16L * MebiByte)]
    [InlineData(70, 64L * MebiByte)]
    [InlineData(24, 7L * MebiByte)]
    [InlineData(24, 10_000_000L)]
    [InlineData(24, 23L * MebiByte)]
    [InlineData(24, 12L * MebiByte)]
    public async Task The_same_content_is_recognised_whatever_the_size_of_the_parts(int size, long partSize)
    {
        byte[] content = RandomBytes.Make(size * MebiByte);
        string etag = OfParts(content, (int)partSize);

        Assert.Equal(etag, await ETag.ComputeLikeAsync(Reader(content), content.Length, etag, null, default));
        Assert.Equal(etag, await ETag.ComputeLikeAsync(Reader(content), content.Length, etag, partSize, default));
        Assert.Equal(etag, await ETag.ComputeLikeAsync(Reader(content), content.Length, etag.ToUpperInvariant(), partSize, default), ignoreCase: true);
    }

    [Fact]
    public async Task Other_content_is_not_recognised_and_has_the_etag_of_the_likeliest_parts()
    {
        byte[] content = RandomBytes.Make(24 * MebiByte);
        string etag = OfParts(content, 5 * MebiByte);
        content[^1] ^= 1;

        Assert.Equal(OfParts(content, 5 * MebiByte), await ETag.ComputeLikeAsync(Reader(content), content.Length, etag, null, default));
    }

    // 300 MiB in two parts have hundreds of possible part sizes.
    [Fact]
    public async Task The_search_for_the_size_of_the_parts_ends_in_reasonable_time()
    {
        const long size = 300L * MebiByte;
        long read = 0;

        _ = await ETag.ComputeLikeAsync(
            (_, buffer, _) =>
            {
                read += buffer.Length;
                return ValueTask.CompletedTask;
            },
            size,
            "d41d8cd98f00b204e9800998ecf8427e-2",
            null,
            default);

        Assert.InRange(read, 2 * size, 4 * size);
    }

    [Fact]
    public async Task The_same_content_is_recognised_in_one_part_whether_or_not_the_etag_counts_it()
    {
        foreach (byte[] content in (byte[][])[[], [1], RandomBytes.Make(10 * MebiByte)])
        {
            string plain = Convert.ToHexStringLower(MD5.HashData(content));
            string one = $"{Convert.ToHexStringLower(MD5.HashData(MD5.HashData(content)))}-1";

            Assert.Equal(plain, await ETag.ComputeLikeAsync(Reader(content), content.Length, plain, null, default));
            Assert.Equal(one, await ETag.ComputeLikeAsync(Reader(content), content.Length, one, null, default));
        }
    }

    [Theory]
    [InlineData(200L * MebiByte, 40, 5L * MebiByte)]
    [InlineData(200L * MebiByte, 25, 8L * MebiByte)]
    [InlineData(200L * MebiByte, 14, 15L * MebiByte)]
    [InlineData(200L * MebiByte, 4, 64L * MebiByte)]
    [InlineData(200L * MebiByte, 1, 200L * MebiByte)]
    [InlineData(0, 1, 1)]
    [InlineData(5_000_000_000_000, 10_000, 500_000_000)] // 5 TB in as many parts as there may be
    public void The_likeliest_part_size_comes_first_and_all_give_the_number_of_parts(long size, int parts, long likeliest)
    {
        long[] sizes = [.. ETag.GetPartSizes(size, parts)];

        Assert.Equal(likeliest, sizes[0]);
        Assert.Equal(sizes.Length, sizes.Distinct().Count());
        Assert.All(sizes, partSize => Assert.Equal(parts, Math.Max(1, (size + partSize - 1) / partSize)));
    }

    [Fact]
    public async Task Reading_can_be_stopped()
    {
        byte[] content = RandomBytes.Make(10 * MebiByte);
        using CancellationTokenSource stop = new();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await ETag.ComputeAsync(
            (offset, buffer, cancellationToken) =>
            {
                stop.Cancel();
                cancellationToken.ThrowIfCancellationRequested();
                return ValueTask.CompletedTask;
            },
            content.Length,
            ETag.PartSize,
            stop.Token));
    }

    private static async Task<string> ComputeAsync(byte[] content, long partSize) =>
        await ETag.ComputeAsync(Reader(content), content.Length, partSize, default);

    private static Func<long, Memory<byte>, CancellationToken, ValueTask> Reader(byte[] content) => (offset, buffer, _) =>
    {
        content.AsMemory((int)offset, buffer.Length).CopyTo(buffer);
        return ValueTask.CompletedTask;
    };

    private static string OfParts(byte[] content, int partSize)
    {
        byte[][] hashes = [.. Enumerable.Range(0, (content.Length + partSize - 1) / partSize)
            .Select(i => MD5.HashData(content.AsSpan(i * partSize, Math.Min(partSize, content.Length - (i * partSize)))))];
        return $"{Convert.ToHexStringLower(MD5.HashData(hashes.SelectMany(hash => hash).ToArray()))}-{hashes.Length}";
    }
}
