using System.Text;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

/// <summary>Finds the credentials for a bucket.</summary>
internal static partial class S3Credentials
{
    // A machine in no cloud waits for an instance that does not answer; the SDK would do so for much longer.
    private static readonly TimeSpan SearchLimit = TimeSpan.FromSeconds(5);

    private const string HowToGive = "Give an access key and a secret key as -Credential, a profile of the AWS configuration files as -ProfileName, "
        + "or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.";

    /// <summary>Finds credentials as <see cref="BucketOptions"/> says.</summary>
    /// <param name="options">Which bucket, and what was given.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The credentials, not yet known to be accepted.</returns>
    /// <exception cref="StickyException"><c>CredentialMissing</c>.</exception>
    public static async ValueTask<AWSCredentials> FindAsync(BucketOptions options, CancellationToken cancellationToken)
    {
        if (options is { AccessKey: string accessKey, SecretKey: not null })
        {
            return new BasicAWSCredentials(accessKey, Encoding.UTF8.GetString(options.SecretKey.Bytes));
        }

        try
        {
            // Some ways of the SDK block, and one that asks the network for credentials may wait for it.
            return await Task.Run(
                async () =>
                {
                    AWSCredentials credentials = options.ProfileName is string name
                        ? FromProfile(name)
                        : FindDefaultProfile() ?? await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync().ConfigureAwait(false);
                    _ = await credentials.GetCredentialsAsync().ConfigureAwait(false);
                    return credentials;
                },
                cancellationToken).WaitAsync(SearchLimit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw Missing($"No credentials for the bucket '{options.Bucket}' were found within {SearchLimit.TotalSeconds:0} seconds.", options, HowToGive, e);
        }
        catch (Exception e) when (e is not (StickyException or OperationCanceledException))
        {
            throw options.ProfileName is string name
                ? Missing($"The profile '{name}' gives no credentials: {OneLine.Quote(e)}.", options, HowToExport(name), e)
                : Missing($"There are no credentials for the bucket '{options.Bucket}'.", options, HowToGive, e);
        }
    }

    /// <summary>
    /// Reads the AWS configuration files, which the SDK does at several places of its own, and not a second time in a process where it failed once.
    /// </summary>
    /// <param name="path">The file of credentials; null for those that the SDK finds, which it looks for once in a process.</param>
    /// <exception cref="StickyException"><c>AwsConfigurationInvalid</c>: one of them cannot be read.</exception>
    public static void CheckFiles(string? path = null)
    {
        try
        {
            _ = new CredentialProfileStoreChain(path).ListProfiles();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            // What the SDK says quotes the line, which may hold a secret.
            Match place = FilePlace().Match(e.Message);
            throw new StickyException(
                "AwsConfigurationInvalid",
                StickyErrorKind.InvalidData,
                place.Success
                    ? $"The AWS configuration file '{OneLine.Of(place.Groups["file"].Value)}' cannot be read: line {place.Groups["line"].Value} is neither a section, "
                        + "nor a setting, nor a comment."
                    : "The AWS configuration files cannot be read: "
                        + $"{(e is InvalidDataException ? "one of them is not in their form" : OneLine.Quote(e))}.",
                place.Success ? place.Groups["file"].Value : null,
                "Correct the file. A comment has a line of its own, which begins with '#' or ';'.",
                e is InvalidDataException ? null : e);
        }
    }

    /// <summary>The error for settings of AWS that the SDK does not understand.</summary>
    /// <param name="cause">What the SDK threw.</param>
    /// <returns>The error <c>AwsConfigurationInvalid</c>.</returns>
    public static StickyException SettingsUnreadable(Exception cause)
    {
        Exception innermost = cause;
        while (innermost.InnerException is not null)
        {
            innermost = innermost.InnerException;
        }

        string[] set =
        [
            .. Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("AWS_", StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal),
        ];
        return new StickyException(
            "AwsConfigurationInvalid",
            StickyErrorKind.InvalidData,
            $"The settings for AWS, of the environment and the AWS configuration files, cannot be read: {OneLine.Quote(innermost)}.",
            null,
            $"Correct them, and start a new session.{(set.Length == 0 ? "" : $" These variables are set: {string.Join(", ", set)}.")}",
            cause);
    }

    /// <summary>Finds the region that the user has configured.</summary>
    /// <param name="profileName">A profile, or null for what the environment says.</param>
    /// <param name="isAws">Whether the server is AWS; a region that was configured for it says nothing about any other.</param>
    /// <returns>The region, or null where there is none.</returns>
    public static string? FindRegion(string? profileName, bool isAws)
    {
        if (profileName is null && !isAws)
        {
            return null;
        }

        string? fromEnvironment = profileName is not null ? null
            : Environment.GetEnvironmentVariable("AWS_REGION") ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION");
        string profile = profileName ?? Environment.GetEnvironmentVariable("AWS_PROFILE") ?? "default";
        return !string.IsNullOrEmpty(fromEnvironment) ? fromEnvironment
            : new CredentialProfileStoreChain().TryGetProfile(profile, out CredentialProfile found) ? found.Region?.SystemName
            : null;
    }

    // The SDK remembers for the life of the process what it found, and those who renewed their credentials connect again in the same session.
    private static AWSCredentials? FindDefaultProfile() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID"))
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AWS_WEB_IDENTITY_TOKEN_FILE"))
        && new CredentialProfileStoreChain().TryGetAWSCredentials(Environment.GetEnvironmentVariable("AWS_PROFILE") ?? "default", out AWSCredentials found)
            ? found
            : null;

    private static AWSCredentials FromProfile(string name)
    {
        CredentialProfileStoreChain chain = new();
        if (chain.TryGetAWSCredentials(name, out AWSCredentials credentials))
        {
            return credentials;
        }

        string[] known = [.. chain.ListProfiles().Select(profile => $"'{profile.Name}'").Distinct().Order(StringComparer.OrdinalIgnoreCase)];
        throw new StickyException(
            "CredentialMissing",
            StickyErrorKind.AccessDenied,
            chain.TryGetProfile(name, out _)
                ? $"The profile '{name}' of the AWS configuration files holds no credentials."
                : $"There is no profile '{name}' in the AWS configuration files.",
            name,
            known.Length == 0 ? "There are no profiles at all: make one with 'aws configure', or give -Credential." : $"Choose one of {string.Join(", ", known)}.");
    }

    [GeneratedRegex(@"\ALine (?<line>\d+):<.*> in file (?<file>.+) does not contain a section, property or comment\.\z", RegexOptions.Singleline)]
    private static partial Regex FilePlace();

    // The SDK has parts of its own for signing in with a browser, which are not shipped.
    private static string HowToExport(string profile) =>
        $"If others can use it, run 'aws configure export-credentials --profile {profile} --format env', and set in the environment what that prints.";

    private static StickyException Missing(string message, BucketOptions options, string action, Exception cause) => new(
        "CredentialMissing", StickyErrorKind.AccessDenied, message, options.ProfileName ?? options.Bucket, action, cause);
}
