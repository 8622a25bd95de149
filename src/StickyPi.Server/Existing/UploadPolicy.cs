using System.Text.Json.Serialization;

namespace StickyPi.Server.Existing;

/// <summary>What may be uploaded with a form.</summary>
/// <param name="Key">The object.</param>
/// <param name="ETag">The ETag that its content must have.</param>
/// <param name="ModifiedTime">When its content was last changed, UTC.</param>
/// <param name="Expires">Until when the form is good, in seconds since 1970-01-01 UTC.</param>
/// <param name="User">The row of the user who asked for it.</param>
/// <param name="Id">Which form it is, 32 hexadecimal digits: each is good for one upload.</param>
internal sealed record UploadPolicy(string Key, string ETag, DateTime ModifiedTime, long Expires, long User, string Id);

/// <summary>The JSON of policies.</summary>
[JsonSerializable(typeof(UploadPolicy))]
internal sealed partial class UploadJson : JsonSerializerContext;
