using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.Core.Properties;
using StickyPi.Core.Tuboids;
using StickyPi.PowerShell.Completion;
using StickyPi.PowerShell.Errors;
using StickyPi.PowerShell.Properties;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// A command that reads series: one that its parameters describe, or a list of them from the pipeline, each object being one.
/// </summary>
/// <typeparam name="TInput">What one pipeline object, or one call without input, gives the work to do.</typeparam>
public abstract class SeriesCmdlet<TInput> : StoreCmdlet<TInput>
{
    private static readonly string[] StartNames = [nameof(StartTime), "start_datetime"];
    private static readonly string[] TuboidNames = ["TuboidId", "tuboid_id"];
    private static readonly string[] EndNames = [nameof(EndTime), "end_datetime"];

    private DateTime? _start;
    private DateTime? _end;

    /// <summary>
    /// Devices or patterns: <c>*</c> or <c>%</c> for any characters, <c>?</c> or <c>_</c> for one. All devices by default.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Given]
    [SupportsWildcards]
    [Device]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string[] Device { get; set; } = [];

    /// <summary>The first moment that belongs to the series, UTC.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("start_datetime")]
    [StickyTime]
    public DateTime? StartTime { get; set; }

    /// <summary>The first moment after the series, UTC.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [Alias("end_datetime")]
    [StickyTime]
    public DateTime? EndTime { get; set; }

    // A time of the object beside one of the command line is an error of the object.
    private protected override IEnumerable<string> ListedColumns => [.. StartNames, .. EndNames];

    /// <summary>What the command says of a picture that is piped to it.</summary>
    private protected virtual string PictureAdvice =>
        "Get-StickyImage takes pictures. For all pictures of its device, give -Device.";

    /// <summary>Whether the object that the pipeline brought has times, and not the command line.</summary>
    private protected bool HasTimesOfItsOwn => HasBoundTimes ||
        PipelineItem.Of(this) is PSObject item && OwnTypes.Find(item, [.. StartNames, .. EndNames]) is not null;

    /// <summary>The start that the command line gave. The parameter itself holds that of the last object from the pipeline.</summary>
    private protected DateTime? GivenStart => _start;

    /// <summary>The end that the command line gave.</summary>
    private protected DateTime? GivenEnd => _end;

    // A script block as -StartTime, which the engine runs for each object: the object need not have a property of that name.
    private bool HasBoundTimes =>
        StartTime != _start || EndTime != _end || Given.IsScript(nameof(StartTime)) || Given.IsScript(nameof(EndTime));

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        TimeRange.Check(StartTime, EndTime);
        _start = StartTime;
        _end = EndTime;
        if (DeviceAttribute.FindNarrower(Device) is object source)
        {
            throw Invalid(
                $"{OwnTypes.Describe(source)} was given as -Device, which would mean all times of its device.",
                source,
                "Pipe it to the command, or give -Device, -StartTime and -EndTime.");
        }
    }

    /// <summary>Reads the series of one pipeline object, or of a call without input. A bad series is a non-terminating error.</summary>
    /// <returns>The series; none where there was an error.</returns>
    private protected IEnumerable<SeriesInput> ReadSeries()
    {
        // Called once without input, and never for an empty pipeline: no device there must not mean every device here.
        string[] devices = Device.Length == 0 ? ["*"] : Device;
        PSObject? item = PipelineItem.Of(this);
        try
        {
            (DateTime Start, DateTime End)? times = item is null || (item.BaseObject is string && !HasBoundTimes) ? null : ReadTimes(item);
            return devices.Select(device => new SeriesInput(
                new SeriesRange(device, times?.Start ?? _start, times?.End ?? _end), HasTimes: times is not null));
        }
        catch (StickyException e)
        {
            WriteError(e.ToErrorRecord());
            return [];
        }
    }

    /// <summary>Warns of series from the pipeline that had nothing in them, which may be because they are written wrong.</summary>
    /// <param name="ranges">The series.</param>
    /// <param name="found">Whether something was in each.</param>
    /// <param name="nothing">The beginning of the warning, such as "The store has no tuboids".</param>
    /// <param name="sink">Where to.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    private protected static async ValueTask WarnOfEmptyAsync(
        IReadOnlyList<SeriesRange> ranges, bool[] found, string nothing, IPipelineSink sink, CancellationToken cancellationToken)
    {
        foreach (SeriesRange range in ranges.Where((_, i) => !found[i]).Distinct())
        {
            string described = TimeRange.Describe([range.Device], range.StartTime, range.EndTime);
            await sink.WriteWarningAsync($"{nothing} of {described}.", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Finds what to ask the store for, so that pictures of several series come in one order, and once. Memory grows with the series alone.
    /// </summary>
    /// <param name="ranges">The series.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>
    /// Series of one device each that have no moment in common, in the order of their pictures, with the places of those that they are made
    /// of.
    /// </returns>
    private protected async IAsyncEnumerable<(SeriesRange Part, IReadOnlyList<int> Members)> JoinAsync(
        IReadOnlyList<SeriesRange> ranges, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = ranges.Any(range => range.IsPattern)
            ? await Store.GetDeviceNamesAsync(cancellationToken).ConfigureAwait(false)
            : [];
        SeriesIndex index = new(ranges);
        foreach (string device in index.FindDevices(names))
        {
            foreach ((SeriesRange, IReadOnlyList<int>) part in index.Join(device))
            {
                yield return part;
            }
        }
    }

    /// <summary>Reads pictures, or what hangs on pictures, of several series, in one order.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="ranges">The series.</param>
    /// <param name="found">Whether there was something in each; filled meanwhile.</param>
    /// <param name="read">Reads one of the parts that the series are joined to.</param>
    /// <param name="timeOf">When the picture was taken; null where that is not known.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>All of them.</returns>
    private protected async IAsyncEnumerable<T> ReadJoinedAsync<T>(
        IReadOnlyList<SeriesRange> ranges,
        bool[] found,
        Func<ImageSeriesQuery, IAsyncEnumerable<T>> read,
        Func<T, DateTime?> timeOf,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach ((SeriesRange part, IReadOnlyList<int> members) in JoinAsync(ranges, cancellationToken).ConfigureAwait(false))
        {
            SeriesTally tally = new(ranges, members, found);
            await foreach (T item in read(part.Query).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (timeOf(item) is DateTime time)
                {
                    tally.Count(time);
                }

                yield return item;
            }
        }
    }

    // Null where the object is a device and no more.
    private (DateTime Start, DateTime End)? ReadTimes(PSObject item)
    {
        object value = item.BaseObject;
        if (OwnTypes.Find(item, TuboidNames) is not null)
        {
            throw Invalid(
                "A tuboid is not a series.",
                item,
                "Get-StickyLabel, Get-StickyProperty and Remove-StickyTuboidSeries take tuboids. "
                    + "To read what was taken meanwhile, give -Device, -StartTime and -EndTime.");
        }

        // The properties of a device have one that is null.
        if (OwnTypes.IsOwn(value) ? OwnTypes.Get(item, "DateTime") is not null : OwnTypes.Find(item, "DateTime") is not null)
        {
            // The engine binds the properties of objects to the parameters of the commands for pictures, and not the entries of a
            // hashtable.
            string what = OwnTypes.Describe(value);
            throw Invalid(
                OwnTypes.IsOwn(value) ? $"{what} is not a series." : $"{what} with a DateTime means a picture, not a series.",
                item,
                value is IDictionary ? $"Write [pscustomobject] before the hashtable. {PictureAdvice}" : PictureAdvice);
        }

        if (OwnTypes.IsOwn(value)
            && value is not (StickyDevice or StickyTuboidSeries or TuboidSeriesReference
                or StickyProperties { Kind: StickyPropertyKind.Device }))
        {
            throw Invalid(
                $"{OwnTypes.Describe(value)} is not a series.", item, "Pipe devices, or objects with Device, StartTime and EndTime.");
        }

        // A script block counts instead of a property.
        string? start = Given.IsScript(nameof(StartTime)) ? null : OwnTypes.Find(item, StartNames);
        string? end = Given.IsScript(nameof(EndTime)) ? null : OwnTypes.Find(item, EndNames);
        if (start is null && end is null && !HasBoundTimes)
        {
            return null;
        }

        if (_start is not null || _end is not null)
        {
            throw Invalid(
                $"The object has a {start ?? end ?? "time"} of its own, and {(_start is null ? "-EndTime" : "-StartTime")} was given too.",
                item,
                "Leave -StartTime and -EndTime out, or take the times out of the objects.");
        }

        DateTime? from = start is null ? StartTime : ReadTime(item, start);
        DateTime? until = end is null ? EndTime : ReadTime(item, end);
        if (from is null || until is null)
        {
            string[] missing = [.. from is null ? [StartNames[0]] : (string[])[], .. until is null ? [EndNames[0]] : (string[])[]];
            throw Invalid(
                $"The series has no {string.Join(" and no ", missing)}.",
                item,
                "Give both times, or objects that have neither, which means all times.");
        }

        TimeRange.Check(from, until, start ?? nameof(StartTime), end ?? nameof(EndTime));
        return (from.Value, until.Value);
    }

    private static DateTime? ReadTime(PSObject item, string name)
    {
        try
        {
            return StickyTimeAttribute.Transform(OwnTypes.Get(item, name)) is object time
                ? time as DateTime? ?? throw Invalid($"{name} is more than one time.", item, "Pipe an object for each series.")
                : null;
        }
        catch (ArgumentTransformationMetadataException e)
        {
            throw Invalid($"The {name} of the series cannot be read: {OneLine.Quote(e)}.", item, "Correct the object.", e);
        }
    }

    private static StickyException Invalid(string message, object target, string action, Exception? cause = null) =>
        new("InvalidSeries", StickyErrorKind.InvalidData, message, target, action, cause);
}

/// <summary>A series that a command is to read.</summary>
/// <param name="Range">The series.</param>
/// <param name="HasTimes">Whether an object brought its times, and not the command line.</param>
public sealed record SeriesInput(SeriesRange Range, bool HasTimes);
