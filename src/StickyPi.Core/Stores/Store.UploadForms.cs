using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <summary>Makes a form with which somebody without credentials can upload one object.</summary>
    /// <param name="key">The object.</param>
    /// <param name="lifetime">How long the form is good for.</param>
    /// <param name="maxSize">The size that the object may have, in bytes.</param>
    /// <returns>The form, or null where the objects lie in a folder.</returns>
    public PresignedPost? CreateUploadForm(string key, TimeSpan lifetime, long maxSize) => Storage.CreateUploadForm(key, lifetime, maxSize);
}
