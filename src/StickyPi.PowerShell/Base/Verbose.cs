using System.Management.Automation;

namespace StickyPi.PowerShell.Base;

/// <summary>Whether a command is asked for details, for those that cost something to find out.</summary>
internal static class Verbose
{
    /// <summary>Looks at the command's own <c>-Verbose</c>, and else at the preference of its caller.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <returns>Whether it is on.</returns>
    public static bool IsOn(PSCmdlet cmdlet) =>
        cmdlet.MyInvocation?.BoundParameters.TryGetValue("Verbose", out object? bound) == true
            ? LanguagePrimitives.IsTrue(bound)
            : LanguagePrimitives.TryConvertTo(cmdlet.GetVariableValue("VerbosePreference"), out ActionPreference preference)
                && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
}
