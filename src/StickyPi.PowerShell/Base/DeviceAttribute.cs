using System.Management.Automation;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Makes a parameter take devices, and remembers which were read out of objects. An object with a time means less than all of its device,
/// so a command that was given one as an argument, where its time can't be bound, must refuse it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DeviceAttribute() : TextAttribute("Device")
{
    private static readonly string[] Narrower =
        ["DateTime", "TuboidId", "tuboid_id", "StartTime", "start_datetime", "EndTime", "end_datetime"];

    /// <summary>Finds the object that a device was read out of.</summary>
    /// <param name="devices">What the parameter holds.</param>
    /// <returns>The first object that means less than all of its device, or null.</returns>
    internal static object? FindNarrower(IEnumerable<string> devices) =>
        devices.Select(TextSource.Of).FirstOrDefault(source => source is not null);

    private protected override bool TakesNumbers => false;

    private protected override object? ReadObject(object input, object value)
    {
        object? device = base.ReadObject(input, value);
        return device is string text && OwnTypes.Find(input, Narrower) is not null ? TextSource.Keep(text, value) : device;
    }
}
