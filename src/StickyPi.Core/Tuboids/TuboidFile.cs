namespace StickyPi.Core.Tuboids;

/// <summary>One of the three files that every tuboid has.</summary>
public enum TuboidFile
{
    /// <summary>A JPEG of (some of) the shots, as tiles, in the order of the metadata.</summary>
    Tuboid,

    /// <summary>The shots as text; see <see cref="TuboidMetadata"/>.</summary>
    Metadata,

    /// <summary>A JPEG that shows the insect where it sat.</summary>
    Context,
}

/// <summary>The names that go with <see cref="TuboidFile"/>.</summary>
public static class TuboidFiles
{
    /// <summary>The three files.</summary>
    public static IReadOnlyList<TuboidFile> All { get; } = [TuboidFile.Tuboid, TuboidFile.Metadata, TuboidFile.Context];

    /// <summary>What a file is called in the folder of its tuboid.</summary>
    /// <param name="file">Which file.</param>
    /// <returns><c>tuboid.jpg</c>, <c>metadata.txt</c> or <c>context.jpg</c>.</returns>
    public static string FileName(this TuboidFile file) => file switch
    {
        TuboidFile.Tuboid => "tuboid.jpg",
        TuboidFile.Metadata => "metadata.txt",
        TuboidFile.Context => "context.jpg",
        _ => throw new ArgumentOutOfRangeException(nameof(file), file, "A tuboid has three files."),
    };
}
