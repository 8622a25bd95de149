using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using StickyPi.Core.Images;

namespace StickyPi.Core.Annotations.Exchange;

/// <summary>
/// Writes COCO object detection (cocodataset.org, format-data). The annotations come first, so that they need not be kept: only a small
/// record for each picture and each category is. What COCO has no field for is in fields of our own, which other programs pass over.
/// </summary>
internal sealed class CocoWriter : IDisposable
{
    private const int FlushSize = 64 * 1024;
    private const string DateFormat = "yyyy-MM-dd HH:mm:ss";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream _output;
    private readonly Utf8JsonWriter _json;
    private readonly Dictionary<ImageReference, int> _ids = [];
    private readonly List<Picture> _pictures = [];
    private readonly Dictionary<string, int> _categories = new(StringComparer.Ordinal);
    private long _count;

    public CocoWriter(Stream output)
    {
        _output = output;
        _json = new Utf8JsonWriter(output, Options);
        _json.WriteStartObject();
        _json.WriteStartObject("info");
        _json.WriteString("description", "Annotations of Sticky Pi pictures");
        _json.WriteEndObject();
        _json.WriteStartArray("annotations");
    }

    /// <summary>Writes an annotation.</summary>
    /// <param name="annotation">The objects.</param>
    /// <param name="image">Their picture.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    public async ValueTask WriteAsync(Annotation annotation, StickyImage image, CancellationToken cancellationToken)
    {
        if (!_ids.TryGetValue(image.Reference, out int imageId))
        {
            _pictures.Add(new Picture(image.Reference, image.Width, image.Height, image.Md5, []));
            imageId = _pictures.Count;
            _ids.Add(image.Reference, imageId);
        }

        _pictures[imageId - 1].Algorithms.Add((annotation.AlgoName, annotation.AlgoVersion));
        foreach (AnnotatedObject item in annotation.Objects)
        {
            Write(item, annotation, imageId);
            if (_json.BytesPending > FlushSize)
            {
                await _json.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Writes what is said once: the pictures and the categories.</summary>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>A task that ends when everything is written.</returns>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        _json.WriteEndArray();
        _json.WriteStartArray("images");
        for (int i = 0; i < _pictures.Count; i++)
        {
            Write(_pictures[i], i + 1);
            if (_json.BytesPending > FlushSize)
            {
                await _json.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        _json.WriteEndArray();
        _json.WriteStartArray("categories");
        foreach ((string name, int id) in _categories.OrderBy(category => category.Value))
        {
            _json.WriteStartObject();
            _json.WriteNumber("id", id);
            _json.WriteString("name", name);
            _json.WriteString("supercategory", "object");
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        await _json.FlushAsync(cancellationToken).ConfigureAwait(false);
        await _output.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        // What is pending belongs to a file that failed; writing it could fail again.
        _json.Reset(Stream.Null);
        _json.Dispose();
    }

    private void Write(AnnotatedObject item, Annotation annotation, int imageId)
    {
        if (!_categories.TryGetValue(item.Name, out int categoryId))
        {
            categoryId = _categories.Count + 1;
            _categories.Add(item.Name, categoryId);
        }

        _json.WriteStartObject();
        _json.WriteNumber("id", ++_count);
        _json.WriteNumber("image_id", imageId);
        _json.WriteNumber("category_id", categoryId);
        _json.WriteStartArray("segmentation");
        _json.WriteStartArray();
        foreach (ContourPoint point in item.Contour)
        {
            _json.WriteNumberValue(point.X);
            _json.WriteNumberValue(point.Y);
        }

        _json.WriteEndArray();
        _json.WriteEndArray();
        _json.WriteNumber("area", item.Area);

        // COCO measures between corners, and not pixels from the first to the last.
        BoundingBox box = item.BoundingBox;
        _json.WriteStartArray("bbox");
        _json.WriteNumberValue(box.X);
        _json.WriteNumberValue(box.Y);
        _json.WriteNumberValue(Math.Max(0, box.Width - 1));
        _json.WriteNumberValue(Math.Max(0, box.Height - 1));
        _json.WriteEndArray();
        _json.WriteNumber("iscrowd", 0);
        if (item.Value is int value)
        {
            _json.WriteNumber("value", value);
        }
        else
        {
            _json.WriteNull("value");
        }

        _json.WriteString("stroke_colour", SvgColour.Normalize(item.StrokeColour) ?? AnnotatedObject.DefaultStrokeColour);
        _json.WriteString("fill_colour", SvgColour.Normalize(item.FillColour) ?? AnnotatedObject.DefaultFillColour);
        WriteAlgorithm(annotation.AlgoName, annotation.AlgoVersion);
        _json.WriteEndObject();
    }

    // A picture on which nothing was found has no annotation that could say by whom.
    private void Write(Picture picture, int id)
    {
        _json.WriteStartObject();
        _json.WriteNumber("id", id);
        _json.WriteString("file_name", picture.Reference.FileName);
        _json.WriteNumber("width", picture.Width);
        _json.WriteNumber("height", picture.Height);
        _json.WriteString("date_captured", picture.Reference.DateTime.ToString(DateFormat, CultureInfo.InvariantCulture));
        _json.WriteString("md5", picture.Md5);
        _json.WriteStartArray("algorithms");
        foreach ((string name, string version) in picture.Algorithms)
        {
            _json.WriteStartObject();
            WriteAlgorithm(name, version);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteAlgorithm(string name, string version)
    {
        _json.WriteString("algo_name", name);
        _json.WriteString("algo_version", version);
    }

    private sealed record Picture(ImageReference Reference, int Width, int Height, string Md5, List<(string Name, string Version)> Algorithms);
}
