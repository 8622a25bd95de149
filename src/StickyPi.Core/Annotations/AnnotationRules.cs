namespace StickyPi.Core.Annotations;

/// <summary>How much of the format of annotations is enforced.</summary>
public enum AnnotationRules
{
    /// <summary>Every rule, as for what this product stores.</summary>
    All,

    /// <summary>What the existing server enforces: the metadata must tell the picture and the algorithm, and objects are counted and not looked at.</summary>
    Existing,

    /// <summary>The shape of the objects, as for what is stored already.</summary>
    Shape,
}
