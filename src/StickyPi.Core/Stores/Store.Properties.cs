using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using StickyPi.Core.Bundles;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Properties;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    // The properties of one thing may take a megabyte.
    private const int PropertyPageSize = 64;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Outcome<StickyPropertySet>>> GetPropertiesAsync(
        IReadOnlyList<PropertyTarget> targets, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<(PropertyTarget Target, StickyException? Error)> resolved = await ResolveAsync(targets, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<StickyPropertySet?> found = await _catalog.FindPropertiesAsync(
            [.. resolved.Where(item => item.Error is null).Select(item => item.Target)], cancellationToken).ConfigureAwait(false);
        Outcome<StickyPropertySet>[] outcomes = new Outcome<StickyPropertySet>[targets.Count];
        int next = 0;
        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = resolved[i].Error is StickyException error ? new(error) : new(found[next++] ?? NoProperties(resolved[i].Target));
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StickyPropertySet> ListPropertiesAsync(
        StickyPropertyKind kind, IReadOnlyList<string> patterns, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // The properties of a bundle outlive it where its files were deleted one by one.
        HashSet<string>? bundles = kind == StickyPropertyKind.Bundle
            ? [.. await GetMlBundleNamesAsync(cancellationToken).ConfigureAwait(false)]
            : null;
        string last = "";
        while (true)
        {
            IReadOnlyList<StickyPropertySet> page = await _catalog.GetPropertyPageAsync(kind, last, PropertyPageSize, cancellationToken)
                .ConfigureAwait(false);
            foreach (StickyPropertySet properties in page)
            {
                if (NamePattern.Matches(properties.Id, patterns) && bundles?.Contains(properties.Id) != false)
                {
                    yield return properties;
                }
            }

            if (page.Count < PropertyPageSize)
            {
                yield break;
            }

            last = page[^1].Id;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Outcome<StickyPropertySet>> ChangePropertiesAsync(
        PropertyTarget target, PropertyChange change, CancellationToken cancellationToken = default)
    {
        (target, StickyException? error) = (await ResolveAsync([target], cancellationToken).ConfigureAwait(false))[0];
        if (error is not null)
        {
            return new(error);
        }

        await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false);
        if (target.TryGetImage(out ImageReference image) && rows.FindImage(image) is null)
        {
            return new(ImageNotFound(image));
        }

        if (target.TryGetSeries(out TuboidSeriesReference series) && rows.FindTuboidSeries(series) is null)
        {
            return new(SeriesNotFound(series));
        }

        StickyPropertySet current = rows.FindProperties(target) ?? NoProperties(target);
        JsonObject changed;
        ReadOnlyMemory<byte> json;
        try
        {
            changed = PropertyRules.Apply((JsonObject)current.Properties.DeepClone(), change, target);
            json = PropertyRules.Write(changed, target);
        }
        catch (StickyException e) when (e.ErrorId == "InvalidProperties")
        {
            return new(e);
        }

        // What was there already keeps its time and its author.
        if (JsonNode.DeepEquals(current.Properties, changed))
        {
            return new(current);
        }

        rows.SetProperties(target, changed.Count == 0 ? (ReadOnlyMemory<byte>?)null : json);
        StickyPropertySet after = rows.FindProperties(target) ?? NoProperties(target);
        rows.Commit(cancellationToken);
        return new(after);
    }

    /// <inheritdoc/>
    public override async ValueTask<StickyMlBundle> RemoveMlBundleAsync(string name, CancellationToken cancellationToken = default)
    {
        StickyMlBundle bundle = await base.RemoveMlBundleAsync(name, cancellationToken).ConfigureAwait(false);
        PropertyTarget target = new(StickyPropertyKind.Bundle, name);
        if ((await _catalog.FindPropertiesAsync([target], CancellationToken.None).ConfigureAwait(false))[0] is not null)
        {
            // The files are gone, so the properties go too, whatever the caller would rather do now.
            await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, CancellationToken.None).ConfigureAwait(false);
            rows.SetProperties(target, null);
            rows.Commit(CancellationToken.None);
        }

        return bundle;
    }

    private static StickyPropertySet NoProperties(PropertyTarget target) => new() { Kind = target.Kind, Id = target.Id, Properties = [] };

    /// <summary>Writes targets as the catalog holds them, and makes sure that there are such things.</summary>
    private async ValueTask<IReadOnlyList<(PropertyTarget Target, StickyException? Error)>> ResolveAsync(
        IReadOnlyList<PropertyTarget> targets, CancellationToken cancellationToken)
    {
        List<(int Index, ImageReference Image)> images = [];
        List<(int Index, TuboidSeriesReference Series)> series = [];
        IReadOnlyList<string>? devices = null;
        (PropertyTarget Target, StickyException? Error)[] resolved = new (PropertyTarget, StickyException?)[targets.Count];
        for (int i = 0; i < resolved.Length; i++)
        {
            PropertyTarget target = targets[i];
            resolved[i].Target = target;
            if (target.TryGetImage(out ImageReference image))
            {
                images.Add((i, image));
            }
            else if (target.TryGetSeries(out TuboidSeriesReference reference))
            {
                series.Add((i, reference));
            }
            else if (target.Kind == StickyPropertyKind.Device && ImageReference.IsDevice(target.Id))
            {
                devices ??= await _catalog.GetDeviceNamesAsync(cancellationToken).ConfigureAwait(false);
                string? name = devices.FirstOrDefault(name => name == target.Id)
                    ?? devices.FirstOrDefault(name => name.Equals(target.Id, StringComparison.OrdinalIgnoreCase));
                resolved[i] = name is null ? (target, DeviceNotFound(target.Id)) : (target with { Id = name }, null);
            }
            else if (target.Kind == StickyPropertyKind.Bundle && MlBundleRules.IsName(target.Id))
            {
                resolved[i].Error = await ExistsAsync(target.Id, cancellationToken).ConfigureAwait(false) ? null : BundleNotFound(target.Id);
            }
            else
            {
                resolved[i].Error = InvalidTarget(target);
            }
        }

        IReadOnlyList<StickyImage?> foundImages = await _catalog.FindImagesAsync([.. images.Select(item => item.Image)], cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < images.Count; i++)
        {
            resolved[images[i].Index] = (PropertyTarget.Of(images[i].Image), foundImages[i] is null ? ImageNotFound(images[i].Image) : null);
        }

        if (series.Count > 0)
        {
            IReadOnlyList<StickyTuboidSeries?> foundSeries = await _catalog
                .FindTuboidSeriesAsync([.. series.Select(item => item.Series)], cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < series.Count; i++)
            {
                resolved[series[i].Index] = (PropertyTarget.Of(series[i].Series), foundSeries[i] is null ? SeriesNotFound(series[i].Series) : null);
            }
        }

        return resolved;
    }

    private static StickyException DeviceNotFound(string device) => new(
        "DeviceNotFound",
        StickyErrorKind.NotFound,
        $"The store has no picture of a device '{device}'.",
        device,
        "Get-StickyDevice lists the devices.");

    private static StickyException InvalidTarget(PropertyTarget target) => new(
        "InvalidPropertyTarget",
        StickyErrorKind.InvalidData,
        target.Kind switch
        {
            StickyPropertyKind.Image => $"'{target.Id}' is not the id of a picture, which is <device>.<YYYY-MM-DD_HH-MM-SS>.",
            StickyPropertyKind.Device => $"'{target.Id}' is not the name of a device, which is 8 hexadecimal digits.",
            StickyPropertyKind.Series => $"'{target.Id}' is not the id of a series of tuboids, which is <device>.<start>.<end>.<algorithm>.<version>.",
            StickyPropertyKind.Bundle => $"'{target.Id}' cannot be the name of a bundle: it is one part of a path, without slashes or control characters.",
            _ => $"There are no properties of the kind {target.Kind}.",
        },
        target,
        "Times are in UTC, for example 5c173ff2.2020-06-20_21-33-24.");
}
