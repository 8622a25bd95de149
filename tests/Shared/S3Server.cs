using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using StickyPi.Core.Storage;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>
/// A real S3 server for tests: the one that the environment names, else Ceph's radosgw, which <c>tests/start-radosgw.sh</c> starts once for
/// the whole process. Tests that use it are skipped where neither can be had.
/// </summary>
public sealed class S3Server
{
    private const string EndpointVariable = "STICKYPI_TEST_S3";
    private const string KeyVariable = "STICKYPI_TEST_S3_KEY";
    private const string SecretVariable = "STICKYPI_TEST_S3_SECRET";

    private static readonly Lazy<Task<(S3Server? Server, string? WhyNot)>> Shared = new(FindAsync);

    private S3Server(Uri endpoint, string accessKey, string secretKey)
    {
        Endpoint = endpoint;
        AccessKey = accessKey;
        SecretKey = secretKey;
    }

    /// <summary>Where it listens, by path style.</summary>
    public Uri Endpoint { get; }

    public string AccessKey { get; }

    public string SecretKey { get; }

    /// <summary>The server; skips the test, with the reason, where there is none. Takes a <c>[SkippableFact]</c>.</summary>
    public static async Task<S3Server> GetAsync()
    {
        (S3Server? server, string? whyNot) = await Shared.Value;
        Skip.If(server is null, whyNot);
        return server!;
    }

    /// <summary>Makes an empty bucket that goes, with all that is in it, when it is disposed of.</summary>
    public static async Task<S3Bucket> CreateBucketAsync()
    {
        S3Server server = await GetAsync();
        S3Bucket bucket = new(server, "test-" + Guid.NewGuid().ToString("N"));
        _ = await bucket.Client.PutBucketAsync(bucket.Name);
        return bucket;
    }

    /// <summary>A client of the SDK itself, to look at the server past the code under test.</summary>
    public AmazonS3Client CreateClient(Uri? endpoint = null) => new(
        new BasicAWSCredentials(AccessKey, SecretKey),
        new AmazonS3Config
        {
            ServiceURL = (endpoint ?? Endpoint).ToString(),
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

    /// <summary>Tells a child process of the server, so that it needs none of its own.</summary>
    public void AddTo(IDictionary<string, string?> environment)
    {
        environment[EndpointVariable] = Endpoint.ToString();
        environment[KeyVariable] = AccessKey;
        environment[SecretVariable] = SecretKey;
    }

    private static async Task<(S3Server? Server, string? WhyNot)> FindAsync()
    {
        if (Environment.GetEnvironmentVariable(EndpointVariable) is { Length: > 0 } endpoint)
        {
            return (new S3Server(new Uri(endpoint), Variable(KeyVariable), Variable(SecretVariable)), null);
        }

        return OperatingSystem.IsLinux()
            ? await StartAsync()
            : (null, $"There is no S3 server: set {EndpointVariable}, {KeyVariable} and {SecretVariable} to run the tests that need one.");

        static string Variable(string name) =>
            Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{EndpointVariable} is set, and {name} is not.");
    }

    private static async Task<(S3Server? Server, string? WhyNot)> StartAsync()
    {
        (IReadOnlyDictionary<string, string>? values, string? whyNot) = await ServerScript
            .StartAsync("start-radosgw.sh", EndpointVariable, KeyVariable, SecretVariable);
        return (values is null ? null : new S3Server(new Uri(values[EndpointVariable]), values[KeyVariable], values[SecretVariable]), whyNot);
    }
}

/// <summary>A bucket of one test, and other programs' view of it.</summary>
public sealed class S3Bucket : IAsyncDisposable
{
    private readonly S3Server _server;

    internal S3Bucket(S3Server server, string name)
    {
        _server = server;
        Name = name;
        Client = server.CreateClient();
    }

    public string Name { get; }

    /// <summary>The server that it is on.</summary>
    public S3Server Server => _server;

    /// <summary>A client of the SDK itself, to look at the bucket past the code under test.</summary>
    public AmazonS3Client Client { get; }

    /// <summary>How the code under test is to open it, by default directly and not through a proxy.</summary>
    public BucketOptions Options(string basePath = "", Uri? endpoint = null, TimeSpan? stallLimit = null, bool givesUpSoon = false) => new()
    {
        Bucket = Name,
        Endpoint = endpoint ?? _server.Endpoint,
        Region = "us-east-1",
        BasePath = basePath,
        AccessKey = _server.AccessKey,
        SecretKey = new Secret(_server.SecretKey),
        StallLimit = stallLimit ?? BucketOptions.DefaultStallLimit,
        GivesUpSoon = givesUpSoon,
    };

    /// <summary>All keys of the bucket.</summary>
    public async Task<List<string>> KeysAsync()
    {
        List<string> keys = [];
        await foreach (S3Object item in Client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Name }).S3Objects)
        {
            keys.Add(item.Key);
        }

        return keys;
    }

    /// <summary>All uploads in parts that were begun and not ended.</summary>
    public async Task<List<MultipartUpload>> UploadsAsync() =>
        (await Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Name })).MultipartUploads ?? [];

    /// <summary>Runs <c>rclone</c>, where it is installed; the bucket is <c>test:</c> and its name. Returns what it printed.</summary>
    public Task<string> RcloneAsync(params string[] arguments) => RunAsync(
        "rclone",
        arguments,
        new Dictionary<string, string>
        {
            ["RCLONE_CONFIG"] = "/notfound",
            ["RCLONE_CONFIG_TEST_TYPE"] = "s3",
            ["RCLONE_CONFIG_TEST_PROVIDER"] = "Ceph",
            ["RCLONE_CONFIG_TEST_ENDPOINT"] = _server.Endpoint.ToString(),
            ["RCLONE_CONFIG_TEST_ACCESS_KEY_ID"] = _server.AccessKey,
            ["RCLONE_CONFIG_TEST_SECRET_ACCESS_KEY"] = _server.SecretKey,
        });

    /// <summary>Runs <c>s3cmd</c>, where it is installed; the bucket is <c>s3://</c> and its name. Returns what it printed.</summary>
    public Task<string> S3cmdAsync(params string[] arguments) => RunAsync(
        "s3cmd",
        [
            "--config=/dev/null", "--no-ssl", $"--host={_server.Endpoint.Authority}", $"--host-bucket={_server.Endpoint.Authority}/%(bucket)", "--no-progress",
            .. arguments,
        ],
        new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = _server.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = _server.SecretKey,
        });

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (MultipartUpload upload in await UploadsAsync())
            {
                _ = await Client.AbortMultipartUploadAsync(Name, upload.Key, upload.UploadId);
            }

            await Parallel.ForEachAsync(
                await KeysAsync(),
                new ParallelOptions { MaxDegreeOfParallelism = 16 },
                async (key, cancellationToken) => await Client.DeleteObjectAsync(Name, key, cancellationToken));
            _ = await Client.DeleteBucketAsync(Name);
        }
        finally
        {
            Client.Dispose();
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments, Dictionary<string, string> environment)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
        Skip.If(path is null, $"{program} is not installed.");
        ProcessStartInfo start = new(path!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

        // What the user has set for servers of their own, a bundle of certificates for instance, is not for this one.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToArray())
        {
            _ = start.Environment.Remove(name);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}{output}");
        return output;
    }
}
