using StickyPi.Core;

namespace StickyPi.PowerShell.Loading;

/// <summary>
/// Loads StickyPi.Providers and its packages from <c>deps/</c>, on first use and into a context of their own: another module of the
/// session may have loaded other versions of the same packages, and importing this one must cost nothing.
/// </summary>
internal static class ProviderLoader
{
    private const string AssemblyFile = "StickyPi.Providers.dll";
    private const string TypeName = "StickyPi.Providers.StickyProviders";

    private static readonly Lazy<IStickyProviders> Loaded = new(Load);

    /// <summary>What to use instead of loading; for tests that have the providers at hand.</summary>
    internal static IStickyProviders? Replacement { get; set; }

    /// <summary>The providers.</summary>
    public static IStickyProviders Providers => Replacement ?? Loaded.Value;

    private static IStickyProviders Load()
    {
        string folder = Path.Combine(Path.GetDirectoryName(typeof(ProviderLoader).Assembly.Location)!, "deps");
        try
        {
            ProviderLoadContext context = new(Path.Combine(folder, AssemblyFile));
            Type type = context.LoadFromAssemblyPath(Path.Combine(folder, AssemblyFile)).GetType(TypeName, throwOnError: true)!;
            return (IStickyProviders)Activator.CreateInstance(type)!;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or InvalidOperationException or TypeLoadException)
        {
            throw new StickyException(
                "ModuleIncomplete",
                StickyErrorKind.ComponentMissing,
                $"A part of this module cannot be loaded from '{folder}': {OneLine.Quote(e)}.",
                folder,
                "Install the module again.",
                e);
        }
    }
}
