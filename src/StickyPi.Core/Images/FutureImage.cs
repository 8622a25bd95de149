namespace StickyPi.Core.Images;

/// <summary>Notices pictures that are dated after the clock: the clock of the device was wrong, and so is the place of the picture in every series.</summary>
public static class FutureImage
{
    // A device may be set to the time of another zone.
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    /// <summary>Says what is wrong with a picture that is dated more than a day after the clock.</summary>
    /// <param name="metadata">The picture.</param>
    /// <param name="clock">The clock of whoever stores it.</param>
    /// <returns>A sentence, or null where the picture is not from the future.</returns>
    public static string? Describe(ImageMetadata metadata, TimeProvider clock) => WhyNot(metadata, clock) is string reason
        ? $"'{metadata.Path}' {reason}. Was the clock of the device wrong, or is this one?"
        : null;

    /// <summary>Refuses such a picture.</summary>
    /// <param name="metadata">The picture.</param>
    /// <param name="clock">The clock of whoever stores it.</param>
    /// <exception cref="StickyException"><c>ImageFromFuture</c>.</exception>
    internal static void Refuse(ImageMetadata metadata, TimeProvider clock)
    {
        if (WhyNot(metadata, clock) is string reason)
        {
            throw new StickyException(
                "ImageFromFuture",
                StickyErrorKind.InvalidData,
                $"'{metadata.Path}' {reason}.",
                metadata.Path,
                "Set the clocks right, and give the file the name with the right time; or send it without -Strict.");
        }
    }

    private static string? WhyNot(ImageMetadata metadata, TimeProvider clock)
    {
        DateTime now = clock.GetUtcNow().UtcDateTime;
        return metadata.DateTime - now > Tolerance
            ? FormattableString.Invariant(
                $"is dated {StickyTime.ToFileText(metadata.DateTime)}, more than a day after the clock, which says {StickyTime.ToFileText(now)} (UTC)")
            : null;
    }
}
