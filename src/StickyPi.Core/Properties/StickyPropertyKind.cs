namespace StickyPi.Core.Properties;

/// <summary>What extra properties can be hung on.</summary>
public enum StickyPropertyKind
{
    /// <summary>A picture; its id is <c>&lt;device&gt;.&lt;YYYY-MM-DD_HH-MM-SS&gt;</c>.</summary>
    Image,

    /// <summary>A device; its id is its name.</summary>
    Device,

    /// <summary>A series of tuboids; its id is <c>&lt;device&gt;.&lt;start&gt;.&lt;end&gt;.&lt;algorithm&gt;.&lt;version&gt;</c>.</summary>
    Series,

    /// <summary>An ML bundle; its id is its name.</summary>
    Bundle,
}
