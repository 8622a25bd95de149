using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// The whole object that the pipeline hands to a command. The engine binds its properties to parameters and tells the command nothing of
/// the rest of it, and a parameter for the object itself would make commands take what they have no use for.
/// </summary>
internal static class PipelineItem
{
    // Not public, and there since the first version of PowerShell. Without it, nobody is told of columns that are not used.
    private static readonly Func<InternalCommand, PSObject?>? Read = typeof(InternalCommand)
        .GetProperty("CurrentPipelineObject", BindingFlags.Instance | BindingFlags.NonPublic)
        ?.GetMethod?.CreateDelegate<Func<InternalCommand, PSObject?>>();

    /// <summary>Gets the object that a command works on.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <returns>The object, with its wrapper; null where none came through the pipeline.</returns>
    public static PSObject? Of(Cmdlet cmdlet) => Read?.Invoke(cmdlet) is PSObject item && !ReferenceEquals(item, AutomationNull.Value) ? item : null;
}
