using Amazon.S3.Model;

namespace StickyPi.Tests;

/// <summary>The tests' own S3 server, and the programs that tests use on it.</summary>
public class S3ServerTests
{
    [SkippableFact]
    public async Task A_bucket_of_a_test_takes_objects_and_goes_with_all_that_is_in_it()
    {
        S3Server server = await S3Server.GetAsync();
        string name;
        await using (S3Bucket bucket = await S3Server.CreateBucketAsync())
        {
            name = bucket.Name;
            _ = await bucket.Client.PutObjectAsync(new PutObjectRequest { BucketName = name, Key = "a/b c", ContentBody = "text" });
            _ = await bucket.Client.InitiateMultipartUploadAsync(name, "begun");
            Assert.Equal(["a/b c"], await bucket.KeysAsync());
            Assert.Equal("begun", Assert.Single(await bucket.UploadsAsync()).Key);
        }

        using Amazon.S3.AmazonS3Client client = server.CreateClient();
        Assert.DoesNotContain((await client.ListBucketsAsync()).Buckets ?? [], found => found.BucketName == name);
    }

    [SkippableTheory]
    [InlineData("rclone")]
    [InlineData("s3cmd")]
    public async Task Other_programs_see_the_bucket(string program)
    {
        await using S3Bucket bucket = await S3Server.CreateBucketAsync();
        using TestFolder folder = new();
        await File.WriteAllTextAsync(folder["file"], "text");

        _ = program == "rclone"
            ? await bucket.RcloneAsync("copyto", folder["file"], $"test:{bucket.Name}/a/b c")
            : await bucket.S3cmdAsync("put", folder["file"], $"s3://{bucket.Name}/a/b c");

        Assert.Equal(["a/b c"], await bucket.KeysAsync());
    }
}
