using System.Reflection;
using Amazon.Runtime.Internal;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Users;
using StickyPi.Providers.S3;

namespace StickyPi.Tests;

/// <summary>What the user has set up for AWS, in the environment and in files. Other tests must not see it.</summary>
[Collection(nameof(AwsSettingsTests))]
[CollectionDefinition(nameof(AwsSettingsTests), DisableParallelization = true)]
public sealed class AwsSettingsTests : IDisposable
{
    private static readonly string[] Settings = ["AWS_USE_DUALSTACK_ENDPOINT", "AWS_USE_FIPS_ENDPOINT"];

    private readonly TestFolder _folder = new();
    private readonly string? _earlierLocation = Amazon.AWSConfigs.AWSProfilesLocation;
    private readonly string?[] _earlier = [.. Settings.Select(Environment.GetEnvironmentVariable)];

    public void Dispose()
    {
        for (int i = 0; i < Settings.Length; i++)
        {
            Environment.SetEnvironmentVariable(Settings[i], _earlier[i]);
        }

        Amazon.AWSConfigs.AWSProfilesLocation = _earlierLocation;
        FallbackInternalConfigurationFactory.Reset();
        _folder.Dispose();
    }

    [Fact]
    public async Task Settings_for_aws_do_not_change_the_address_of_another_server()
    {
        Environment.SetEnvironmentVariable(Settings[0], "true");
        Environment.SetEnvironmentVariable(Settings[1], "true");
        FallbackInternalConfigurationFactory.Reset();
        Assert.True(new Amazon.S3.AmazonS3Config().UseDualstackEndpoint);

        Assert.StartsWith("https://s3.example.org/traps/key?", await GetUrlAsync(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task With_a_credential_nothing_of_the_settings_for_aws_is_read_for_another_server()
    {
        string file = _folder["aws configuration"];
        await File.WriteAllTextAsync(file, "[default\n");
        Amazon.AWSConfigs.AWSProfilesLocation = file;
        await using S3Bucket bucket = await S3Server.CreateBucketAsync();
        using BucketOptions options = bucket.Options();
        using BucketOptions without = new() { Bucket = options.Bucket, Endpoint = options.Endpoint };
        Assert.Equal("AwsConfigurationInvalid", (await Assert.ThrowsAsync<StickyException>(async () => await S3ClientFactory.CreateAsync(without, default))).ErrorId);
        using BucketOptions aws = new() { Bucket = "traps", AccessKey = "key", SecretKey = new Secret("word") };
        Assert.Equal("AwsConfigurationInvalid", (await Assert.ThrowsAsync<StickyException>(async () => await S3ClientFactory.CreateAsync(aws, default))).ErrorId);

        // Whoever asks the SDK for a setting of the user gets an exception now.
        FieldInfo settings = typeof(FallbackInternalConfigurationFactory).GetField("_cachedConfiguration", BindingFlags.NonPublic | BindingFlags.Static)!;
        object? earlier = settings.GetValue(null);
        settings.SetValue(null, null);
        try
        {
            _ = Assert.Throws<NullReferenceException>(() => FallbackInternalConfigurationFactory.RetryMode);
            await using S3Storage storage = new(await S3ClientFactory.CreateAsync(options, default), TimeSpan.FromHours(1));
            await using (IStagedObject staged = await storage.StageAsync("a", "content"u8.ToArray(), default))
            {
                await staged.PublishAsync(default);
            }

            StickyStorageItem item = Assert.Single(await storage.ListAsync("", default).ToListAsync());
            using (Stream stream = (await storage.OpenReadAsync(item, 0, default))!)
            {
                Assert.Equal(7, stream.Length);
            }

            await storage.CopyAsync("a", "b", default);
            await storage.DeleteAsync(item, default);
            Assert.StartsWith(options.Endpoint!.AbsoluteUri, storage.GetUrl("b"), StringComparison.Ordinal);
        }
        finally
        {
            settings.SetValue(null, earlier);
        }
    }

    [Theory]
    [InlineData("[default] # mine")]
    [InlineData("aws_secret_access_key plover")]
    public async Task A_configuration_file_that_cannot_be_read_is_named_and_read_when_it_is_corrected(string line)
    {
        string file = _folder["aws configuration"];
        await File.WriteAllTextAsync(file, "# A comment.\n" + line + "\n");

        StickyException error = Assert.Throws<StickyException>(() => S3Credentials.CheckFiles(file));

        Assert.Equal("AwsConfigurationInvalid", error.ErrorId);
        Assert.Contains($"'{file}' cannot be read: line 2 ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("plover", error.ToString(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "# A comment.\n[default]\nregion = eu-central-1\n");
        S3Credentials.CheckFiles(file);
    }

    private static async Task<string> GetUrlAsync()
    {
        using BucketOptions options = new()
        {
            Bucket = "traps",
            Endpoint = new Uri("https://s3.example.org"),
            AccessKey = "key",
            SecretKey = new Secret("word"),
        };
        await using S3Storage storage = new(await S3ClientFactory.CreateAsync(options, default), TimeSpan.FromHours(1));
        return storage.GetUrl("key");
    }
}
