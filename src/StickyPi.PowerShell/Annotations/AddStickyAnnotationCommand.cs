using System.Management.Automation;
using System.Text;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Annotations;

/// <summary>Adds annotations to pictures of a store: all that one call is given, or none.</summary>
[Cmdlet(VerbsCommon.Add, "StickyAnnotation", DefaultParameterSetName = ObjectSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(StickyAnnotation))]
public sealed class AddStickyAnnotationCommand : StoreCmdlet<AnnotationInput>
{
    private const string ObjectSet = "Object";

    private int _count;
    private bool _isWhatIf;

    /// <summary>Elements <c>{annotations, metadata}</c>: objects, hashtables, JSON text, or what <c>Import-StickyAnnotation</c> and
    /// <c>Get-StickyAnnotation -What Data</c> return.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject?[]? InputObject { get; set; }

    /// <summary>JSON files of one element or an array of elements; wildcards are resolved.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathInput.PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [FilePath]
    public string[]? Path { get; set; }

    /// <summary>JSON files, exactly as named.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathInput.LiteralPathSet)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [FilePath]
    public string[]? LiteralPath { get; set; }

    /// <summary>Whether what is right is stored even when something else is not.</summary>
    [Parameter]
    public SwitchParameter ContinueOnError { get; set; }

    /// <summary>Whether the stored annotations are returned, without their objects.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        _isWhatIf = Preference.IsWhatIf(this);
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<AnnotationInput> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        WorkMeter meter = new(sink, "Adding annotations");
        int given = 0;
        int refused = 0;
        AddAnnotationOptions options = new()
        {
            ContinueOnError = ContinueOnError,
            ReturnStored = PassThru,
            Simulate = _isWhatIf,
            Warn = sink.WriteWarningAsync,
            Confirm = (element, token) => sink.ShouldProcessAsync(
                element.GetReference().ToString(), $"Add annotation to store '{Store.Location}'", token),
        };
        await foreach (Outcome<StickyAnnotation> outcome in Store
            .AddAnnotationsAsync(CountAsync(ReadAsync(input, cancellationToken)), options, cancellationToken).ConfigureAwait(false))
        {
            refused += outcome.Succeeded ? 0 : 1;
            await sink.WriteOutcomeAsync(outcome, cancellationToken).ConfigureAwait(false);
        }

        await meter.CompleteAsync(cancellationToken).ConfigureAwait(false);
        if (refused > 0 && !ContinueOnError)
        {
            await sink.WriteWarningAsync(
                FormattableString.Invariant($"Nothing was stored: {refused} of {given} refused, and the annotations of one call are stored all or none.")
                    + (refused < given ? " Use -ContinueOnError to store the others." : ""),
                cancellationToken).ConfigureAwait(false);
        }

        async IAsyncEnumerable<Outcome<AnnotationElement>> CountAsync(IAsyncEnumerable<Outcome<AnnotationElement>> elements)
        {
            await foreach (Outcome<AnnotationElement> element in elements.ConfigureAwait(false))
            {
                given++;
                meter.Expect();
                await meter.CountAsync(() => FormattableString.Invariant($"{refused:N0} refused"), cancellationToken).ConfigureAwait(false);
                yield return element;
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<AnnotationInput> ReadRecord()
    {
        if (Path is not null || LiteralPath is not null)
        {
            return ReadFiles();
        }

        // A null is refused as an element that is wrong: refused by the engine, it would not keep the others from being stored.
        return (InputObject ?? [null]).Select(item => item?.BaseObject switch
        {
            FileInfo file => new AnnotationInput { Path = file.FullName, Source = $"'{file.FullName}'" },
            Annotation annotation => Read(annotation),
            string text => new AnnotationInput { Json = Encoding.UTF8.GetBytes(text), Source = Number() },
            _ => Read(item),
        });
    }

    private AnnotationInput Read(PSObject? item)
    {
        string source = Number();
        try
        {
            return new AnnotationInput { Json = AnnotationObjectJson.ToUtf8(item), Source = source };
        }
        catch (InvalidDataException e)
        {
            return new AnnotationInput { Error = AnnotationJson.Invalid(source, OneLine.Quote(e), e), Source = source };
        }
    }

    private static AnnotationInput Read(Annotation annotation)
    {
        string source = annotation is AnnotationElement element ? element.Source : $"the annotation of {annotation}";
        return annotation.GetUtf8Json() is { Length: > 0 } json
            ? new AnnotationInput { Json = json, Source = source }
            : new AnnotationInput { Error = AnnotationJson.Invalid(source, "it has no data; get it with Get-StickyAnnotation -What Data"), Source = source };
    }

    // A path that leads nowhere keeps the others from being stored, as a wrong file does.
    private List<AnnotationInput> ReadFiles()
    {
        List<AnnotationInput> files = [];
        foreach (string path in PathInput.Read(
            this, Path, LiteralPath, error => files.Add(new AnnotationInput { Error = error, Source = "" })))
        {
            files.Add(new AnnotationInput { Path = path, Source = $"'{path}'" });
        }

        return files;
    }

    private string Number() => FormattableString.Invariant($"element {++_count} of the input");

    private static IAsyncEnumerable<Outcome<AnnotationElement>> ReadAsync(
        IAsyncEnumerable<AnnotationInput> input, CancellationToken cancellationToken) => input.SelectMany(item => item switch
        {
            { Error: StickyException error } => new[] { new Outcome<AnnotationElement>(error) }.ToAsyncEnumerable(),
            { Json: ReadOnlyMemory<byte> json } =>
                AnnotationJson.ReadAsync(new MemoryStream(json.ToArray(), writable: false), item.Source, cancellationToken),
            _ => AnnotationJson.ReadFileAsync(item.Path!, cancellationToken),
        });
}

/// <summary>Where some annotations come from: a file, JSON that is at hand, or nowhere.</summary>
public sealed record AnnotationInput
{
    /// <summary>The absolute path of a file, or null.</summary>
    public string? Path { get; init; }

    /// <summary>UTF-8, or null.</summary>
    public ReadOnlyMemory<byte>? Json { get; init; }

    /// <summary>Why there is neither, or null.</summary>
    public StickyException? Error { get; init; }

    /// <summary>What to call it in messages.</summary>
    public required string Source { get; init; }
}
