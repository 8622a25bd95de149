using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using StickyPi.Core.Storage;

namespace StickyPi.Tests.Wire;

/// <summary>
/// The bodies that the captured requests give as size and MD5 only: files of the sample data, what can be made of those, and where there is
/// neither, others of the same size, whose hashes then take the place of the captured ones.
/// </summary>
public sealed partial class WireBodies
{
    private const string ModelETag = "f2bc1a3dbc4cdb5c2d9e26bc9b650918-3";
    private const string ModelMd5 = "98443ff477adbcbe9cdf375682aa8912";

    private readonly Dictionary<string, string> _paths;
    private readonly Dictionary<string, byte[]> _made = [];
    private readonly Dictionary<string, string> _replaced = [];

    public WireBodies()
    {
        string root = Path.GetDirectoryName(SampleData.RawImages)!;
        _paths = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .DistinctBy(path => Md5(File.ReadAllBytes(path)))
            .ToDictionary(path => Md5(File.ReadAllBytes(path)));
        foreach (WirePart part in WireCase.All.SelectMany(wire => wire.Exchanges).Where(exchange => exchange.IsMultipart).SelectMany(exchange => exchange.Parts))
        {
            if (Placeholder().Match(part.Body) is { Success: true } place)
            {
                Prepare(int.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture), place.Groups[2].Value);
            }
        }

        byte[] model = _made[ModelMd5];
        byte[] hashes = [.. model.Chunk(ETag.PartSize).SelectMany(MD5.HashData)];
        _replaced[ModelETag] = ETag.Combine(hashes);
    }

    /// <summary>The bytes of a body.</summary>
    public byte[] Get(string body) => Placeholder().Match(body) is not { Success: true } place ? Encoding.UTF8.GetBytes(body)
        : _made.TryGetValue(place.Groups[2].Value, out byte[]? made) ? made
        : File.ReadAllBytes(_paths[place.Groups[2].Value]);

    /// <summary>The text with the hashes of the bodies that are really sent.</summary>
    public string Replace(string text) => _replaced.Aggregate(text, (current, pair) => current.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    private void Prepare(int size, string md5)
    {
        if (_paths.ContainsKey(md5) || _made.ContainsKey(md5))
        {
            return;
        }

        // One picture was sent cut short, and one with a byte more.
        byte[]? made = _paths.Values.Where(path => path.EndsWith(".jpg", StringComparison.Ordinal))
            .Select(File.ReadAllBytes)
            .Select(bytes => bytes.Length >= size ? bytes[..size] : bytes.Length == size - 1 ? [.. bytes, 0] : null)
            .FirstOrDefault(bytes => bytes is not null && Md5(bytes) == md5);
        if (made is null)
        {
            made = RandomBytes.Make(size, seed: size);
            _replaced[md5] = Md5(made);
        }

        _made[md5] = made;
    }

    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    [GeneratedRegex(@"^<(\d+) bytes, md5 ([0-9a-f]{32})>$")]
    private static partial Regex Placeholder();
}
