namespace StickyPi.Core.Bundles;

/// <summary>Which files of a bundle are meant.</summary>
public enum MlBundleContent
{
    /// <summary>All.</summary>
    All,

    /// <summary>What training needs: everything below <c>data/</c> and <c>config/</c>.</summary>
    Data,

    /// <summary>What inference needs: everything below <c>output/</c> and <c>config/</c>.</summary>
    Model,
}
