using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// The whole object that the pipeline hands to a command. The engine binds its properties to parameters and tells the command nothing of
/// the rest of it, and a parameter for the object itself would make commands take what they have no use for.
/// </summary>
internal static class PipelineItem
{
    // Not public, and there since the first version of PowerShell.
    private static readonly Func<InternalCommand, PSObject?>? Reader = FindReader(typeof(InternalCommand));

    /// <summary>Gets the object that a command works on.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <returns>The object, with its wrapper; null where none came through the pipeline.</returns>
    /// <exception cref="StickyException"><c>UnsupportedPowerShell</c>: the command has input, and this PowerShell does not show
    /// it.</exception>
    public static PSObject? Of(PSCmdlet cmdlet) => Read(Reader, cmdlet, Reader is null && cmdlet.MyInvocation.ExpectingInput);

    /// <summary>Finds the property of the engine that holds the object.</summary>
    /// <param name="type">The type of the engine that has it.</param>
    /// <returns>Reads the property; null where there is none.</returns>
    internal static Func<InternalCommand, PSObject?>? FindReader(Type type) => type
        .GetProperty("CurrentPipelineObject", BindingFlags.Instance | BindingFlags.NonPublic)
        ?.GetMethod?.CreateDelegate<Func<InternalCommand, PSObject?>>();

    // Without the object, its times would be lost and more be meant than it says: a command behind would remove too much.
    internal static PSObject? Read(Func<InternalCommand, PSObject?>? reader, InternalCommand cmdlet, bool isExpected) =>
        reader is null && isExpected
            ? throw new StickyException(
                "UnsupportedPowerShell",
                StickyErrorKind.ComponentMissing,
                "This version of PowerShell does not show a command the objects that are piped to it.",
                null,
                "Use PowerShell 7.6, or give the command parameters instead of input.")
            : reader?.Invoke(cmdlet) is PSObject item && !ReferenceEquals(item, AutomationNull.Value) ? item : null;
}
