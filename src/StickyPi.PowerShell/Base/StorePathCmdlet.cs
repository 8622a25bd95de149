using System.Management.Automation;

namespace StickyPi.PowerShell.Base;

/// <summary>A cmdlet that works on a store and reads files or folders, which are named or come from the pipeline.</summary>
public abstract class StorePathCmdlet : StoreCmdlet<string>
{
    /// <summary>Files or folders; wildcards are resolved.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ParameterSetName = PathInput.PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [FilePath]
    public string[]? Path { get; set; }

    /// <summary>Files or folders, exactly as named.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathInput.LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [FilePath]
    public string[]? LiteralPath { get; set; }

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => PathInput.Read(this, Path, LiteralPath);
}
