using System.Management.Automation;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Storage;

/// <summary>What the pipeline brings to commands that take keys.</summary>
internal static class KeyInput
{
    /// <summary>The objects of this module that stand for objects of a store.</summary>
    public static IReadOnlyList<Type> Types { get; } = [typeof(StickyStorageItem), typeof(StickySyncItem)];

    /// <summary>What listings and summaries tell of an object beside its key.</summary>
    public static IEnumerable<string> Columns => Types.SelectMany(type => type.GetProperties()).Select(property => property.Name);

    /// <summary>
    /// Whether the pipeline brought something with a property <c>Key</c>: a listed object, or a row that a listing became in a file.
    /// It means that object alone, where a text means everything below it too.
    /// </summary>
    /// <param name="cmdlet">The command.</param>
    /// <returns>Whether it did.</returns>
    public static bool IsObject(PSCmdlet cmdlet) =>
        PipelineItem.Of(cmdlet) is PSObject item
        && item.BaseObject is not string
        && OwnTypes.Find(item, nameof(StickyStorageItem.Key)) is not null;
}
