using System.Management.Automation;
using StickyPi.Core.Annotations;
using StickyPi.Core.Bundles;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Tuboids;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Makes a parameter take paths. An object that has no path, such as a picture of a store, would otherwise be converted to the name of a
/// file in the current folder, which may be another picture.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FilePathAttribute() : TextAttribute("Path")
{
    // What the engine binds to -LiteralPath.
    private static readonly string[] LiteralNames = ["LiteralPath", "PSPath", "LP"];

    private protected override object? ReadObject(object input, object value)
    {
        if (OwnTypes.Find(input, Properties) is string name && OwnTypes.Get(input, name) is object path)
        {
            return Transform(path);
        }

        return OwnTypes.Find(input, LiteralNames) is not null
            ? input
            : throw PipelineMessages.Refusal($"{OwnTypes.Describe(value)} has no Path. {Advise(value)}");
    }

    private static string Advise(object value) => value switch
    {
        StickyImage or StickyAnnotatedImage =>
            "To send it to another store, save its file with Save-StickyImage, and send that file.",
        Annotation => "Write it to a file with Export-StickyAnnotation, or pipe it to Add-StickyAnnotation.",
        StickyTuboid => "To send it to another store, save its folder with Get-StickyTuboid -Destination, and send that folder.",
        StickyStorageItem => "To send it to another store, save its file with Receive-StickyStorageItem, and send that file.",
        StickyMlBundle => "Sync-StickyMlBundle brings its files to a folder.",
        _ => "Give the path of a file or folder, or an object that Get-Item returns.",
    };
}
