using System.Management.Automation;

namespace StickyPi.PowerShell.Base;

/// <summary>The common parameters that a command must know itself, each with the preference variable that holds where it is not given.</summary>
internal static class Preference
{
    /// <summary>Whether a command only tells what it would do, for those that must know before they ask <c>ShouldProcess</c>.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <returns>Whether it runs with <c>-WhatIf</c>.</returns>
    public static bool IsWhatIf(PSCmdlet cmdlet) => IsOn(cmdlet, "WhatIf", LanguagePrimitives.IsTrue);

    /// <summary>Whether a command is asked for details, for those that cost something to find out.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <returns>Whether it runs with <c>-Verbose</c>.</returns>
    public static bool IsVerbose(PSCmdlet cmdlet) => IsOn(
        cmdlet,
        "Verbose",
        value => LanguagePrimitives.TryConvertTo(value, out ActionPreference preference)
            && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore));

    private static bool IsOn(PSCmdlet cmdlet, string name, Func<object?, bool> isOn) =>
        cmdlet.MyInvocation?.BoundParameters.TryGetValue(name, out object? bound) == true
            ? LanguagePrimitives.IsTrue(bound)
            : isOn(cmdlet.GetVariableValue($"{name}Preference"));
}
