using System.Globalization;

namespace StickyPi.Core.Images;

/// <summary>
/// The identity of a picture: the device that took it and the second at which it did. A store holds one picture for each.
/// </summary>
/// <param name="Device">The device: 8 hexadecimal digits, in lower case.</param>
/// <param name="DateTime">When the picture was taken, UTC.</param>
public readonly record struct ImageReference(string Device, DateTime DateTime)
{
    /// <summary>The length of a device's name.</summary>
    public const int DeviceLength = 8;

    /// <summary>The name of the picture's file: <c>5c173ff2.2020-06-20_21-33-24.jpg</c>.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Device}.{StickyTime.ToFileText(DateTime)}.jpg");

    /// <summary>Whether the device is one. A catalog is a file that anybody may have written to, and its devices become names of folders.</summary>
    public bool IsValid => IsDevice(Device);

    /// <summary>The key of one of the picture's files in a store: <c>raw_images/&lt;device&gt;/&lt;file name&gt;[.thumbnail[-mini]]</c>.</summary>
    /// <param name="content">Which file.</param>
    /// <returns>A key with forward slashes, the same on disk and on S3.</returns>
    /// <exception cref="StickyException"><c>InvalidDevice</c>: the device is not 8 hexadecimal digits.</exception>
    public string Key(ImageContent content)
    {
        Validate();
        return $"raw_images/{Device}/{FileName}{content.KeySuffix()}";
    }

    /// <summary>Makes sure that <see cref="IsValid"/> holds.</summary>
    /// <exception cref="StickyException"><c>InvalidDevice</c>.</exception>
    internal void Validate()
    {
        if (!IsValid)
        {
            throw new StickyException(
                "InvalidDevice",
                StickyErrorKind.InvalidData,
                $"'{Device}' is not the name of a device, which is 8 hexadecimal digits.",
                this,
                "If the store lists it, correct the row with the program that wrote it.");
        }
    }

    /// <summary>Reads the identity of a picture from the name of its file.</summary>
    /// <param name="fileName">A file name without folders: exactly <c>&lt;device&gt;.&lt;YYYY-MM-DD_HH-MM-SS&gt;.jpg</c>.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="StickyException"><c>InvalidFileName</c>: the name has another shape, or its time is from before 2019-11-01.</exception>
    public static ImageReference Parse(string fileName) => Parse(fileName, fileName, "picture", "jpg");

    /// <summary>Reads the identity of a picture from the name of a file that belongs to it.</summary>
    /// <param name="fileName">A file name without folders.</param>
    /// <param name="shownName">What messages call the file, by which a user finds it: its path, where it has one.</param>
    /// <param name="kind">What the file is, for messages.</param>
    /// <param name="extension">What its name must end in, without the dot.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="StickyException"><c>InvalidFileName</c>, as for pictures.</exception>
    internal static ImageReference Parse(string fileName, string shownName, string kind, string extension)
    {
        string[] fields = fileName.Split('.');
        if (fields.Length != 3)
        {
            throw Invalid($"it has {fields.Length} dot-separated fields instead of 3");
        }

        if (!fields[2].Equals(extension, StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid($"its extension is '.{fields[2]}' instead of '.{extension}'");
        }

        if (!IsDevice(fields[0]))
        {
            throw Invalid($"its device '{fields[0]}' is not 8 hexadecimal digits");
        }

        if (!StickyTime.TryParseFileText(fields[1], out DateTime time))
        {
            throw Invalid($"its time '{fields[1]}' is no time of the shape YYYY-MM-DD_HH-MM-SS");
        }

        if (time < StickyTime.Earliest)
        {
            throw Invalid($"its time '{fields[1]}' is from before 2019-11-01, when no Sticky Pi existed: was the device's clock set?");
        }

        return new ImageReference(fields[0].ToLowerInvariant(), time);

        StickyException Invalid(string reason) => new(
            "InvalidFileName",
            StickyErrorKind.InvalidData,
            $"'{shownName}' is not the name of a Sticky Pi {kind}: {reason}.",
            shownName,
            $"The name of a {kind} is <device>.<YYYY-MM-DD_HH-MM-SS>.{extension}, for example 5c173ff2.2020-06-20_21-33-24.{extension}, "
                + "with the time in UTC.");
    }

    /// <summary>Whether a text is the name of a device: 8 hexadecimal digits.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsDevice(string text) => text.Length == DeviceLength && text.All(char.IsAsciiHexDigit);

    /// <inheritdoc/>
    public override string ToString() => OneLine.Of(string.Create(CultureInfo.InvariantCulture, $"{Device} {DateTime:yyyy-MM-dd HH:mm:ss}"));
}
