using System.Globalization;

namespace StickyPi.Core;

/// <summary>What a server said of a request that it refused, for whoever has to look into it there.</summary>
/// <param name="Service">The kind of server: <c>S3</c>.</param>
/// <param name="Code">The server's own name of the error, such as <c>AccessDenied</c>; null where none came.</param>
/// <param name="Status">The HTTP status; null where no answer came.</param>
/// <param name="RequestId">What the server's log calls the request; null where it did not say.</param>
public sealed record ServiceError(string Service, string? Code, int? Status, string? RequestId)
{
    /// <summary>All of it in a few words, as it stands at the end of messages.</summary>
    /// <returns>For instance <c>S3: AccessDenied, status 403, request tx00…</c>.</returns>
    public override string ToString()
    {
        string?[] parts = [Code, Status is null ? null : string.Create(CultureInfo.InvariantCulture, $"status {Status}"), RequestId is null ? null : $"request {RequestId}"];
        return OneLine.Value($"{Service}: {(parts.All(part => part is null) ? "no answer" : string.Join(", ", parts.OfType<string>()))}");
    }
}
