using StickyPi.Core.Properties;

namespace StickyPi.Core.Stores;

public partial interface IStickyStore
{
    /// <summary>Reads extra properties.</summary>
    /// <param name="targets">Of what.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>
    /// One outcome for each target, in the same order: its properties, which may be none. Errors: <c>InvalidPropertyTarget</c>,
    /// <c>ImageNotFound</c>, <c>DeviceNotFound</c>, <c>TuboidSeriesNotFound</c>, <c>BundleNotFound</c>.
    /// </returns>
    ValueTask<IReadOnlyList<Outcome<StickyPropertySet>>> GetPropertiesAsync(
        IReadOnlyList<PropertyTarget> targets, CancellationToken cancellationToken = default);

    /// <summary>Lists what has extra properties, ordered by id, page by page.</summary>
    /// <param name="kind">What.</param>
    /// <param name="patterns">Ids or patterns, see <see cref="NamePattern"/>; none means all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The properties of each.</returns>
    IAsyncEnumerable<StickyPropertySet> ListPropertiesAsync(
        StickyPropertyKind kind, IReadOnlyList<string> patterns, CancellationToken cancellationToken = default);

    /// <summary>Changes extra properties of one thing, at once and wholly.</summary>
    /// <param name="target">Of what.</param>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">Stops the work; then nothing has changed.</param>
    /// <returns>
    /// The properties after the change. Errors: those of <see cref="GetPropertiesAsync"/>, <c>InvalidProperties</c>: they take more than a
    /// megabyte, or are nested too deeply.
    /// </returns>
    ValueTask<Outcome<StickyPropertySet>> ChangePropertiesAsync(
        PropertyTarget target, PropertyChange change, CancellationToken cancellationToken = default);
}
