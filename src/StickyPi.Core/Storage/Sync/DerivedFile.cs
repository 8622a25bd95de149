namespace StickyPi.Core.Storage;

/// <summary>A text file of the source that tells of another one, and is made in the course of a push.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Path">Where it will be.</param>
/// <param name="Size">How many bytes it will have.</param>
/// <param name="Text">What it has to hold, which takes reading the other one; null where it holds that already.</param>
/// <param name="Write">Writes the text.</param>
internal sealed record DerivedFile(string Key, string Path, long Size, Task<string?> Text, Func<string, CancellationToken, ValueTask> Write)
{
    /// <summary>Waits for the text, and writes the file if that is needed.</summary>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>A task that ends when the file is there.</returns>
    public async ValueTask WriteAsync(CancellationToken cancellationToken)
    {
        if (await Text.ConfigureAwait(false) is string text)
        {
            await Write(text, cancellationToken).ConfigureAwait(false);
        }
    }
}
