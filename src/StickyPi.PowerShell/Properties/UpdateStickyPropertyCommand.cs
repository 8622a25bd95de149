using System.Management.Automation;
using StickyPi.Core.Properties;

namespace StickyPi.PowerShell.Properties;

/// <summary>Merges values into extra properties: what is not named stays.</summary>
[Cmdlet(
    VerbsData.Update, "StickyProperty", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StickyProperties))]
public sealed class UpdateStickyPropertyCommand : ChangePropertyCmdlet
{
    /// <summary>What to merge, as RFC 7396 says: a hashtable, an object, or the text of a JSON object. Null removes a name.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public object? Value { get; set; }

    /// <summary>Whether to return the properties after the change.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool ReturnsChanged => PassThru;

    private protected override PropertyChange ReadChange() => new() { Merge = ReadProperties(Value) };

    private protected override string Describe() => "Merge properties";
}
