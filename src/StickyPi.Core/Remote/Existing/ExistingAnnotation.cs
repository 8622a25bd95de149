using System.Text;
using System.Text.Json.Serialization;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;

namespace StickyPi.Core.Remote.Existing;

/// <summary>A row of <c>uid_annotations</c>. It names its picture by the number of its row alone.</summary>
public sealed record ExistingAnnotation
{
    /// <inheritdoc cref="Annotation.AlgoName"/>
    public required string AlgoName { get; init; }

    /// <inheritdoc cref="Annotation.AlgoVersion"/>
    public required string AlgoVersion { get; init; }

    /// <inheritdoc cref="StickyAnnotation.ApiUser"/>
    public string? ApiUser { get; init; }

    /// <inheritdoc cref="StickyAnnotation.ApiVersion"/>
    public string? ApiVersion { get; init; }

    /// <inheritdoc cref="StickyAnnotation.CreatedAt"/>
    [JsonPropertyName("datetime_created")]
    public DateTime CreatedAt { get; init; }

    /// <inheritdoc cref="StickyAnnotation.Id"/>
    public long Id { get; init; }

    /// <summary>The whole element as a text; empty in the answer to an addition, absent from metadata.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Json { get; init; }

    /// <inheritdoc cref="Annotation.ObjectCount"/>
    public int NObjects { get; init; }

    /// <inheritdoc cref="StickyAnnotation.ImageId"/>
    public long ParentImageId { get; init; }

    /// <summary>Tells an annotation.</summary>
    /// <param name="annotation">The annotation.</param>
    /// <param name="json">What stands for its JSON; null for nothing.</param>
    /// <returns>What goes over the wire.</returns>
    public static ExistingAnnotation From(StickyAnnotation annotation, string? json) => new()
    {
        AlgoName = annotation.AlgoName,
        AlgoVersion = annotation.AlgoVersion,
        ApiUser = annotation.ApiUser,
        ApiVersion = annotation.ApiVersion,
        CreatedAt = annotation.CreatedAt,
        Id = annotation.Id,
        Json = json,
        NObjects = annotation.ObjectCount,
        ParentImageId = annotation.ImageId,
    };

    /// <summary>Makes the annotation again, without its <see cref="Annotation.Objects"/>.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="md5">The picture's MD5.</param>
    /// <returns>The annotation.</returns>
    public StickyAnnotation ToAnnotation(ImageReference image, string md5)
    {
        StickyAnnotation annotation = new()
        {
            Id = Id,
            ImageId = ParentImageId,
            Device = image.Device,
            DateTime = image.DateTime,
            Md5 = md5,
            AlgoName = AlgoName,
            AlgoVersion = AlgoVersion,
            ObjectCount = NObjects,
            CreatedAt = CreatedAt,
            ApiVersion = ApiVersion,
            ApiUser = ApiUser,
        };
        return string.IsNullOrEmpty(Json) ? annotation : annotation.WithJson(Encoding.UTF8.GetBytes(Json));
    }
}
