namespace StickyPi.Core.Storage;

/// <summary>An object that was found in a store.</summary>
/// <param name="Item">What is known of it.</param>
/// <param name="Content">Its bytes, at any place of it; nothing is asked for before the first is read. To be disposed of.</param>
public sealed record StoredObject(StickyStorageItem Item, Stream Content);
