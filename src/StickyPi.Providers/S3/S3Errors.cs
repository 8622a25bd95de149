using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using StickyPi.Core;
using StickyPi.Core.Remote;

namespace StickyPi.Providers.S3;

/// <summary>A server has answered something that is well-formed and can't be right.</summary>
/// <param name="message">What, as the end of a sentence.</param>
internal sealed class UnusableAnswerException(string message) : Exception(message);

/// <summary>Makes errors that users can act on of what S3 servers, and the way to them, answer.</summary>
internal static class S3Errors
{
    private const string CheckEndpoint = "Check the endpoint, or ask who runs the server, and any proxy before it.";
    private const string TryLater = "Run the same command again later: what was transferred is not transferred again.";
    private const string RegionHeader = "x-amz-bucket-region";

    /// <summary>Whether an error says that there is no such object.</summary>
    /// <param name="error">The error.</param>
    /// <returns>Whether it does; not where the bucket is missing.</returns>
    public static bool IsNotFound(AmazonS3Exception error) =>
        error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode is not ("NoSuchBucket" or "NoSuchUpload");

    /// <summary>Whether an error says that an upload in parts is not there, or not as it was left.</summary>
    /// <param name="error">The error.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsUploadGone(AmazonS3Exception error) => error.ErrorCode is "NoSuchUpload" or "InvalidPart" or "InvalidPartOrder";

    /// <summary>Whether the server may answer better later.</summary>
    /// <param name="error">The error.</param>
    /// <returns>Whether it may.</returns>
    public static bool IsPassing(AmazonServiceException error) =>
        (int)error.StatusCode >= 500 || error.StatusCode == HttpStatusCode.TooManyRequests || error.ErrorCode is "SlowDown" or "RequestTimeout";

    /// <summary>Makes the error.</summary>
    /// <param name="cause">What the SDK threw.</param>
    /// <param name="place">The bucket.</param>
    /// <param name="doing">What could not be done, as the beginning of a sentence: <c>'a/b' cannot be read</c>.</param>
    /// <param name="target">The key, or the bucket.</param>
    /// <returns>The error, or null where the cause is none of the server or of the way to it.</returns>
    public static StickyException? From(Exception cause, S3Place place, string doing, object target)
    {
        if (cause is StickyException)
        {
            return null;
        }

        return cause is AmazonServiceException { StatusCode: not 0 } answer ? FromAnswer(answer, place, doing, target)
            : cause is AmazonServiceException or AmazonClientException or System.Xml.XmlException or HttpRequestException or IOException or TimeoutException
                or OperationCanceledException or UnusableAnswerException || IsUnreadableAnswer(cause)
                ? FromWay(cause, place, doing, target)
            : null;
    }

    private static StickyException FromAnswer(AmazonServiceException cause, S3Place place, string doing, object target)
    {
        ServiceError service = new("S3", string.IsNullOrEmpty(cause.ErrorCode) ? null : cause.ErrorCode, (int)cause.StatusCode, NullIfEmpty(cause.RequestId));
        string server = place.Endpoint.GetLeftPart(UriPartial.Authority);
        switch (cause.ErrorCode)
        {
            case "InvalidAccessKeyId":
                return Error("CredentialRefused", StickyErrorKind.AccessDenied, $"{server} does not know the access key", "Check the access key, and that it belongs to this server.");
            case "SignatureDoesNotMatch":
                return Error(
                    "CredentialRefused",
                    StickyErrorKind.AccessDenied,
                    "the secret key does not belong to the access key",
                    "Give the secret key again; where it is right, check that nothing between here and the server changes requests.");
            case "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired":
                return Error(
                    "CredentialRefused",
                    StickyErrorKind.AccessDenied,
                    "the credentials have expired",
                    "Get new ones, connect again and run the same command: what was transferred is not transferred again.");
            case "InvalidToken" or "InvalidSecurity" or "NotSignedUp" or "AccountProblem":
                return Error("CredentialRefused", StickyErrorKind.AccessDenied, $"{server} does not accept the credentials", "Get new credentials and connect again.");
            case "RequestTimeTooSkewed" or "RequestInTheFuture" or "RequestExpired":
                return Error(
                    "ClockWrong",
                    StickyErrorKind.StoreUnavailable,
                    "the clock of this machine, or of the server, is wrong by more than a quarter of an hour",
                    "Set the clock of this machine, and let it follow a time server.");
            case "NoSuchBucket":
            case not null when cause.StatusCode == HttpStatusCode.NotFound && target.Equals(place.Bucket):
                return Error(
                    "BucketNotFound",
                    StickyErrorKind.NotFound,
                    $"there is no bucket '{place.Bucket}' at {server}",
                    "Check the name and the endpoint; New-StickyBucket makes a bucket.");
            case "InvalidBucketName":
                return Error(
                    "InvalidBucketOptions",
                    StickyErrorKind.InvalidData,
                    $"'{place.Bucket}' is not a name that a bucket may have",
                    "Choose 3 to 63 lower-case letters, digits and hyphens.");
            case "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException":
                return WrongRegion();
            case "QuotaExceeded" or "InsufficientCapacity" or "XMinioStorageFull":
                return Error("StorageFull", StickyErrorKind.StorageFull, "there is no more space", "Free some space, or ask whoever keeps the bucket for more.");
            case "EntityTooLarge":
                return Error("ObjectTooLarge", StickyErrorKind.WriteFailed, "it is larger than the server allows", "Leave it out with -Exclude.");
            case "InvalidObjectState":
                return Error("ObjectArchived", StickyErrorKind.ReadFailed, "it is archived", "Have it restored, and run the command again when it is back.");
        }

        return cause.StatusCode switch
        {
            HttpStatusCode.MovedPermanently or HttpStatusCode.PermanentRedirect or HttpStatusCode.TemporaryRedirect => WrongRegion(),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Error(
                "AccessDenied",
                StickyErrorKind.AccessDenied,
                "the credentials do not allow it",
                $"Ask whoever keeps the bucket for the right to do this below '{place.Location}', or connect with other credentials."),
            HttpStatusCode.NotFound => Error("ObjectNotFound", StickyErrorKind.NotFound, "it is not there", "Get-StickyStorageItem lists what there is."),
            HttpStatusCode.PreconditionFailed => Error(
                "ObjectChanged", StickyErrorKind.ReadFailed, "it was replaced by another one meanwhile", "Run the command again."),
            HttpStatusCode.InsufficientStorage => Error(
                "StorageFull", StickyErrorKind.StorageFull, "there is no more space", "Free some space, or ask whoever keeps the bucket for more."),
            _ when IsPassing(cause) => Error("StorageUnavailable", StickyErrorKind.StoreUnavailable, $"{server} is out of order or overloaded, and did not recover", TryLater),
            HttpStatusCode.OK => Error("StorageUnavailable", StickyErrorKind.StoreUnavailable, $"what {server} answers makes no sense", TryLater),
            _ => Error(
                "StorageRefused",
                StickyErrorKind.NotAllowed,
                string.IsNullOrWhiteSpace(cause.Message) ? $"{server} refuses it" : OneLine.Quote(cause),
                "Look up the request in the log of the server, or ask whoever keeps it."),
        };

        StickyException WrongRegion()
        {
            string? region = (cause.InnerException as HttpErrorResponseException)?.Response?.GetHeaderValue(RegionHeader);
            return Error(
                "WrongRegion",
                StickyErrorKind.StoreUnavailable,
                $"the bucket '{place.Bucket}' is not in the region '{place.Region}'{(string.IsNullOrEmpty(region) ? "" : $", but in '{region}'")}",
                string.IsNullOrEmpty(region) ? "Connect with the -Region, or the -Endpoint, that the bucket is in." : $"Connect with -Region {region}.");
        }

        StickyException Error(string errorId, StickyErrorKind kind, string reason, string action) =>
            new(errorId, kind, $"{doing}: {reason} ({service})", target, action, cause) { Service = service };
    }

    private static StickyException FromWay(Exception cause, S3Place place, string doing, object target)
    {
        string server = place.Endpoint.GetLeftPart(UriPartial.Authority);
        (string reason, string action) = ProxyErrors.Explain(cause, place.Endpoint) ?? cause switch
        {
            _ when Find<UnusableAnswerException>(cause) is UnusableAnswerException odd => (
                $"{server} answers what can't be right: {OneLine.Quote(odd)}", CheckEndpoint),
            _ when IsUnreadableAnswer(cause) => (
                $"{server} answers what can't be read: {OneLine.Quote(cause)}", CheckEndpoint),
            _ when Find<System.Xml.XmlException>(cause) is not null => (
                $"what answers at {server} is no S3 server", "Check the endpoint: it is that of the S3 service, not of a web page in front of it."),
            _ when Find<AuthenticationException>(cause) is AuthenticationException tls => (
                $"no secure connection to {server} comes about: {OneLine.Quote(tls.InnerException ?? tls)}",
                "Check that the server has a valid certificate for this name, and that this machine trusts it; a server without TLS has an endpoint with http://."),
            _ when Find<HttpRequestException>(cause)?.HttpRequestError == HttpRequestError.NameResolutionError
                || Find<SocketException>(cause)?.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => (
                $"no host is called '{place.Endpoint.Host}'", "Check the endpoint, and the network of this machine."),
            _ when Find<SocketException>(cause)?.SocketErrorCode == SocketError.ConnectionRefused => (
                $"nothing listens at {server}", "Check the port in the endpoint, and that the server runs."),
            _ when Find<HttpRequestException>(cause)?.HttpRequestError == HttpRequestError.ConnectionError => (
                $"{server} cannot be reached: {OneLine.Quote(Innermost(cause))}", "Check the endpoint, and the network of this machine."),
            _ => ($"the connection to {server} broke, again and again: {OneLine.Quote(Innermost(cause))}", TryLater),
        };
        return new StickyException("StorageUnavailable", StickyErrorKind.StoreUnavailable, $"{doing}: {reason}.", target, action, cause)
        {
            Service = new ServiceError("S3", null, null, null),
        };
    }

    // The SDK reads numbers, times and addresses of answers by the means of .NET.
    private static bool IsUnreadableAnswer(Exception cause) =>
        cause is FormatException or OverflowException || (cause is ArgumentException && cause.Source?.StartsWith("AWSSDK", StringComparison.Ordinal) == true);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static Exception Innermost(Exception error) => error.InnerException is null ? error : Innermost(error.InnerException);
}
