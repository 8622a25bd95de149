using System.Security.Cryptography;
using StickyPi.Core.Storage;

namespace StickyPi.Tests;

/// <summary>
/// Large objects that other programs have uploaded, in parts of any size: the ETag differs with each, and the content is recognised all the
/// same, so that it is not sent again.
/// </summary>
public sealed class OtherProgramsTests(OtherProgramsTests.Model model) : IClassFixture<OtherProgramsTests.Model>
{
    private const int MebiByte = 1024 * 1024;

    // Not a multiple of any size of parts, so that the last part is a short one.
    private static readonly int Size = Trials.Count("STICKYPI_TEST_MODEL_MEBIBYTES", 66) * MebiByte;

    [SkippableTheory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(0)]
    public async Task A_model_that_rclone_has_uploaded_compares_as_equal(int partSize)
    {
        await using S3Bucket bucket = await S3Server.CreateBucketAsync();
        string[] options = partSize > 0 ? ["--s3-chunk-size", $"{partSize}Mi", "--s3-upload-cutoff", "0"] : ["--s3-upload-cutoff", "5Gi"];

        _ = await bucket.RcloneAsync(["copyto", .. options, model.Path, $"test:{bucket.Name}/ml/uid/output/model_final.pth"]);

        await AssertEqualAsync(bucket, partSize);
    }

    [SkippableTheory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(0)]
    public async Task A_model_that_s3cmd_has_uploaded_compares_as_equal(int partSize)
    {
        await using S3Bucket bucket = await S3Server.CreateBucketAsync();
        string option = partSize > 0 ? $"--multipart-chunk-size-mb={partSize}" : "--disable-multipart";

        _ = await bucket.S3cmdAsync("put", option, model.Path, $"s3://{bucket.Name}/ml/uid/output/model_final.pth");

        await AssertEqualAsync(bucket, partSize);
    }

    [SkippableFact]
    public async Task A_model_that_was_uploaded_here_is_equal_and_has_its_time_for_rclone()
    {
        await using S3Bucket bucket = await S3Server.CreateBucketAsync();
        await using IObjectStorage storage = await OpenAsync(bucket);
        using TransferWindow window = new(4);
        _ = await storage.UploadAsync("uid/output/model_final.pth", model.File, window, default);

        // It fails where bytes differ. Of an object in parts it knows no hash, so it reads both.
        string place = $"test:{bucket.Name}/ml/uid/output";
        _ = await bucket.RcloneAsync("check", "--download", System.IO.Path.GetDirectoryName(model.Path)!, place);

        Assert.Equal(
            $"{model.File.ModifiedTime.ToLocalTime():yyyy-MM-dd HH:mm:ss};{Size};model_final.pth",
            (await bucket.RcloneAsync("lsf", "--format", "tsp", place)).Trim());
        await AssertEqualAsync(bucket, partSize: 8);
    }

    private static async Task<IObjectStorage> OpenAsync(S3Bucket bucket)
    {
        using BucketOptions options = bucket.Options("ml");
        return await Pictures.Providers.OpenBucketAsync(options, default);
    }

    private async Task AssertEqualAsync(S3Bucket bucket, int partSize)
    {
        await using IObjectStorage storage = await OpenAsync(bucket);
        StickyStorageItem item = Assert.Single(await storage.ListAsync("uid", default).ToListAsync());
        Assert.Equal(("uid/output/model_final.pth", (long)Size), (item.Key, item.Size));

        // Or the program has not done what this is about.
        Assert.Equal(partSize > 0 ? (Size + (partSize * MebiByte) - 1) / (partSize * MebiByte) : 0, ETag.CountParts(item.ETag!));

        ContentComparison comparison = await storage.CompareAsync(item, model.File, default);

        Assert.Equal((true, item.ETag, item.ETag), (comparison.Equal, comparison.FileHash, comparison.ObjectHash));

        // Both programs keep the time of the file, which is whole seconds for s3cmd.
        DateTime? modified = (await storage.FindAsync(item.Key, default))!.ModifiedTime;
        Assert.NotNull(modified);
        Assert.InRange(modified.Value, model.File.ModifiedTime.AddSeconds(-1), model.File.ModifiedTime);

        using Microsoft.Win32.SafeHandles.SafeFileHandle target = File.OpenHandle(model.Target, FileMode.Create, FileAccess.ReadWrite);
        using TransferWindow window = new(4);
        StickyStorageItem downloaded = await storage.DownloadAsync(item, target, window, default);
        Assert.Equal((item.ETag, modified), (downloaded.ETag, downloaded.ModifiedTime));
        await using FileStream stream = new(target, FileAccess.Read);
        stream.Position = 0;
        Assert.Equal(model.Md5, Convert.ToHexStringLower(await MD5.HashDataAsync(stream)));
    }

    /// <summary>The file that all of them upload.</summary>
    public sealed class Model : IDisposable
    {
        private readonly TestFolder _folder = new();

        public Model()
        {
            byte[] content = RandomBytes.Make(Size);
            Md5 = Convert.ToHexStringLower(MD5.HashData(content));
            _ = Directory.CreateDirectory(_folder["output"]);
            System.IO.File.WriteAllBytes(Path, content);
            System.IO.File.SetLastWriteTimeUtc(Path, new DateTime(2021, 6, 1, 3, 20, 17, DateTimeKind.Utc).AddTicks(1_234_567));
            File = LocalFolder.Find("output/model_final.pth", Path)!;
        }

        public string Path => _folder["output/model_final.pth"];

        /// <summary>Where to download to; each overwrites the one before.</summary>
        public string Target => _folder["target"];

        public string Md5 { get; }

        public LocalFile File { get; }

        public void Dispose() => _folder.Dispose();
    }
}
