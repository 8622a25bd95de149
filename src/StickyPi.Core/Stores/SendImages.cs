using StickyPi.Core.Images;

namespace StickyPi.Core.Stores;

/// <summary>What sending did with a file.</summary>
public enum SendImageStatus
{
    /// <summary>The picture is new in the store.</summary>
    Added,

    /// <summary>The store has this very picture already.</summary>
    Skipped,

    /// <summary>The picture took the place of another one of the same device and time, or of files that were missing.</summary>
    Replaced,
}

/// <summary>What became of a file that was sent.</summary>
public sealed record SendImageResult
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The device that took the picture.</summary>
    public required string Device { get; init; }

    /// <summary>When the picture was taken, UTC.</summary>
    public required DateTime DateTime { get; init; }

    /// <summary>MD5 of the file: 32 hexadecimal digits in lower case.</summary>
    public required string Md5 { get; init; }

    /// <summary>What was done.</summary>
    public required SendImageStatus Status { get; init; }

    /// <summary>The picture as the store has it now.</summary>
    public required StickyImage Image { get; init; }

    /// <summary>What is doubtful about a picture that was stored all the same: it is dated after the clock. Null where nothing is.</summary>
    public string? Warning { get; init; }

    /// <summary>The path of the file.</summary>
    /// <returns>The path, as it can be shown.</returns>
    public override string ToString() => OneLine.Of(Path);
}

/// <summary>How to send.</summary>
public sealed record SendImageOptions
{
    /// <summary>Whether a picture may take the place of another one of the same device and time, whose annotations go with it.</summary>
    public bool Force { get; init; }

    /// <summary>Whether a picture that is dated more than a day after the clock is refused; else there is a warning with its result.</summary>
    public bool Strict { get; init; }

    /// <summary>The clock that dates are compared with. Behind a server, that of the server counts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether <see cref="Force"/> replaces other pictures; else it only writes again what is missing of the same ones.</summary>
    internal bool MayReplace { get; init; } = true;

    /// <summary>How many pictures are worked on at a time where nothing else is said: while one waits for the disk, the others keep the processors busy.</summary>
    public static int DefaultParallelism => Environment.ProcessorCount + 1;

    /// <summary>How many pictures are worked on at a time.</summary>
    public int Parallelism { get; init; } = DefaultParallelism;

    /// <summary>Whether to only tell what would be done: nothing at all is written, not even to caches.</summary>
    public bool Simulate { get; init; }

    /// <summary>Whether it is remembered which picture each file is, so that the next sending need not read it; not worth it for files that go at once.</summary>
    public bool Remember { get; init; } = true;

    /// <summary>
    /// The MD5 of the one file that is sent, 32 hexadecimal digits in lower case, where its bytes were hashed on their way into it: they are
    /// not hashed once more then. Null where it isn't known.
    /// </summary>
    internal string? Md5 { get; init; }

    /// <summary>
    /// Asked before a picture is added or replaced; the picture is left alone, and yields no result, where the answer is false. Null for yes.
    /// </summary>
    public Func<ImageMetadata, SendImageStatus, CancellationToken, ValueTask<bool>>? Confirm { get; init; }
}
