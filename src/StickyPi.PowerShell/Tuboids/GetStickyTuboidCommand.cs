using System.Management.Automation;
using System.Runtime.CompilerServices;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Tuboids;

/// <summary>
/// Gets the tuboids of the series that lie wholly within a range of time, ordered by device, start of the series and row; saves their files where
/// that is asked for.
/// </summary>
[Cmdlet(VerbsCommon.Get, "StickyTuboid", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(StickyTuboid))]
public sealed class GetStickyTuboidCommand : SeriesCmdlet<SeriesInput>
{
    private string? _destination;

    /// <summary>Algorithms that made the series; wildcards are resolved. All by default.</summary>
    [Parameter]
    [Given]
    [SupportsWildcards]
    [Text]
    public string[] AlgoName { get; set; } = [];

    /// <summary>Versions of the algorithms; wildcards are resolved. All by default.</summary>
    [Parameter]
    [Given]
    [SupportsWildcards]
    [Text]
    public string[] AlgoVersion { get; set; } = [];

    /// <summary>Whether the urls lead to the three files.</summary>
    [Parameter]
    [EnumName(typeof(TuboidContent))]
    public TuboidContent What { get; set; }

    /// <summary>Whether the tuboids come with their labels: once for each label, and once without where there is none.</summary>
    [Parameter]
    public SwitchParameter IncludeLabel { get; set; }

    /// <summary>A folder to save the files to, to which the urls then lead; it gets a folder for each series, with one for each tuboid.</summary>
    [Parameter]
    [Given]
    [FilePath]
    public string? Destination { get; set; }

    /// <summary>Whether different files of the same names are overwritten.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        _destination = Destination is null ? null : FilePaths.ResolveFolder(this, Destination);
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<SeriesInput> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        // Tuboids are ordered over all series, so these must all be known.
        List<SeriesInput> series = await input.ToListAsync(cancellationToken).ConfigureAwait(false);
        if (series.Count == 0)
        {
            return;
        }

        bool isList = series.Exists(item => item.HasTimes);
        SeriesRange[] ranges = [.. series.Select(item => item.Range)];
        bool[] found = new bool[ranges.Length];
        TuboidQuery query = new()
        {
            Devices = [.. ranges.Select(range => range.Device).Distinct()],
            StartTime = GivenStart,
            EndTime = GivenEnd,
            AlgoNames = AlgoName,
            AlgoVersions = AlgoVersion,
            What = What,
            IncludeLabels = IncludeLabel,
        };
        WorkMeter meter = new(sink, "Saving tuboids");
        bool empty = true;
        IAsyncEnumerable<Outcome<StickyTuboid>> outcomes = _destination is null
            ? FindAsync(cancellationToken).Select(tuboid => new Outcome<StickyTuboid>(tuboid))
            : Store.SaveTuboidsAsync(FindAsync(cancellationToken), SaveOptions(_destination, sink), cancellationToken);
        await foreach (Outcome<StickyTuboid> outcome in outcomes.ConfigureAwait(false))
        {
            await sink.WriteOutcomeAsync(outcome, cancellationToken).ConfigureAwait(false);
            if (_destination is not null)
            {
                await meter.CountAsync(() => outcome.Value?.TuboidId ?? "", cancellationToken).ConfigureAwait(false);
            }
        }

        await meter.CompleteAsync(cancellationToken).ConfigureAwait(false);
        if (isList)
        {
            await WarnOfEmptyAsync(ranges, found, "The store has no tuboids", sink, cancellationToken).ConfigureAwait(false);
        }
        else if (empty)
        {
            await sink.WriteWarningAsync($"The store has no tuboids {TuboidQueries.Describe(query)}.", cancellationToken).ConfigureAwait(false);
        }

        async IAsyncEnumerable<StickyTuboid> FindAsync([EnumeratorCancellation] CancellationToken stop)
        {
            await foreach (StickyTuboid tuboid in (isList ? ReadListAsync(ranges, found, query, stop) : Store.GetTuboidsAsync(query, stop))
                .ConfigureAwait(false))
            {
                empty = false;
                meter.Expect();
                yield return tuboid;
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<SeriesInput> ReadRecord() => ReadSeries();

    // A tuboid belongs to a range that its whole series lies in, so ranges that overlap cannot be joined. Of two of them, the second has
    // all that the first has from the beginning of the second on.
    private async IAsyncEnumerable<StickyTuboid> ReadListAsync(
        SeriesRange[] ranges, bool[] found, TuboidQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SeriesIndex index = new(ranges);
        foreach (string device in index.FindDevices(await FindDevicesAsync(ranges, cancellationToken).ConfigureAwait(false)))
        {
            SeriesTally tally = new(ranges, index.FindOfDevice(device), found);
            IReadOnlyList<SeriesRange> widest = index.FindWidest(device);
            for (int i = 0; i < widest.Count; i++)
            {
                TuboidQuery part = query with { Devices = [device], StartTime = widest[i].StartTime, EndTime = widest[i].EndTime };
                DateTime next = i + 1 < widest.Count ? widest[i + 1].StartTime ?? DateTime.MinValue : DateTime.MaxValue;
                await foreach (StickyTuboid tuboid in Store.GetTuboidsAsync(part, cancellationToken).ConfigureAwait(false))
                {
                    if (tuboid.SeriesStartTime >= next)
                    {
                        break;
                    }

                    tally.Count(tuboid.SeriesStartTime, tuboid.SeriesEndTime);
                    yield return tuboid;
                }
            }
        }
    }

    // Tuboids may be of devices whose pictures the store does not have.
    private async ValueTask<IReadOnlyCollection<string>> FindDevicesAsync(SeriesRange[] ranges, CancellationToken cancellationToken)
    {
        HashSet<string> names = [];
        string[] patterns = [.. ranges.Where(range => range.IsPattern).Select(range => range.Device).Distinct()];
        if (patterns.Length > 0)
        {
            TuboidQuery query = new() { Devices = patterns };
            await foreach (StickyTuboidSeries series in Store.GetTuboidSeriesAsync(query, cancellationToken).ConfigureAwait(false))
            {
                _ = names.Add(series.Device);
            }
        }

        return names;
    }

    private SaveTuboidOptions SaveOptions(string destination, IPipelineSink sink) => new()
    {
        Destination = destination,
        Force = Force,
        Confirm = (folder, token) => sink.ShouldProcessAsync(folder, "Save tuboid", token),
    };
}
