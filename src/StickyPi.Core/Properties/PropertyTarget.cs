namespace StickyPi.Core.Properties;

/// <summary>The thing of a store that extra properties hang on.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Which of its kind, as <see cref="StickyPropertyKind"/> says.</param>
public readonly record struct PropertyTarget(StickyPropertyKind Kind, string Id)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Id}";
}
