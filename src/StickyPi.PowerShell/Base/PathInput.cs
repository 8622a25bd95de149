using System.Management.Automation;

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
    /// <returns>Absolute paths of files and folders.</returns>
    public static IEnumerable<string> Read(PSCmdlet cmdlet, string[]? path, string[]? literalPath) =>
        literalPath is not null
            ? FilePaths.Resolve(cmdlet, literalPath, literal: true)
            : FilePaths.Resolve(cmdlet, path ?? [], literal: false);
}
