using System.Globalization;
using StickyPi.Core;
using StickyPi.Core.Tuboids;

namespace StickyPi.PowerShell.Tuboids;

/// <summary>Says in words what was looked for.</summary>
internal static class TuboidQueries
{
    /// <summary>Describes the series that a query means.</summary>
    /// <param name="query">The query.</param>
    /// <returns>The end of a sentence that begins with tuboids or their series.</returns>
    public static string Describe(TuboidQuery query)
    {
        string devices = query.Devices.Contains("*") ? "any device" : Quote(query.Devices);
        string name = query.AlgoNames.Count == 0 ? "" : $", made by {Quote(query.AlgoNames)}";
        string version = query.AlgoVersions.Count == 0 ? "" : $", in version {Quote(query.AlgoVersions)}";
        string start = query.StartTime is DateTime from ? string.Create(CultureInfo.InvariantCulture, $" starts at {StickyTime.ToFileText(from)} or later") : "";
        string end = query.EndTime is DateTime to ? string.Create(CultureInfo.InvariantCulture, $" ends at {StickyTime.ToFileText(to)} or earlier") : "";
        string range = start + end == "" ? "" : $", whose series{start}{(start == "" || end == "" ? "" : " and")}{end} (UTC)";
        return $"of {devices}{name}{version}{range}";
    }

    private static string Quote(IReadOnlyList<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
