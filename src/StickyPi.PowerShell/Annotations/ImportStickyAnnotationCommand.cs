using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Annotations.Exchange;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Connections;

namespace StickyPi.PowerShell.Annotations;

/// <summary>Reads annotations from drawings (SVG) and COCO files, ready for <c>Add-StickyAnnotation</c>. Nothing is stored.</summary>
[Cmdlet(VerbsData.Import, "StickyAnnotation", DefaultParameterSetName = PathInput.PathSet)]
[OutputType(typeof(AnnotationElement))]
public sealed class ImportStickyAnnotationCommand : StorePathCmdlet
{
    /// <summary>Who found the objects, whatever the files say. Without it, what they say, or else <c>manual</c>.</summary>
    [Parameter]
    [Given]
    [ValidateLength(1, Annotation.AlgoNameLength)]
    [Text]
    public string? AlgoName { get; set; }

    /// <summary>
    /// The version of that, <c>timestamp-md5</c>, whatever the files say. Without it, what they say; where they don't, or <see cref="AlgoName"/>
    /// is given, the time of writing and the MD5 of each file.
    /// </summary>
    [Parameter]
    [Given]
    [Text]
    public string? AlgoVersion { get; set; }

    /// <summary>The name of objects without one.</summary>
    [Parameter]
    [Given]
    [Text]
    public string DefaultName { get; set; } = AnnotatedObject.DefaultName;

    /// <summary>Whether outlines of a COCO file are scaled to the stored picture, where the file has another size of it.</summary>
    [Parameter]
    public SwitchParameter Scale { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        if (AlgoVersion is not null && !AlgorithmVersion.IsValid(AlgoVersion))
        {
            throw new StickyException(
                "InvalidAlgoVersion",
                StickyErrorKind.InvalidData,
                $"The version '{AlgoVersion}' is not of the form timestamp-md5, such as 1598113346-ad2cd78dfaca12821046dfb8994724d5.",
                AlgoVersion,
                "Leave -AlgoVersion out to have one made from the time and the MD5 of each file.");
        }
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        WorkMeter meter = new(sink, "Importing annotations");
        Queue<string> warnings = new();
        AnnotationImportOptions options = new()
        {
            Scale = Scale,
            Warn = warnings.Enqueue,
            AlgoName = AlgoName,
            AlgoVersion = AlgoVersion,
            DefaultName = DefaultName,

            // A drawing names its picture, so no store is needed. -Scale needs one, for the sizes of the stored pictures.
            Store = Connection is null && StickyConnection.All.Count == 0 && !Scale ? null : Store,
        };
        PictureFiles files = new(recurse: false, AnnotationSvg.Extension);
        await foreach (string path in input.ConfigureAwait(false))
        {
            bool any = false;
            foreach ((string? file, StickyException? error) in files.Find(path, cancellationToken))
            {
                any = true;
                if (error is not null)
                {
                    await sink.WriteErrorAsync(error, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                meter.Expect();
                try
                {
                    await ImportAsync(file!, options, warnings, sink, cancellationToken).ConfigureAwait(false);
                }
                catch (StickyException e)
                {
                    await sink.WriteErrorAsync(e, cancellationToken).ConfigureAwait(false);
                }

                await meter.CountAsync(() => System.IO.Path.GetFileName(file!), cancellationToken).ConfigureAwait(false);
            }

            if (!any && Directory.Exists(path))
            {
                await sink.WriteWarningAsync(
                    $"The folder '{path}' has no .svg files of its own. To read a COCO file, name the file.", cancellationToken).ConfigureAwait(false);
            }
        }

        await meter.CompleteAsync(cancellationToken).ConfigureAwait(false);
        await files.TellOfLeftAloneAsync(sink, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ImportAsync(
        string file, AnnotationImportOptions options, Queue<string> warnings, IPipelineSink sink, CancellationToken cancellationToken)
    {
        switch (System.IO.Path.GetExtension(file).ToLowerInvariant())
        {
            case AnnotationSvg.Extension:
                SvgAnnotation drawing = await AnnotationSvg.ReadAsync(file, options, cancellationToken).ConfigureAwait(false);
                foreach (string warning in drawing.Warnings)
                {
                    await sink.WriteWarningAsync(warning, cancellationToken).ConfigureAwait(false);
                }

                await sink.WriteAsync(drawing.Annotation, cancellationToken).ConfigureAwait(false);
                break;
            case AnnotationCoco.Extension:
                await foreach (Outcome<AnnotationElement> outcome in AnnotationCoco.ReadAsync(file, options, cancellationToken).ConfigureAwait(false))
                {
                    while (warnings.TryDequeue(out string? warning))
                    {
                        await sink.WriteWarningAsync(warning, cancellationToken).ConfigureAwait(false);
                    }

                    await sink.WriteOutcomeAsync(outcome, cancellationToken).ConfigureAwait(false);
                }

                break;
            default:
                throw new StickyException(
                    "UnknownFormat",
                    StickyErrorKind.InvalidData,
                    $"'{file}' is neither a drawing (.svg) nor a COCO file (.json).",
                    file,
                    "Name .svg or .json files, or a folder of .svg files.");
        }
    }
}
