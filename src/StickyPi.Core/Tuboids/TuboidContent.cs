namespace StickyPi.Core.Tuboids;

/// <summary>How much of a tuboid is meant; the <c>what</c> of the existing API.</summary>
public enum TuboidContent
{
    /// <summary>The row alone, with empty urls.</summary>
    Metadata,

    /// <summary>The row and the urls of its three files.</summary>
    Data,
}
