using System.Management.Automation;

namespace StickyPi.PowerShell.Base;

/// <summary>Whether a command only tells what it would do, for those that must know before they ask <c>ShouldProcess</c>.</summary>
internal static class WhatIf
{
    /// <summary>Looks at the command's own <c>-WhatIf</c>, and else at the preference of its caller.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <returns>Whether it is on.</returns>
    public static bool IsOn(PSCmdlet cmdlet) =>
        cmdlet.MyInvocation?.BoundParameters.TryGetValue("WhatIf", out object? bound) == true
            ? LanguagePrimitives.IsTrue(bound)
            : LanguagePrimitives.IsTrue(cmdlet.GetVariableValue("WhatIfPreference"));
}
