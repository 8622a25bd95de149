using System.Management.Automation;
using System.Text.Json.Nodes;
using StickyPi.Core.Properties;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Properties;

/// <summary>Removes extra properties: those that are named, or all.</summary>
[Cmdlet(
    VerbsCommon.Remove, "StickyProperty", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveStickyPropertyCommand : ChangePropertyCmdlet
{
    /// <summary>The properties, exactly. Without it, all of them.</summary>
    [Parameter]
    [Given]
    [Id]
    public string[]? Name { get; set; }

    private protected override bool ReturnsChanged => false;

    private protected override PropertyChange ReadChange() =>
        Name is null ? new PropertyChange { Replace = new JsonObject() } : new PropertyChange { Remove = Name };

    private protected override string Describe() =>
        Name is null ? "Remove all properties" : $"Remove {(Name.Length == 1 ? "property" : "properties")} {string.Join(", ", Name.Select(name => $"'{name}'"))}";
}
