using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Storage;

/// <summary>Deletes objects of a store. The rows that tell of them, if any, stay.</summary>
// PowerShell tries the default parameter set first. If that were Prefix, the Key of a listed object would bind as a prefix.
[Cmdlet(
    VerbsCommon.Remove, "StickyStorageItem", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveStickyStorageItemCommand : KeyFilterCmdlet<(string Key, bool IsObject)>
{
    private const string PrefixSet = "Prefix";
    private const string InputObjectSet = "InputObject";
    private const int BatchSize = 64;

    private readonly KeyPrefixes _prefixes = new();

    /// <summary>Keys, each for an object and everything below it; the base of the store is refused. A row means its Key alone.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PrefixSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Key")]
    [ArgumentCompleter(typeof(KeyCompleter))]
    [ValidateNotNullOrEmpty]
    [Id("Key", nameof(Prefix), Of = [typeof(StickyStorageItem), typeof(StickySyncItem)])]
    public string[] Prefix { get; set; } = [];

    /// <summary>Objects that were listed; each is itself alone, whatever lies below its key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public StickyStorageItem[]? InputObject { get; set; }

    /// <summary>How many objects are deleted at a time.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = SyncOptions.DefaultParallelism;

    private protected override IReadOnlyList<Type> OwnInput => KeyInput.Types;

    private protected override IEnumerable<string> ListedColumns => KeyInput.Columns;

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<(string Key, bool IsObject)> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        WorkMeter meter = new(sink, "Deleting objects");
        IAsyncEnumerable<string> keys = FindAsync(input, meter, sink, cancellationToken);
        int batchSize = Math.Max(BatchSize, ThrottleLimit);
        await foreach (IReadOnlyList<string> batch in Batches.OfAsync(keys, batchSize, cancellationToken).ConfigureAwait(false))
        {
            List<string> confirmed = new(batch.Count);
            foreach (string key in batch)
            {
                if (await sink.ShouldProcessAsync(key, $"Delete from store '{Store.Location}'", cancellationToken).ConfigureAwait(false))
                {
                    confirmed.Add(key);
                }
            }

            if (confirmed.Count == 0)
            {
                continue;
            }

            IReadOnlyList<Outcome<StickyStorageItem>> outcomes = await Store
                .RemoveStorageItemsAsync(confirmed, ThrottleLimit, cancellationToken).ConfigureAwait(false);
            await sink.WriteErrorsAsync(outcomes, cancellationToken).ConfigureAwait(false);
            foreach (string key in batch)
            {
                await meter.CountAsync(() => key, cancellationToken).ConfigureAwait(false);
            }
        }

        await meter.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Key, bool IsObject)> ReadRecord()
    {
        bool isObject = KeyInput.IsObject(this);
        return InputObject is null
            ? Prefix.Select(prefix => (prefix, isObject || TextSource.Of(prefix) is not null))
            : InputObject.Select(item => (item.Key, true));
    }

    private async IAsyncEnumerable<string> FindAsync(
        IAsyncEnumerable<(string Key, bool IsObject)> input,
        WorkMeter meter,
        IPipelineSink sink,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int leftOut = 0;
        bool any = false;
        await foreach ((string text, bool isObject) in input.ConfigureAwait(false))
        {
            if (isObject)
            {
                if (Filter.WhyNot(text) is not null)
                {
                    leftOut++;
                }
                else
                {
                    any = true;
                    meter.Expect();
                    yield return text;
                }

                continue;
            }

            IReadOnlyList<string> keys = await ListAsync(text, sink, cancellationToken).ConfigureAwait(false);
            meter.Expect(keys.Count);
            foreach (string key in keys)
            {
                yield return key;
            }
        }

        meter.TotalIsFinal = true;

        if (leftOut > 0 && !any)
        {
            await sink.WriteWarningAsync("None of the objects that came passes -Include and -Exclude.", cancellationToken).ConfigureAwait(false);
        }
    }

    // Listed before the first is deleted: a listing need not survive what happens to what it lists.
    private async ValueTask<IReadOnlyList<string>> ListAsync(string text, IPipelineSink sink, CancellationToken cancellationToken)
    {
        List<string> keys = [];
        try
        {
            string prefix = await Store.ParsePrefixAsync(text, cancellationToken).ConfigureAwait(false);
            if (prefix.Length == 0)
            {
                throw new StickyException(
                    "EmptyPrefix",
                    StickyErrorKind.InvalidData,
                    $"'{text}' means every object of the store, which this command does not delete at once.",
                    text,
                    "Name the folders to delete, or pipe what Get-StickyStorageItem lists to this command.");
            }

            if (!_prefixes.Add(prefix))
            {
                return keys;
            }

            bool any = false;
            await foreach (StickyStorageItem item in Store.GetStorageItemsAsync(prefix, KeyFilter.All, cancellationToken).ConfigureAwait(false))
            {
                any = true;
                if (Filter.WhyNot(item.Key) is null)
                {
                    keys.Add(item.Key);
                }
            }

            if (!any)
            {
                throw new StickyException(
                    "ObjectNotFound",
                    StickyErrorKind.NotFound,
                    $"The store has no object '{prefix}' and none below it.",
                    prefix,
                    "Get-StickyStorageItem lists what there is.");
            }

            if (keys.Count == 0)
            {
                await sink.WriteWarningAsync(
                    $"The store has no object '{prefix}' and none below it that passes -Include and -Exclude.", cancellationToken).ConfigureAwait(false);
            }
        }
        catch (StickyException e) when (e.Kind is StickyErrorKind.InvalidData or StickyErrorKind.NotFound)
        {
            await sink.WriteErrorAsync(e, cancellationToken).ConfigureAwait(false);
        }

        return keys;
    }
}
