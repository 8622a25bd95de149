using System.Text.Json.Nodes;

namespace StickyPi.Tests;

/// <summary>
/// The program of the running tests as it is where the package of libvips is missing. Only for Linux: files that need not be copies are links, and
/// a library path decides whether the system has a libvips.
/// </summary>
public static class ProgramWithoutLibvips
{
    /// <summary>Makes it.</summary>
    /// <param name="folder">Where to.</param>
    public static void Make(string folder)
    {
        string source = AppContext.BaseDirectory;
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetFileName(file).StartsWith("libvips", StringComparison.Ordinal)))
        {
            string place = Path.Combine(folder, Path.GetRelativePath(source, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            if (file.EndsWith(".deps.json", StringComparison.Ordinal))
            {
                File.WriteAllText(place, WithoutLibvips(File.ReadAllText(file)));
            }
            else if (Path.GetFileName(file).StartsWith("StickyPi", StringComparison.Ordinal))
            {
                File.Copy(file, place); // the program is looked for where the link to it leads
            }
            else
            {
                _ = File.CreateSymbolicLink(place, file);
            }
        }
    }

    /// <summary>Makes a folder that hides the libvips of the system, as <c>LD_LIBRARY_PATH</c>: the first file of a name is taken, even if it is no library.</summary>
    /// <param name="folder">Where to.</param>
    /// <returns>The folder.</returns>
    public static string MakeDecoy(string folder)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, "libvips.so.42"), "This is not a library.");
        return folder;
    }

    private static string WithoutLibvips(string json)
    {
        JsonObject root = JsonNode.Parse(json)!.AsObject();
        foreach (JsonObject libraries in root["targets"]!.AsObject().Select(target => target.Value!.AsObject()).Append(root["libraries"]!.AsObject()))
        {
            foreach (string name in libraries.Select(library => library.Key).Where(name => name.StartsWith("NetVips.Native", StringComparison.Ordinal)).ToList())
            {
                _ = libraries.Remove(name);
            }
        }

        return root.ToJsonString();
    }
}
