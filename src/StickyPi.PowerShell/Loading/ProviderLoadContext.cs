using System.Reflection;
using System.Runtime.Loader;
using StickyPi.Core;

namespace StickyPi.PowerShell.Loading;

/// <summary>The load context of the providers: their packages come from their own folder, the core is shared with the cmdlets.</summary>
/// <param name="assemblyPath">StickyPi.Providers.dll, beside the <c>.deps.json</c> that says where its packages and natives are.</param>
internal sealed class ProviderLoadContext(string assemblyPath) : AssemblyLoadContext("StickyPi")
{
    private readonly AssemblyDependencyResolver _resolver = new(assemblyPath);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        Assembly core = typeof(IStickyProviders).Assembly;
        if (assemblyName.Name == core.GetName().Name)
        {
            return core;
        }

        return _resolver.ResolveAssemblyToPath(assemblyName) is string path ? LoadFromAssemblyPath(path) : null;
    }

    // PowerShell itself never looks into runtimes/<rid>/native.
    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is string path ? LoadUnmanagedDllFromPath(path) : 0;
}
