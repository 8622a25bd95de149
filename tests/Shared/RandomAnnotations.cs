using StickyPi.Core.Annotations;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

/// <summary>Annotations as nobody would write them by hand: what goes out of such must come back.</summary>
public static class RandomAnnotations
{
    public const string AlgoName = "it's a \"detector\" \\ <&> 蝶 🦋 #1";
    public const string AlgoVersion = "1598113346-ad2cd78dfaca12821046dfb8994724d5";

    public static readonly string[] Names =
    [
        "insect", "Apis mellifera", " spaces  around ", "it's", "\"quoted\"", "<b>&amp;</b>", "a;b:c", "]]>", "蝶", "🦋𠀋", "\\x41\\",
        "{'a': 1}", "%41", "İI", new string('x', 500),
    ];

    /// <summary>Names that no store takes any more, and that drawings and catalogs of other programs may have.</summary>
    public static readonly string[] OddNames = [.. Names, "two\nlines\r\nand\ttabs"];

    /// <summary>Draws objects: any names, values and colours, and contours that repeat points and cross themselves, on a picture of 64×48 pixels.</summary>
    public static AnnotatedObject[] Draw(Random random, IReadOnlyList<string> names) =>
    [
        .. Enumerable.Range(0, random.Next(6)).Select(_ => new AnnotatedObject
        {
            Contour = DrawContour(random),
            Name = names[random.Next(names.Count)],
            Value = random.Next(4) switch { 0 => null, 1 => 0, 2 => int.MinValue, _ => random.Next() },
            StrokeColour = $"#{random.Next(0x1000000):x6}",
            FillColour = $"#{random.Next(0x1000000):x6}",
        }),
    ];

    /// <summary>Makes an element of objects.</summary>
    public static AnnotationElement Element(
        ImageReference image, string md5, IReadOnlyList<AnnotatedObject> objects, string algoName = AlgoName, string algoVersion = AlgoVersion) =>
        AnnotationJson.Create(image, md5, algoName, algoVersion, objects, "test");

    /// <summary>Compares everything that goes through files.</summary>
    public static void AssertSame(Annotation expected, Annotation actual)
    {
        Assert.Equal(expected.GetReference(), actual.GetReference());
        Assert.Equal((expected.Md5, expected.ObjectCount), (actual.Md5, actual.ObjectCount));
        Assert.Equal(expected.Objects.Select(Fields), actual.Objects.Select(Fields));
        foreach ((AnnotatedObject left, AnnotatedObject right) in expected.Objects.Zip(actual.Objects))
        {
            Assert.Equal(left.Contour, right.Contour);
        }
    }

    private static (string Name, int? Value, string Stroke, string Fill) Fields(AnnotatedObject item) =>
        (item.Name, item.Value, item.StrokeColour, item.FillColour);

    private static ContourPoint[] DrawContour(Random random)
    {
        (int width, int height) = random.Next(2) == 0 ? (3, 3) : (64, 48);
        List<ContourPoint> contour = [new(0, 0), new(random.Next(1, width), 0), .. Enumerable.Range(0, random.Next(1, 30)).Select(_ => Point())];
        if (random.Next(2) == 0)
        {
            contour.Insert(random.Next(contour.Count), contour[random.Next(contour.Count)]);
        }

        if (random.Next(2) == 0)
        {
            contour.Add(contour[0]);
        }

        return [.. contour];

        ContourPoint Point() => new(random.Next(width + 1), random.Next(1, height + 1));
    }
}
