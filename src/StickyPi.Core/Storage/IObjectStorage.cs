namespace StickyPi.Core.Storage;

/// <summary>Bytes under keys. A key is a relative path with forward slashes; it never leaves its storage.</summary>
public interface IObjectStorage : IAsyncDisposable
{
    /// <summary>Where an object can be fetched from: a path, or a URL.</summary>
    /// <param name="key">The object, which need not exist.</param>
    /// <returns>The place.</returns>
    string GetUrl(string key);

    /// <summary>Opens an object for reading.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>Its bytes, or null where there is no such object.</returns>
    ValueTask<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Whether there is an object that holds anything.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>Whether it is there.</returns>
    ValueTask<bool> ExistsAsync(string key, CancellationToken cancellationToken);

    /// <summary>Transfers the bytes of an object without showing it yet.</summary>
    /// <param name="key">The object.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="cancellationToken">Stops the transfer.</param>
    /// <returns>The hidden object.</returns>
    ValueTask<IStagedObject> StageAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Deletes an object; one that is not there is no error.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops the deletion.</param>
    /// <returns>A task that ends when it is gone.</returns>
    ValueTask DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what is left of a key under which there are no objects any more: a folder, where the storage has such. What does not go, stays.
    /// </summary>
    /// <param name="prefix">The key up to where the names of the objects would begin, without the slash.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A task that ends with the work.</returns>
    ValueTask TidyAsync(string prefix, CancellationToken cancellationToken);
}

/// <summary>
/// An object whose bytes are transferred and safe but not yet seen under its key. Disposing of it without <see cref="PublishAsync"/> leaves no trace.
/// </summary>
public interface IStagedObject : IAsyncDisposable
{
    /// <summary>The key under which it will appear.</summary>
    string Key { get; }

    /// <summary>Makes the object appear under its key at once and whole, over any earlier one.</summary>
    /// <param name="cancellationToken">Stops the work; the object appears or it does not.</param>
    /// <returns>A task that ends when it has appeared.</returns>
    ValueTask PublishAsync(CancellationToken cancellationToken);
}

/// <summary>What is done to the staged objects of one item.</summary>
internal static class StagedObjects
{
    /// <summary>Makes all of them appear, at the same time where the storage is far away.</summary>
    /// <param name="objects">The objects.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A task that ends when all have appeared.</returns>
    public static Task PublishAllAsync(this IEnumerable<IStagedObject> objects, CancellationToken cancellationToken) =>
        Task.WhenAll(objects.Select(staged => staged.PublishAsync(cancellationToken).AsTask()).ToArray());

    /// <summary>Disposes of all of them.</summary>
    /// <param name="objects">The objects.</param>
    /// <returns>A task that ends with the work.</returns>
    public static async ValueTask DisposeAllAsync(this IEnumerable<IStagedObject> objects)
    {
        foreach (IStagedObject staged in objects)
        {
            await staged.DisposeAsync().ConfigureAwait(false);
        }
    }
}
