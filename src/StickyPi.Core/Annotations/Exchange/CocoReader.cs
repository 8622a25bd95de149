using System.Globalization;
using System.Text.Json;
using StickyPi.Core.Images;

namespace StickyPi.Core.Annotations.Exchange;

/// <summary>A picture of a COCO file.</summary>
/// <param name="Name">What to call it in messages.</param>
/// <param name="Id">Its id.</param>
/// <param name="Reference">Which picture it is.</param>
/// <param name="Md5">Its MD5, or null.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Algorithms">Who looked at it, as far as the file says.</param>
internal sealed record CocoPicture(
    string Name, string Id, ImageReference Reference, string? Md5, int Width, int Height, IReadOnlyList<ImportAlgorithm> Algorithms);

/// <summary>What the coordinates of a picture mean.</summary>
/// <param name="Width">The width of the picture in pixels.</param>
/// <param name="Height">Its height.</param>
/// <param name="ScaleX">By what an x of the file becomes pixels.</param>
/// <param name="ScaleY">By what a y of the file becomes pixels.</param>
internal readonly record struct CocoFrame(int Width, int Height, double ScaleX, double ScaleY);

/// <summary>
/// Reads a COCO file in two steps, because its parts come in any order: first the pictures, the categories and where each annotation is;
/// then the annotations of one picture after the other. Only the bytes of the file are held, and no tree of them.
/// </summary>
internal sealed class CocoReader(ExchangeFile file, AnnotationImportOptions options)
{
    private const int Md5Length = 32;

    private readonly List<CocoPicture> _pictures = [];
    private readonly Dictionary<string, string> _categories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<AnnotationPlace>> _annotations = new(StringComparer.Ordinal);

    /// <summary>The pictures, in the order of the file.</summary>
    public IReadOnlyList<CocoPicture> Pictures => _pictures;

    /// <summary>What was found wrong and is not yet reported.</summary>
    public Queue<StickyException> Errors { get; } = new();

    private ReadOnlySpan<byte> Bytes => file.Bytes.Span;

    /// <summary>Reads everything but the annotations.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="InvalidDataException">It is no COCO file; the message is the end of a sentence.</exception>
    public void ReadIndex()
    {
        int start = Bytes.StartsWith("\uFEFF"u8) ? 3 : 0;
        Utf8JsonReader reader = new(Bytes[start..]);
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "it is no object");
        bool hasImages = false;
        bool hasAnnotations = false;
        HashSet<string> images = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("images"u8))
            {
                hasImages = true;
                ReadArray(ref reader, "images", (ref Utf8JsonReader entry, int index) => ReadImage(ref entry, index, images));
            }
            else if (reader.ValueTextEquals("categories"u8))
            {
                ReadArray(ref reader, "categories", ReadCategory);
            }
            else if (reader.ValueTextEquals("annotations"u8))
            {
                hasAnnotations = true;
                ReadArray(ref reader, "annotations", (ref Utf8JsonReader entry, int index) => ReadPlace(ref entry, index, start));
            }
            else
            {
                reader.Skip();
            }
        }

        // To the end, so that text after the object does not pass.
        while (reader.Read())
        {
        }

        Require(hasImages, "it has no 'images'");
        Require(hasAnnotations, "it has no 'annotations'");
        foreach ((string id, List<AnnotationPlace> places) in _annotations.Where(pair => !images.Contains(pair.Key)))
        {
            foreach (AnnotationPlace place in places)
            {
                AddError(
                    FormattableString.Invariant($"Annotation {place.Index + 1}"),
                    Bytes[place.Range],
                    id.Length == 0 ? "its image_id is missing, or neither a number nor a text" : $"there is no image with its image_id {id}");
            }
        }
    }

    /// <summary>Reads the annotations of a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="md5">Its MD5.</param>
    /// <param name="frame">What its coordinates mean.</param>
    /// <returns>One annotation for each algorithm; what is wrong is added to <see cref="Errors"/>.</returns>
    public IEnumerable<AnnotationElement> ReadAnnotations(CocoPicture picture, string md5, CocoFrame frame)
    {
        OrderedDictionary<ImportAlgorithm, List<AnnotatedObject>> found = [];
        foreach (ImportAlgorithm algorithm in picture.Algorithms)
        {
            _ = found.TryAdd(options.GetAlgorithm(file, algorithm), []);
        }

        IReadOnlyList<AnnotationPlace> places = _annotations.GetValueOrDefault(picture.Id) ?? [];
        int errors = Errors.Count;
        foreach (AnnotationPlace place in places)
        {
            ReadAnnotation(place, frame, found);
        }

        // Nobody is said to have found nothing only because what they found can't be read.
        bool isWhole = Errors.Count == errors;
        if (found.Count == 0 && isWhole)
        {
            found.Add(options.GetAlgorithm(file, written: null), []);
        }

        return found
            .Where(pair => pair.Value.Count > 0 || isWhole)
            .Select(pair => AnnotationJson.Create(
                picture.Reference, md5, pair.Key.Name, pair.Key.Version, pair.Value, $"{picture.Name.ToLowerInvariant()} of '{file.Path}'"));
    }

    private delegate void EntryReader(ref Utf8JsonReader reader, int index);

    private static void ReadArray(ref Utf8JsonReader reader, string name, EntryReader read)
    {
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartArray, $"its '{name}' is no array");
        for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            read(ref reader, index);
        }
    }

    private void ReadImage(ref Utf8JsonReader reader, int index, HashSet<string> ids)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement image = document.RootElement;
        string name = FormattableString.Invariant($"Image {index + 1}");
        Try(name, image, () =>
        {
            string id = ReadId(image, "id");
            Require(ids.Add(id), "another image has its id");
            string fileName = ReadText(image, "file_name") ?? throw new InvalidDataException("it has no file_name");
            ImageReference reference;
            try
            {
                reference = ImageReference.Parse(fileName[(fileName.AsSpan().LastIndexOfAny('/', '\\') + 1)..]);
            }
            catch (StickyException e)
            {
                throw new InvalidDataException($"its file_name {OneLine.Quote(e)}", e);
            }

            string? md5 = ReadText(image, "md5");
            Require(md5 is null || (md5.Length == Md5Length && md5.All(char.IsAsciiHexDigit)), $"its md5 '{md5}' is not {Md5Length} hexadecimal digits");
            _pictures.Add(new CocoPicture(
                Describe(name, image), id, reference, md5, ReadSize(image, "width"), ReadSize(image, "height"), [.. ReadAlgorithms(image)]));
        });
    }

    private void ReadCategory(ref Utf8JsonReader reader, int index)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement category = document.RootElement;
        Try(FormattableString.Invariant($"Category {index + 1}"), category, () =>
        {
            string? name = ReadText(category, "name") is string written ? options.GetName(written) : null;
            Require(name is not null, "it has no name");
            Require(_categories.TryAdd(ReadId(category, "id"), name!), "another category has its id");
        });
    }

    // An annotation is read when its picture's turn comes: here it counts only where it is, and whose.
    private void ReadPlace(ref Utf8JsonReader reader, int index, int start)
    {
        int first = start + (int)reader.TokenStartIndex;
        string imageId = "";
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isImageId = reader.ValueTextEquals("image_id"u8);
                _ = reader.Read();
                if (isImageId)
                {
                    imageId = reader.TokenType switch
                    {
                        JsonTokenType.Number => NormalizeId(System.Text.Encoding.UTF8.GetString(reader.ValueSpan)),
                        JsonTokenType.String => reader.GetString()!,
                        _ => "",
                    };
                }

                reader.Skip();
            }
        }
        else
        {
            reader.Skip();
        }

        if (!_annotations.TryGetValue(imageId, out List<AnnotationPlace>? places))
        {
            _annotations.Add(imageId, places = []);
        }

        places.Add(new AnnotationPlace(index, first..(start + (int)reader.BytesConsumed)));
    }

    private void ReadAnnotation(AnnotationPlace place, CocoFrame frame, OrderedDictionary<ImportAlgorithm, List<AnnotatedObject>> found)
    {
        using JsonDocument document = JsonDocument.Parse(file.Bytes[place.Range]);
        JsonElement annotation = document.RootElement;
        string label = FormattableString.Invariant($"Annotation {place.Index + 1}");
        Try(label, annotation, () =>
        {
            string categoryId = ReadId(annotation, "category_id");
            Require(_categories.TryGetValue(categoryId, out string? name), $"there is no category with its category_id {categoryId}");
            Require(!IsCrowd(annotation), "it is a crowd in run-length encoding (iscrowd is 1, or its segmentation is an object), which has no outline");
            AnnotatedObject prototype = new()
            {
                Contour = [],
                Name = name!,
                Value = ReadValue(annotation),
                StrokeColour = ReadColour(annotation, "stroke_colour") ?? AnnotatedObject.DefaultStrokeColour,
                FillColour = ReadColour(annotation, "fill_colour") ?? AnnotatedObject.DefaultFillColour,
            };
            IReadOnlyList<ContourPoint>[] contours = [.. ReadContours(annotation, frame)];
            for (int i = 0; i < contours.Length; i++)
            {
                (IReadOnlyList<ContourPoint> fitting, string? refusal) = ContourRules.Fit(contours[i], frame.Width, frame.Height);
                Require(refusal is null, contours.Length == 1 ? $"its outline {refusal}" : FormattableString.Invariant($"its outline {i + 1} {refusal}"));
                if (fitting != contours[i])
                {
                    contours[i] = fitting;
                    options.Warn?.Invoke(FormattableString.Invariant(
                        $"{Describe(label, annotation)} of '{file.Path}' reaches beyond the picture, which is {frame.Width}×{frame.Height} pixels large, and was clipped."));
                }
            }

            ImportAlgorithm algorithm = options.GetAlgorithm(file, ReadAlgorithm(annotation));
            _ = found.TryAdd(algorithm, []);
            found[algorithm].AddRange(contours.Select(contour => prototype with { Contour = contour }));
        });
    }

    private static IEnumerable<ContourPoint[]> ReadContours(JsonElement annotation, CocoFrame frame)
    {
        if (annotation.TryGetProperty("segmentation", out JsonElement segmentation) && segmentation.ValueKind != JsonValueKind.Null)
        {
            Require(segmentation.ValueKind == JsonValueKind.Array, "its segmentation is no array of polygons");
            if (segmentation.GetArrayLength() > 0)
            {
                // The outline of a single pixel has no numbers but 0 and 1, as that of a whole picture in fractions has. Our own files have pixels.
                bool isOwn = annotation.TryGetProperty("algo_name", out _);
                return segmentation.EnumerateArray().Select(polygon => ReadPolygon(polygon, isOwn, frame));
            }
        }

        Require(annotation.TryGetProperty("bbox", out JsonElement bbox), "it has neither a segmentation nor a bbox");
        double[] box = ReadNumbers(bbox, "bbox");
        Require(box.Length == 4, $"its bbox has {box.Length} numbers instead of 4");
        Require(!box.All(IsFraction), NotPixels("bbox"));
        Require(box[2] >= 0 && box[3] >= 0, "its bbox has a width or height below 0; it holds x, y, width and height");
        (double left, double top, double right, double bottom) = (box[0], box[1], box[0] + box[2], box[1] + box[3]);
        return [ToContour([left, top, right, top, right, bottom, left, bottom], "bbox", frame)];
    }

    private static ContourPoint[] ReadPolygon(JsonElement polygon, bool isOwn, CocoFrame frame)
    {
        double[] numbers = ReadNumbers(polygon, "segmentation");
        Require(
            numbers.Length >= 6 && numbers.Length % 2 == 0,
            $"a polygon of its segmentation has {numbers.Length} numbers, and an outline takes an x and a y for each of at least 3 corners");
        Require(!numbers.All(IsFraction) || (isOwn && numbers.All(double.IsInteger)), NotPixels("segmentation"));
        return ToContour(numbers, "segmentation", frame);
    }

    private static bool IsFraction(double number) => number is >= 0 and <= 1;

    private static string NotPixels(string name) =>
        $"its {name} has fractions of the picture, from 0 to 1, where COCO has pixels; multiply them by its width and height";

    private static int ReadSize(JsonElement image, string name)
    {
        // Without it, nobody could tell whether the outlines count in pixels of the picture or of one that was made smaller.
        Require(image.TryGetProperty(name, out JsonElement size) && size.ValueKind != JsonValueKind.Null, $"it has no {name}");
        return size.ValueKind == JsonValueKind.Number && size.TryGetDouble(out double pixels) && double.IsInteger(pixels) && pixels is >= 1 and <= int.MaxValue
            ? (int)pixels
            : throw new InvalidDataException($"its {name} {OneLine.Value(size.GetRawText())} is no number of pixels");
    }

    private static double[] ReadNumbers(JsonElement array, string name)
    {
        Require(array.ValueKind == JsonValueKind.Array, $"its {name} is no array of numbers");
        return [.. array.EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double number)
                ? number
                : throw new InvalidDataException($"its {name} has {OneLine.Value(item.GetRawText())} where a number should be"))];
    }

    private static ContourPoint[] ToContour(double[] unscaled, string name, CocoFrame frame)
    {
        double[] numbers = [.. unscaled.Select((number, i) => number * (i % 2 == 0 ? frame.ScaleX : frame.ScaleY))];
        Require(numbers.All(number => Math.Abs(number) <= int.MaxValue), $"its {name} has numbers that are much too far from the picture");
        return [.. numbers.Chunk(2).Select(point => new ContourPoint((int)Math.Round(point[0]), (int)Math.Round(point[1])))];
    }

    private static bool IsCrowd(JsonElement annotation) =>
        (annotation.TryGetProperty("iscrowd", out JsonElement isCrowd) && isCrowd.ValueKind is not JsonValueKind.Null and not JsonValueKind.False
            && !(isCrowd.ValueKind == JsonValueKind.Number && isCrowd.GetDouble() == 0))
        || (annotation.TryGetProperty("segmentation", out JsonElement segmentation) && segmentation.ValueKind == JsonValueKind.Object);

    private static int? ReadValue(JsonElement annotation)
    {
        if (!annotation.TryGetProperty("value", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : throw new InvalidDataException($"its value {OneLine.Value(value.GetRawText())} is no whole number");
    }

    private static string? ReadColour(JsonElement annotation, string name)
    {
        string? text = ReadText(annotation, name);
        return text is null
            ? null
            : SvgColour.Normalize(text) ?? throw new InvalidDataException($"its {name} '{OneLine.Value(text)}' is no colour");
    }

    private static ImportAlgorithm? ReadAlgorithm(JsonElement entry)
    {
        (string? name, string? version) = (ReadText(entry, "algo_name"), ReadText(entry, "algo_version"));
        Require(
            (name is null) == (version is null),
            $"its algo_name '{name}' and algo_version '{version}' are not a name of up to {Annotation.AlgoNameLength} characters and timestamp-md5");

        // Rows of other programs have versions of any form. As with drawings, the options or the file's own count then.
        return ImportAlgorithm.Create(name, version);
    }

    private static IEnumerable<ImportAlgorithm> ReadAlgorithms(JsonElement image)
    {
        if (!image.TryGetProperty("algorithms", out JsonElement algorithms) || algorithms.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        Require(algorithms.ValueKind == JsonValueKind.Array, "its algorithms are no array");
        return algorithms.EnumerateArray().Select(ReadAlgorithm).OfType<ImportAlgorithm>();
    }

    // COCO's ids are numbers; some programs write texts.
    private static string ReadId(JsonElement entry, string name)
    {
        Require(entry.ValueKind == JsonValueKind.Object, "it is no object");
        Require(entry.TryGetProperty(name, out JsonElement id), $"it has no {name}");
        Require(id.ValueKind is JsonValueKind.Number or JsonValueKind.String, $"its {name} is neither a number nor a text");
        return id.ValueKind == JsonValueKind.Number ? NormalizeId(id.GetRawText()) : id.GetString()!;
    }

    // Tables of numbers write 1.0 for 1.
    private static string NormalizeId(string number) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsInteger(value) && Math.Abs(value) < 1L << 53
            ? value.ToString("0", CultureInfo.InvariantCulture)
            : number;

    private static string? ReadText(JsonElement entry, string name)
    {
        Require(entry.ValueKind == JsonValueKind.Object, "it is no object");
        if (!entry.TryGetProperty(name, out JsonElement text) || text.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return text.ValueKind == JsonValueKind.String ? text.GetString() : throw new InvalidDataException($"its {name} is no text");
    }

    private void Try(string name, JsonElement entry, Action read)
    {
        try
        {
            if (entry.ValueKind == JsonValueKind.Object)
            {
                HashSet<string> names = [];
                foreach (JsonProperty field in entry.EnumerateObject())
                {
                    Require(names.Add(field.Name), $"its '{OneLine.Value(field.Name)}' comes twice");
                }
            }

            read();
        }
        catch (InvalidDataException e)
        {
            AddError(Describe(name, entry), OneLine.Quote(e), e);
        }
        catch (InvalidOperationException e)
        {
            // What a text with half a surrogate pair gives.
            AddError(Describe(name, entry), "one of its texts holds characters that do not exist", e);
        }
    }

    private void AddError(string name, ReadOnlySpan<byte> json, string reason)
    {
        using JsonDocument document = JsonDocument.Parse(json.ToArray());
        AddError(Describe(name, document.RootElement), reason, null);
    }

    private void AddError(string name, string reason, Exception? cause) =>
        Errors.Enqueue(AnnotationCoco.Invalid(file.Path, $"{name} of '{file.Path}' cannot be used: {reason}.", cause));

    private static string Describe(string name, JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("id", out JsonElement id)
            ? string.Create(CultureInfo.InvariantCulture, $"{name} (id {OneLine.Value(id.GetRawText())})")
            : name;

    private static void Require(bool condition, string reason)
    {
        if (!condition)
        {
            throw new InvalidDataException(reason);
        }
    }

    /// <summary>Where an annotation is in the file.</summary>
    private readonly record struct AnnotationPlace(int Index, Range Range);
}
