using System.Management.Automation;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>What the commands that read files share: how their input becomes paths.</summary>
internal static class PathInput
{
    public const string PathSet = "Path";
    public const string LiteralPathSet = "LiteralPath";

    /// <summary>Resolves what one record of the pipeline names.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <param name="path">Paths with wildcards, or null.</param>
    /// <param name="literalPath">Paths without, or null.</param>
    /// <param name="refuse">What to do with a path that can't be resolved instead of writing its error.</param>
    /// <returns>Absolute paths of files and folders.</returns>
    public static IEnumerable<string> Read(
        PSCmdlet cmdlet, string[]? path, string[]? literalPath, Action<StickyException>? refuse = null) =>
        FilePaths.Resolve(cmdlet, literalPath ?? path ?? [], literal: literalPath is not null, refuse);
}
