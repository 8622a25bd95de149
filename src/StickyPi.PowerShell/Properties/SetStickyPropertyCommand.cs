using System.Management.Automation;
using System.Text.Json.Nodes;
using StickyPi.Core.Properties;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Properties;

/// <summary>Sets an extra property, whatever it was, or all of them.</summary>
[Cmdlet(
    VerbsCommon.Set, "StickyProperty", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StickyProperties))]
public sealed class SetStickyPropertyCommand : ChangePropertyCmdlet
{
    /// <summary>The property to set. Without it, the value takes the place of all.</summary>
    [Parameter]
    [Given]
    [Id]
    public string? Name { get; set; }

    /// <summary>The value: anything that JSON can say. Without <see cref="Name"/>: a hashtable, an object, or the text of a JSON object.</summary>
    [Parameter(Mandatory = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Value { get; set; }

    /// <summary>Whether to return the properties after the change.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool ReturnsChanged => PassThru;

    private protected override PropertyChange ReadChange() => Name is null
        ? new PropertyChange { Replace = ReadProperties(Value) }
        : new PropertyChange { Set = new JsonObject { [Name] = ReadValue(Value) } };

    private protected override string Describe() => Name is null ? "Replace all properties" : $"Set property '{Name}'";
}
