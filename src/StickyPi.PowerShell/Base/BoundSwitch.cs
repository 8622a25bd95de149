using System.Management.Automation;

namespace StickyPi.PowerShell.Base;

/// <summary>Switches that mean three things: given, given as <c>:$false</c>, and not given.</summary>
internal static class BoundSwitch
{
    /// <summary>Looks whether a switch was given on the command line, and how. To be called before anything is bound from the pipeline.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <param name="name">The name of the parameter.</param>
    /// <returns>Its value, or null where it was not given.</returns>
    public static bool? Read(PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation?.BoundParameters.TryGetValue(name, out object? bound) == true ? LanguagePrimitives.IsTrue(bound) : null;
}
