using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Makes a parameter take devices, and remembers which were read out of objects. An object with a time means less than all of its device, so a
/// command that was given one as an argument, where its time can't be bound, must refuse it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DeviceAttribute() : TextAttribute("Device")
{
    private static readonly string[] Narrower = ["DateTime", "TuboidId", "tuboid_id", "StartTime", "start_datetime", "EndTime", "end_datetime"];

    // By the text itself and not by its letters: each object gets a text of its own.
    private static readonly ConditionalWeakTable<string, object> Sources = [];

    /// <summary>Finds the object that a device was read out of.</summary>
    /// <param name="devices">What the parameter holds.</param>
    /// <returns>The first object that means less than all of its device, or null.</returns>
    internal static object? FindNarrower(IEnumerable<string> devices) =>
        devices.Select(device => Sources.TryGetValue(device, out object? source) ? source : null).FirstOrDefault(source => source is not null);

    private protected override object? ReadNumber(object input) => throw RefuseNumber(input is PSObject wrapped ? wrapped.BaseObject : input);

    private protected override object? ReadObject(object input, object value)
    {
        object? device = base.ReadObject(input, value);
        if (device is not string text || OwnTypes.Find(input, Narrower) is null)
        {
            return device;
        }

        string copy = new(text);
        Sources.Add(copy, value);
        return copy;
    }
}
