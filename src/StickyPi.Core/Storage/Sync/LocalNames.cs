using System.Text;

namespace StickyPi.Core.Storage;

/// <summary>
/// Finds the files of keys in a folder where names have another form of Unicode than keys: macOS writes letters and their accents apart
/// (NFD),
/// and such names stay when the folder is copied to another system.
/// </summary>
/// <param name="root">The folder that keys are relative to. An absolute path.</param>
/// <param name="isKey">Whether a relative path is the key of another object, whose file must not be taken.</param>
internal sealed class LocalNames(string root, Func<string, bool> isKey)
{
    private readonly Dictionary<string, Dictionary<string, string>> _folders = new(StringComparer.Ordinal);

    /// <summary>Where the file of a key is, or would be.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The absolute path.</returns>
    public string PathOf(string key)
    {
        if (Ascii.IsValid(key) || ObjectKey.Normalize(key) != key)
        {
            return LocalFolder.PathOf(root, key);
        }

        string found = "";
        foreach (string part in key.Split('/'))
        {
            string exact = ObjectKey.Combine(found, part);
            string? other = Ascii.IsValid(part) || Path.Exists(LocalFolder.PathOf(root, exact)) ? null : FindOther(found, part);
            found = other is null || isKey(other) ? exact : other;
        }

        return LocalFolder.PathOf(root, found);
    }

    private string? FindOther(string folder, string name)
    {
        if (!_folders.TryGetValue(folder, out Dictionary<string, string>? names))
        {
            string path = LocalFolder.PathOf(root, folder);
            _folders[folder] = names = [];
            foreach (string entry in Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)) : [])
            {
                if (ObjectKey.Normalize(entry) is string normal && normal != entry)
                {
                    names[normal] = entry;
                }
            }
        }

        return names.TryGetValue(name, out string? found) ? ObjectKey.Combine(folder, found) : null;
    }
}
