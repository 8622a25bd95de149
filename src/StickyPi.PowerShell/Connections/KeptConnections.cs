using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Connections;

/// <summary>The named connections of this user, in a file that only they may read.</summary>
internal static class KeptConnections
{
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    private static string FilePath => Path.Combine(UserFolders.Configuration, "connections.json");

    /// <summary>All of them, ordered by name.</summary>
    /// <returns>The connections.</returns>
    /// <exception cref="StickyException"><c>ConnectionsUnreadable</c>: the file is there and can't be read.</exception>
    public static IReadOnlyList<KeptConnection> Read()
    {
        string path = FilePath;
        try
        {
            return File.Exists(path) ? Parse(path, File.ReadAllBytes(path)) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Unreadable(path, OneLine.Quote(e), e);
        }
    }

    // People edit the file, with editors that put a byte order mark before it. An empty one, as a full disk leaves it, holds no connection.
    private static IReadOnlyList<KeptConnection> Parse(string path, ReadOnlySpan<byte> json)
    {
        json = json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        if (json.Trim(" \t\r\n"u8).IsEmpty)
        {
            return [];
        }

        List<KeptConnection?> all = JsonSerializer.Deserialize(json, KeptConnectionsJson.Default.ListKeptConnection) ?? [];
        for (int i = 0; i < all.Count; i++)
        {
            if (all[i] is not { Name.Length: > 0, UserName.Length: > 0, Uri.IsAbsoluteUri: true })
            {
                throw Unreadable(
                    path,
                    string.Create(CultureInfo.InvariantCulture, $"connection {i + 1} lacks its name, its uri or its userName"),
                    cause: null);
            }
        }

        return all!;
    }

    private static StickyException Unreadable(string path, string reason, Exception? cause) => new(
        "ConnectionsUnreadable",
        StickyErrorKind.ReadFailed,
        $"The named connections in '{path}' cannot be read: {reason}.",
        path,
        "Correct the file, or delete it and connect with -Uri and -Name again. It holds no passwords.",
        cause);

    /// <summary>The connection of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="StickyException"><c>ConnectionNotFound</c>: there is none of this name.</exception>
    public static KeptConnection Find(string name)
    {
        IReadOnlyList<KeptConnection> all = Read();
        return all.FirstOrDefault(connection => IsNamed(connection, name)) ?? throw NotFound(name, all);
    }

    /// <summary>Keeps a connection, in the place of one of the same name.</summary>
    /// <param name="connection">The connection.</param>
    /// <exception cref="StickyException"><c>ConnectionsUnreadable</c>, <c>ConnectionsNotWritten</c>.</exception>
    public static void Keep(KeptConnection connection) => Change(all => [.. all.Where(other => !IsNamed(other, connection.Name)), connection]);

    /// <summary>Forgets the connection of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The connection that it was.</returns>
    /// <exception cref="StickyException"><c>ConnectionNotFound</c>, <c>ConnectionsUnreadable</c>, <c>ConnectionsNotWritten</c>.</exception>
    public static KeptConnection Forget(string name)
    {
        KeptConnection? found = null;
        Change(all =>
        {
            found = all.FirstOrDefault(connection => IsNamed(connection, name)) ?? throw NotFound(name, all);
            return all.Where(connection => !IsNamed(connection, name));
        });
        return found!;
    }

    private static bool IsNamed(KeptConnection connection, string name) => connection.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static StickyException NotFound(string name, IReadOnlyList<KeptConnection> all) => new(
        "ConnectionNotFound",
        StickyErrorKind.NotFound,
        $"No connection of the name '{name}' was kept.",
        name,
        all.Count == 0
            ? "Keep one with Connect-StickyPi -Uri <address> -Name <name>."
            : $"These are kept: {string.Join(", ", Closest.To(name, all.Select(connection => connection.Name)))}.");

    private static void Change(Func<IReadOnlyList<KeptConnection>, IEnumerable<KeptConnection>> change)
    {
        string path = FilePath;
        try
        {
            PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);

            // Of two sessions that keep a name each at the same time, neither may lose its own.
            using FileStream _ = Lock(path + ".lock");
            List<KeptConnection?> all = [.. change(Read()).OrderBy(connection => connection.Name, StringComparer.OrdinalIgnoreCase)];
            PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(all, KeptConnectionsJson.Default.ListKeptConnection));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StickyException(
                "ConnectionsNotWritten",
                StickyErrorKind.WriteFailed,
                $"The named connections cannot be written to '{path}': {OneLine.Quote(e)}.",
                path,
                "Check that the folder is yours and that its disk has room.",
                e);
        }
    }

    private static FileStream Lock(string path)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(start) < LockLimit)
            {
                Thread.Sleep(LockPause);
            }
        }
    }
}

/// <summary>The JSON of named connections.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(List<KeptConnection?>))]
internal sealed partial class KeptConnectionsJson : JsonSerializerContext;
