using StickyPi.Core.Images;

namespace StickyPi.Core.Stores;

/// <summary>What saving did with a file.</summary>
public enum SaveImageStatus
{
    /// <summary>The file is new.</summary>
    Saved,

    /// <summary>The very same file was there already.</summary>
    Skipped,

    /// <summary>The file took the place of a different one.</summary>
    Replaced,
}

/// <summary>A file that was copied out of a store.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Image">The picture.</param>
/// <param name="What">Which of the picture's files.</param>
/// <param name="Status">What was done.</param>
public sealed record SavedImage(string Path, StickyImage Image, ImageContent What, SaveImageStatus Status);

/// <summary>How to copy pictures out of a store.</summary>
public sealed record SaveImageOptions
{
    /// <summary>The folder to copy to, absolute; it gets a folder for each device.</summary>
    public required string Destination { get; init; }

    /// <summary>Which files of each picture.</summary>
    public IReadOnlyList<ImageContent> What { get; init; } = [ImageContent.Image];

    /// <summary>Whether a different file of the same name is overwritten.</summary>
    public bool Force { get; init; }

    /// <summary>How many pictures are copied at a time.</summary>
    public int Parallelism { get; init; } = SendImageOptions.DefaultParallelism;

    /// <summary>Asked before a file is written; null for yes.</summary>
    public Func<string, CancellationToken, ValueTask<bool>>? Confirm { get; init; }

    /// <summary>
    /// The path of a saved file below the destination: a folder for the device, and a name that picture viewers open
    /// (<c>.thumbnail.jpg</c>, where stores say <c>.jpg.thumbnail</c>).
    /// </summary>
    /// <param name="reference">The picture.</param>
    /// <param name="what">Which of its files.</param>
    /// <returns>An absolute path.</returns>
    /// <exception cref="StickyException"><c>InvalidDevice</c>: the device of the picture is not 8 hexadecimal digits.</exception>
    public string GetPath(ImageReference reference, ImageContent what)
    {
        reference.Validate();
        return Path.Combine(Destination, reference.Device, Path.ChangeExtension(reference.FileName, $"{what.KeySuffix()}.jpg".TrimStart('.')));
    }
}
