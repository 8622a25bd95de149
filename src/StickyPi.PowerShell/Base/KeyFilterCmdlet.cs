using System.Management.Automation;
using StickyPi.Core.Storage;

namespace StickyPi.PowerShell.Base;

/// <summary>A cmdlet that works on some of the files or objects of a folder, chosen by regular expressions.</summary>
/// <typeparam name="TInput">What one item of input is.</typeparam>
public abstract class KeyFilterCmdlet<TInput> : StoreCmdlet<TInput>
{
    private KeyFilter? _filter;

    /// <summary>Regular expressions, of which one must match somewhere in the key; upper and lower case differ. All keys by default.</summary>
    [Parameter]
    [Given]
    [Text]
    public string[] Include { get; set; } = [];

    /// <summary>Regular expressions, of which none may match anywhere in the key. They win over <see cref="Include"/>.</summary>
    [Parameter]
    [Given]
    [Text]
    public string[] Exclude { get; set; } = [];

    /// <summary>Both of them.</summary>
    protected KeyFilter Filter => _filter ??= new KeyFilter(Include, Exclude);

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        _ = Filter;
        foreach (string pattern in Include.Concat(Exclude).Distinct().Where(Wildcards.IsMeantBy))
        {
            this.Warn(
                $"-Include and -Exclude take regular expressions, and '{pattern}' looks like a wildcard. As a regular expression that is '{Wildcards.ToRegex(pattern)}'.");
        }
    }
}
