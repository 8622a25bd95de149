using System.Buffers;
using System.Text.Json.Nodes;
using StickyPi.Core.Bundles;
using StickyPi.Core.Images;
using StickyPi.Core.Labels;
using StickyPi.Core.Properties;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Remote.Existing;
using StickyPi.Core.Storage;
using StickyPi.Core.Tuboids;
using StickyPi.Core.Users;

namespace StickyPi.Core.Remote;

/// <summary>
/// Checks what a server answers by the rules of input, before it becomes a path, a row or a view: the server may be broken or hostile, or
/// tell of rows that another program wrote. Numbers are checked as they are read, by <see cref="FiniteNumberConverter"/>. Keys of objects
/// are not checked here: a bucket may hold any, and each is checked before a file is made of it.
/// </summary>
internal static class AnswerRules
{
    private const int Md5Length = 32;
    private const int DeviceLength = 8;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> PatternDigits = SearchValues.Create("0123456789abcdefABCDEF%_*?");

    /// <summary>Makes sure that an answer follows the rules.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="answer">One thing of an answer.</param>
    /// <param name="server">The address of the server, for the error.</param>
    /// <returns>The same.</returns>
    /// <exception cref="StickyException"><c>InvalidAnswer</c>.</exception>
    public static T Check<T>(T answer, Uri server)
        where T : class => WhyNot(answer) is string reason ? throw Invalid(server, reason) : answer;

    private static StickyException Invalid(Uri server, string reason) => new(
        "InvalidAnswer",
        StickyErrorKind.ReadFailed,
        $"{server.GetLeftPart(UriPartial.Authority)} answers something that can't be right: {reason}.",
        server,
        "Tell whoever runs the server: another program wrote the row, or this is not the server that it seems to be.");

    // The end of a sentence, or null.
    private static string? WhyNot(object answer) => answer switch
    {
        IApiOutcome { Item: object item } => WhyNot(item),
        StickyImage image => Device(image.Device) ?? Md5(image.Md5) ?? Count(image.Width, "width") ?? Count(image.Height, "height")
            ?? Utc(image.DateTime) ?? Utc(image.CreatedAt) ?? Name(image.DeviceVersion, "version")
            ?? Origin(image.ApiUser, image.ApiVersion) ?? Url(image.Url),
        ApiSentImage sent => sent.Image is null ? null : WhyNot(sent.Image),
        StickyDevice device => Device(device.Device) ?? Count(device.ImageCount, "number of pictures")
            ?? Utc(device.FirstImage) ?? Utc(device.LastImage),
        ApiAnnotation annotation => Device(annotation.Device) ?? Md5(annotation.Md5) ?? Name(annotation.AlgoName, "algorithm")
            ?? Name(annotation.AlgoVersion, "version") ?? Count(annotation.ObjectCount, "number of objects") ?? Utc(annotation.DateTime)
            ?? Utc(annotation.CreatedAt) ?? Origin(annotation.ApiUser, annotation.ApiVersion),
        StickyTuboid tuboid => Tuboid(tuboid.TuboidId) ?? SeriesDevice(tuboid.Device) ?? Count(tuboid.ShotCount, "number of shots")
            ?? Count(tuboid.SeriesImageCount, "number of pictures") ?? Count(tuboid.SeriesTuboidCount, "number of tuboids")
            ?? Utc(tuboid.StartTime) ?? Utc(tuboid.EndTime) ?? Utc(tuboid.SeriesStartTime) ?? Utc(tuboid.SeriesEndTime)
            ?? Name(tuboid.SeriesAlgoName, "algorithm") ?? Name(tuboid.SeriesAlgoVersion, "version")
            ?? Origin(tuboid.ApiUser, tuboid.ApiVersion)
            ?? Url(tuboid.TuboidUrl) ?? Url(tuboid.MetadataUrl) ?? Url(tuboid.ContextUrl)
            ?? (tuboid.ItcLabel is StickyLabel label ? WhyNot(label) : null),
        ApiSentTuboid sent => sent.Tuboid is null ? null : WhyNot(sent.Tuboid),
        StickyTuboidSeries series => SeriesDevice(series.Device) ?? Count(series.ImageCount, "number of pictures")
            ?? Count(series.TuboidCount, "number of tuboids")
            ?? Count(series.StoredTuboidCount, "number of tuboids") ?? Utc(series.StartTime) ?? Utc(series.EndTime)
            ?? Name(series.AlgoName, "algorithm") ?? Name(series.AlgoVersion, "version") ?? Origin(series.ApiUser, series.ApiVersion),
        StickyLabel label => Tuboid(label.TuboidId) ?? Name(label.AlgoName, "algorithm") ?? Name(label.AlgoVersion, "version")
            ?? Name(label.Pattern, "pattern")
            ?? Name(label.Type, "type") ?? Name(label.Order, "order") ?? Name(label.Family, "family") ?? Name(label.Genus, "genus")
            ?? Name(label.Species, "species") ?? Origin(label.ApiUser, label.ApiVersion),
        StickyUser user => Name(user.UserName, "name") ?? Name(user.Email, "e-mail address") ?? Origin(user.ApiUser, user.ApiVersion),
        ApiVerified { User: StickyUser user } => WhyNot(user),
        ApiServer about => Name(about.Name, "name") ?? Name(about.Version, "version") ?? WhyNot(about.User)
            ?? Name(about.Store.Kind, "kind"),
        ApiToken token => Token(token.Token) ?? WhyNot(token.User),
        StickyMlBundle bundle => Bundle(bundle.Name) ?? Name(bundle.Version, "version")
            ?? Count(bundle.FileCount, "number of files") ?? Count(bundle.Size, "size"),
        StickyStorageItem item => (string.IsNullOrEmpty(item.Key) ? "an object has no key" : null) ?? Count(item.Size, "size") ?? Name(item.ETag, "ETag")
            ?? (item.Key.Length == 0 ? "the key of an object is empty" : null),
        ApiComparisonResult result => Name(result.ETag, "ETag"),
        StickyPropertySet set => Name(set.Id, "id") ?? PropertyName(set.Properties) ?? Name(set.ApiUser, "user"),
        ApiCount count => Count(count.Count, "number"),
        ApiUrl url => Url(url.Url),
        IReadOnlyList<string> names => First(names, name => Name(name, "name")),
        ExistingImage image => Device(image.Device) ?? Md5(image.Md5) ?? Count(image.Width, "width") ?? Count(image.Height, "height")
            ?? Name(image.DeviceVersion, "version") ?? Origin(image.ApiUser, image.ApiVersion) ?? Url(image.Url),
        ExistingAnnotation annotation => Name(annotation.AlgoName, "algorithm") ?? Name(annotation.AlgoVersion, "version")
            ?? Count(annotation.NObjects, "number of objects") ?? Origin(annotation.ApiUser, annotation.ApiVersion),
        ExistingTuboid tuboid => Tuboid(tuboid.TuboidId) ?? Name(tuboid.DeviceSeries, "device") ?? Count(tuboid.NShots, "number of shots")
            ?? Count(tuboid.NTuboidsSeries, "number of tuboids") ?? Name(tuboid.AlgoNameSeries, "algorithm")
            ?? Name(tuboid.AlgoVersionSeries, "version")
            ?? Origin(tuboid.ApiUser, tuboid.ApiVersion) ?? Url(tuboid.Tuboid) ?? Url(tuboid.Metadata) ?? Url(tuboid.Context),
        IReadOnlyList<ExistingTuboid> tuboids => First(tuboids, WhyNot),
        ExistingTuboidSeries series => Name(series.Device, "device") ?? Count(series.NImages, "number of pictures")
            ?? Count(series.NTuboids, "number of tuboids")
            ?? Name(series.AlgoName, "algorithm") ?? Name(series.AlgoVersion, "version") ?? Origin(series.ApiUser, series.ApiVersion),
        ExistingLabel label => Name(label.AlgoName, "algorithm") ?? Name(label.AlgoVersion, "version") ?? Name(label.Pattern, "pattern")
            ?? Name(label.Type, "type") ?? Name(label.Order, "order") ?? Name(label.Family, "family") ?? Name(label.Genus, "genus")
            ?? Name(label.Species, "species") ?? Origin(label.ApiUser, label.ApiVersion),
        ExistingUser user => Name(user.UserName, "name") ?? Name(user.Email, "e-mail address") ?? Origin(user.ApiUser, user.ApiVersion),
        _ => null,
    };

    private static string? Device(string device) =>
        ImageReference.IsDevice(device) ? null : $"the device '{OneLine.Value(device)}' is not 8 hexadecimal digits";

    // The existing Python client also makes series of several devices: theirs is the pattern that it asked for, mostly '%'.
    private static string? SeriesDevice(string device) =>
        device.Length is > 0 and <= DeviceLength && !device.AsSpan().ContainsAnyExcept(PatternDigits)
            ? null
            : $"the device '{OneLine.Value(device)}' of a series is neither 8 hexadecimal digits nor a pattern of them";

    private static string? Md5(string md5) =>
        md5.Length is 0 or Md5Length && !md5.AsSpan().ContainsAnyExcept(HexDigits)
            ? null
            : $"the MD5 '{OneLine.Value(md5)}' is not 32 hexadecimal digits";

    private static string? Tuboid(string id) =>
        TuboidId.TryParse(id, out _) ? null : $"'{OneLine.Value(id)}' is not the id of a tuboid";

    private static string? Bundle(string name) =>
        MlBundleRules.IsName(name) ? Name(name, "name") : $"'{OneLine.Value(name)}' is not the name of an ML bundle";

    private static string? Name(string? name, string what) =>
        name is null || OneLine.IsPlain(name) ? null : $"the {what} '{OneLine.Value(name)}' holds control characters";

    private static string? Origin(string? user, string? version) => Name(user, "user") ?? Name(version, "version of the API");

    private static string? Count(long count, string what) => count >= 0 ? null : FormattableString.Invariant($"the {what} is {count}");

    // With another offset, or none, it would be taken for the time of this machine.
    private static string? Utc(DateTime time) => time.Kind == DateTimeKind.Utc || time == default ? null : "a time is not in UTC";

    private static string? Url(string? url) =>
        string.IsNullOrEmpty(url)
        || ((url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
                || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            && OneLine.IsPlain(url))
            ? null
            : $"the address '{OneLine.Value(url.Split('?')[0])}' is not one of http or https";

    // It goes into a header.
    private static string? Token(string token) =>
        token.All(c => c is > ' ' and <= '~') ? null : "its token holds characters that no token has";

    private static string? PropertyName(JsonObject properties) =>
        First(properties.Select(property => property.Key), name => Name(name, "name of a property"));

    private static string? First<T>(IEnumerable<T> items, Func<T, string?> whyNot)
    {
        foreach (T item in items)
        {
            if (whyNot(item) is string reason)
            {
                return reason;
            }
        }

        return null;
    }
}
