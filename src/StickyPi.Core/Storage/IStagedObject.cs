namespace StickyPi.Core.Storage;

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

    /// <summary>Disposes of all of them at the same time: where a server does not answer, each of them waits for it.</summary>
    /// <param name="objects">The objects.</param>
    /// <returns>A task that ends with the work.</returns>
    public static Task DisposeAllAsync(this IEnumerable<IAsyncDisposable> objects) =>
        Task.WhenAll(objects.Select(staged => staged.DisposeAsync().AsTask()).ToArray());
}
