using StickyPi.Core;

namespace StickyPi.PowerShell.Connections;

/// <summary>Where things of this user lie on this machine.</summary>
internal static class UserFolders
{
    private const string Product = "StickyPi";

    /// <summary>The folder of data that stay on this machine: catalogs of buckets, tokens, answers of servers; null where the system names none.</summary>
    public static string? Data => Find(Environment.SpecialFolder.LocalApplicationData);

    /// <summary>The folder of tokens; null where the system names none.</summary>
    public static string? Tokens => Below("tokens");

    /// <summary>The folder of what is remembered of servers; null where the system names none.</summary>
    public static string? Cache => Below("cache");

    /// <summary>The folder of what the user has set up.</summary>
    /// <exception cref="StickyException"><c>NoConfigurationFolder</c>: the system names none.</exception>
    public static string Configuration => Find(Environment.SpecialFolder.ApplicationData) ?? throw new StickyException(
        "NoConfigurationFolder",
        StickyErrorKind.StoreUnavailable,
        "The system names no folder for the configuration of this user, where named connections would be kept.",
        null,
        "Connect with -Uri and -Credential, without -Name.");

    private static string? Below(string name) => Data is string folder ? Path.Combine(folder, name) : null;

    private static string? Find(Environment.SpecialFolder folder) =>
        Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } path ? Path.Combine(path, Product) : null;
}
