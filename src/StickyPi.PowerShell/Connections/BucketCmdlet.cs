using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Users;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Connections;

/// <summary>A command on a bucket of an S3 server, which has no input. It runs beside the pipeline, so that Ctrl-C ends it when no server answers.</summary>
public abstract class BucketCmdlet : StickyCmdlet<object>
{
    internal const string BucketSet = "Bucket";

    /// <summary>The name of the bucket.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = BucketSet)]
    [ValidateNotNullOrEmpty]
    [Id]
    public string Bucket { get; set; } = "";

    /// <summary>Where the server is, such as <c>https://s3.example.org</c>. Amazon's own by default.</summary>
    [Parameter(ParameterSetName = BucketSet)]
    [Given]
    public Uri? Endpoint { get; set; }

    /// <summary>The region. That of the profile or the environment by default.</summary>
    [Parameter(ParameterSetName = BucketSet)]
    [Given]
    [Text]
    public string? Region { get; set; }

    /// <summary>The access key id as the user name and the secret access key as the password.</summary>
    public abstract PSCredential? Credential { get; set; }

    /// <summary>A profile of the AWS configuration files.</summary>
    [Parameter(ParameterSetName = BucketSet)]
    [Given]
    [Text]
    public string? ProfileName { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        if (Credential is not null && ProfileName is not null)
        {
            throw Refuse("-Credential and -ProfileName both say who you are.", ProfileName, "Leave one of them out.");
        }

        // A key in a URL would be shown wherever the URL is.
        if (Endpoint is { IsAbsoluteUri: true, UserInfo.Length: > 0 })
        {
            throw Refuse("The endpoint holds a user name or a password.", null, "Leave them out, and use -Credential.");
        }
    }

    /// <summary>The error for parameters that do not make sense.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="target">With which value.</param>
    /// <param name="recommendedAction">What to do.</param>
    /// <returns>The error <c>InvalidBucketOptions</c>.</returns>
    private protected static StickyException Refuse(string message, object? target, string recommendedAction) =>
        new("InvalidBucketOptions", StickyErrorKind.InvalidData, message, target, recommendedAction);

    /// <summary>What the parameters say.</summary>
    /// <param name="basePath">The path in the bucket, as a key.</param>
    /// <param name="urlLifetime">How long URLs are good for.</param>
    /// <returns>The options, to be disposed of.</returns>
    private protected BucketOptions ReadOptions(string basePath, TimeSpan urlLifetime) => new()
    {
        Bucket = Bucket,
        Endpoint = Endpoint,
        Region = Region,
        BasePath = basePath,
        AccessKey = Credential?.UserName,
        SecretKey = Credential is null ? null : Secret.From(Credential.Password),
        ProfileName = ProfileName,
        UrlLifetime = urlLifetime,
    };

    /// <inheritdoc/>
    protected sealed override IEnumerable<object> ReadRecord() => [];
}
