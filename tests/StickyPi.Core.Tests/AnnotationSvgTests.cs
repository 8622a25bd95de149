using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Annotations.Exchange;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

public sealed partial class AnnotationSvgTests : IDisposable
{
    private const string FileName = "5c173ff2.2021-06-01_00-00-00.svg";
    private const string Triangle = """<path d="M8,6 16,6 16,12 Z"/>""";

    private static readonly ImageReference Image = new("5c173ff2", Pictures.Start);

    private readonly TestFolder _folder = new();
    private readonly byte[] _jpeg;
    private readonly string _image;

    public AnnotationSvgTests()
    {
        _jpeg = File.ReadAllBytes(Pictures.Write(_folder["card"], "5c173ff2", Pictures.Start));
        _image = $"""<image width="64" height="48" x="0" y="0" {Href}/>""";
    }

    private string Href => $"xlink:href=\"data:image/jpeg;base64,{Convert.ToBase64String(_jpeg)}\"";

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, int> Samples => new()
    {
        { "0a5bb6f4.2020-06-30_20-41-05.svg", 87 },
        { "0a5bb6f4.2020-07-02_18-59-29.svg", 23 },
    };

    [SkippableTheory]
    [MemberData(nameof(Samples))]
    public async Task Drawings_of_the_lab_have_the_objects_names_and_areas_that_another_computation_finds(string name, int count)
    {
        SampleData.SkipIfAbsent();
        string path = Path.Combine(SampleData.RawImages!, "..", "ml_bundle", "data", name);
        string svg = await File.ReadAllTextAsync(path);
        string[] paths = [.. PathElement().Matches(svg).Select(match => match.Value)];

        SvgAnnotation drawing = await AnnotationSvg.ReadAsync(path, new AnnotationImportOptions());

        Assert.All(drawing.Warnings, warning => Assert.Contains("a path reaches beyond the picture", warning, StringComparison.Ordinal));
        JpegHeader size = JpegHeader.Read(Convert.FromBase64String(Base64().Match(svg).Groups[1].Value));
        int clipped = 0;
        Assert.Equal(count, paths.Length);
        Assert.Equal(count, paths.Sum(element => Data(element).Count(c => c is 'M' or 'm')));
        Assert.Equal(count, drawing.Annotation.ObjectCount);
        Assert.Equal(
            paths.Select(element => element.Contains("name=\"insect\"", StringComparison.Ordinal) ? "insect" : "annotation"),
            drawing.Annotation.Objects.Select(item => item.Name));
        Assert.All(drawing.Annotation.Objects, item => Assert.Equal(0, item.Value));
        Assert.Equal(
            paths.Select(element => FillColour().Match(element).Groups[1].Value), drawing.Annotation.Objects.Select(item => item.FillColour));

        // Whole pixels move the area of a small object by more than that, up to 5% of one of 284 pixels, so those are compared before rounding.
        double total = 0;
        foreach ((string element, AnnotatedObject item) in paths.Zip(drawing.Annotation.Objects))
        {
            double area = Measure(Data(element));
            SvgPoint[] exact = [.. Assert.Single(SvgPath.Parse(Data(element), out _)).Points];
            Assert.InRange(Area([.. exact.Select(point => (point.X, point.Y))]), 0.99 * area, 1.01 * area);
            if (exact.Any(point => point.X < -0.5 || point.Y < -0.5 || point.X > size.Width + 0.5 || point.Y > size.Height + 0.5))
            {
                // The insect sits at the edge, and only a part of it is on the picture: as exactly as in thousandths of a pixel.
                clipped++;
                ContourPoint[] thousandths = [.. exact.Select(point => new ContourPoint((int)(1000 * point.X), (int)(1000 * point.Y)))];
                AnnotatedObject part = new() { Contour = ContourRules.Fit(thousandths, 1000 * size.Width, 1000 * size.Height).Contour };
                Assert.All(item.Contour, point => Assert.True(point.X >= 0 && point.Y >= 0 && point.X <= size.Width && point.Y <= size.Height));
                area = part.Area / 1_000_000;
            }

            total += area;
            Assert.InRange(item.Area, (area > 2000 ? 0.99 : 0.94) * area, (area > 2000 ? 1.01 : 1.06) * area);
        }

        Assert.Equal(drawing.Warnings.Count, clipped);
        Assert.InRange(drawing.Annotation.Objects.Sum(item => item.Area), 0.999 * total, 1.001 * total);
        Assert.Equal(("manual", true), (drawing.Annotation.AlgoName, AlgorithmVersion.IsValid(drawing.Annotation.AlgoVersion)));
        Assert.Equal(name, Path.ChangeExtension(drawing.Annotation.FileName, ".svg"));

        string Data(string element) => PathData().Match(element).Groups[1].Value;
    }

    [SkippableTheory]
    [MemberData(nameof(Samples))]
    public async Task A_drawing_of_the_lab_that_is_written_again_has_the_same_contours(string name, int count)
    {
        SampleData.SkipIfAbsent();
        SvgAnnotation original = await AnnotationSvg.ReadAsync(
            Path.Combine(SampleData.RawImages!, "..", "ml_bundle", "data", name), new AnnotationImportOptions());
        string svg = await File.ReadAllTextAsync(Path.Combine(SampleData.RawImages!, "..", "ml_bundle", "data", name));
        byte[] jpeg = Convert.FromBase64String(Base64().Match(svg).Groups[1].Value);
        using (FileStream output = File.Create(_folder[name]))
        {
            AnnotationSvg.Write(output, original.Annotation, jpeg, make: null);
        }

        SvgAnnotation again = await AnnotationSvg.ReadAsync(_folder[name], new AnnotationImportOptions());

        Assert.Equal(count, again.Annotation.ObjectCount);
        Assert.Empty(again.Warnings);
        RandomAnnotations.AssertSame(original.Annotation, again.Annotation);
    }

    [Fact]
    public async Task What_is_exported_comes_back_the_same_whatever_it_is()
    {
        Random random = new(1);
        for (int i = 0; i < 300; i++)
        {
            AnnotationElement annotation = RandomAnnotations.Element(Image, Md5, RandomAnnotations.Draw(random, RandomAnnotations.OddNames));
            using (FileStream output = File.Create(_folder[FileName]))
            {
                AnnotationSvg.Write(output, annotation, _jpeg, Pictures.Literal(20));
            }

            SvgAnnotation drawing = await AnnotationSvg.ReadAsync(_folder[FileName], new AnnotationImportOptions());

            Assert.Empty(drawing.Warnings);
            RandomAnnotations.AssertSame(annotation, drawing.Annotation);
        }
    }

    [Fact]
    public async Task Characters_that_xml_cannot_hold_are_replaced()
    {
        AnnotatedObject item = new() { Contour = [new(1, 2), new(3, 4), new(5, 0)], Name = "a\0b\u0001c\uFFFEd\uD83E" };
        using (FileStream output = File.Create(_folder[FileName]))
        {
            AnnotationSvg.Write(output, RandomAnnotations.Element(Image, Md5, [item], "an\u0001 algorithm"), _jpeg, make: null);
        }

        AnnotationElement annotation = (await AnnotationSvg.ReadAsync(_folder[FileName], new AnnotationImportOptions())).Annotation;

        Assert.Equal("a\uFFFDb\uFFFDc\uFFFDd\uFFFD", Assert.Single(annotation.Objects).Name);
        Assert.Equal("an\u0001 algorithm", annotation.AlgoName);
    }

    [Fact]
    public void A_style_is_one_that_the_python_programs_can_split_even_if_a_colour_is_none()
    {
        AnnotatedObject item = new() { Contour = [new(1, 2), new(3, 4), new(5, 0)], StrokeColour = "red; x", FillColour = "#ABCDEF" };
        using MemoryStream output = new();
        AnnotationSvg.Write(output, RandomAnnotations.Element(Image, Md5, [item]), _jpeg, make: null);
        string svg = Encoding.UTF8.GetString(output.ToArray());

        Assert.Contains("style=\"stroke:#0000ff;stroke-opacity:1;fill:#abcdef;fill-opacity:0.2\" d=\"M1,2 3,4 5,0 Z\"", svg, StringComparison.Ordinal);
        Assert.Contains("<svg xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"64\" height=\"48\"", svg, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Base64().Match(svg).Value);
        Assert.Equal(_jpeg, Convert.FromBase64String(Base64().Match(svg).Groups[1].Value));
    }

    [Theory]
    [InlineData("width='64' height='48'", "M8,6 16,6 16,12 Z")]
    [InlineData("width='64px' height='48px'", "M8,6 16,6 16,12 Z")]
    [InlineData("", "M8,6 16,6 16,12 Z")]
    [InlineData("width='128'", "M16,12 32,12 32,24 Z")]
    [InlineData("height='24'", "M4,3 8,3 8,6 Z")]
    [InlineData("w='128' h='96' width='64' height='48'", "M16,12 32,12 32,24 Z")]
    [InlineData("x='100' y='-50' width='128' height='96'", "M116,-38 132,-38 132,-26 Z")]
    [InlineData("width='64' height='96' preserveAspectRatio='none'", "M8,12 16,12 16,24 Z")]
    [InlineData("width='128' height='48' preserveAspectRatio='none'", "M16,6 32,6 32,12 Z")]
    [InlineData("width='64' height='96'", "M8,30 16,30 16,36 Z")]
    [InlineData("width='128' height='48'", "M40,6 48,6 48,12 Z")]
    [InlineData("width='64' height='96' preserveAspectRatio='xMidYMin'", "M8,6 16,6 16,12 Z")]
    [InlineData("width='64' height='96' preserveAspectRatio='defer xMidYMax meet'", "M8,54 16,54 16,60 Z")]
    [InlineData("width='128' height='48' preserveAspectRatio='xMaxYMid slice'", "M16,-12 32,-12 32,0 Z")]
    [InlineData("width='64' height='48' transform='translate(3 4) scale(2)'", "M19,16 35,16 35,28 Z")]
    [InlineData("width='64' height='48' transform='rotate(90)'", "M-6,8 -6,16 -12,16 Z")]
    public async Task Contours_are_in_pixels_of_the_picture_however_it_is_placed(string placement, string data)
    {
        AnnotatedObject item = Assert.Single((await ReadAsync($"<image {placement} {Href}/><path d='{data}'/>")).Annotation.Objects);

        Assert.Equal([new(8, 6), new(16, 6), new(16, 12)], item.Contour);
    }

    [Theory]
    [InlineData("<g transform='translate(10,20)'>IMAGE<path d='M8,6 16,6 16,12 Z'/></g>")]
    [InlineData("IMAGE<g transform='translate(-1,-2)'><g transform='scale(2)'><path transform='translate(.5,1)' d='M4,3 8,3 8,6 Z'/></g></g>")]
    [InlineData("<g transform='scale(2)'>IMAGE</g><path d='M16,12 32,12 32,24 Z'/>")]
    [InlineData("<svg viewBox='0 0 1 1'>IMAGE<path d='M8,6 16,6 16,12 Z'/></svg>")]
    [InlineData("<path d='M8,6 16,6 16,12 Z'/><a><switch>IMAGE</switch></a>")]
    public async Task Groups_move_and_scale_what_is_in_them(string body)
    {
        SvgAnnotation drawing = await ReadAsync(body.Replace("IMAGE", _image, StringComparison.Ordinal));

        Assert.Empty(drawing.Warnings);
        Assert.Equal([new(8, 6), new(16, 6), new(16, 12)], Assert.Single(drawing.Annotation.Objects).Contour);
    }

    [Theory]
    [InlineData("IMAGE<path transform='scale(2)' transform-origin='8 6' d='M8,6 12,6 12,9 Z'/>")]
    [InlineData("IMAGE<path transform='scale(2)' style='transform-origin: 8px 6px 0' d='M8,6 12,6 12,9 Z'/>")]
    [InlineData("IMAGE<path transform='translate(-3,-5)' transform-origin='8 6' d='M11,11 19,11 19,17 Z'/>")]
    [InlineData("IMAGE<path style='transform: translate(10px, 20px)' transform='scale(9)' d='M-2,-14 6,-14 6,-8 Z'/>")]
    [InlineData("IMAGE<path style='transform:none' transform='scale(9)' d='M8,6 16,6 16,12 Z'/>")]
    [InlineData("IMAGE<g style='transform:scaleX(2) translateY(-4px) !important'><path d='M4,10 8,10 8,16 Z'/></g>")]
    [InlineData("IMAGE<path style='transform:rotate(0.25turn)' d='M6,-8 6,-16 12,-16 Z'/>")]
    [InlineData("IMAGE<path transform='rotate(100grad)' d='M6,-8 6,-16 12,-16 Z'/>")]
    [InlineData("IMAGE<path transform='rotate(90deg)' style='transform-box:view-box;/* transform:scale(2); */' d='M6,-8 6,-16 12,-16 Z'/>")]
    [InlineData("IMAGE<path transform-origin='50% 50%' style='translate:none;zoom:normal' d='M8,6 16,6 16,12 Z'/>")]
    [InlineData("<image style='x:2px;y:3px;width:128px;height:96px' width='64' height='48' HREF/><path d='M18,15 34,15 34,27 Z'/>")]
    [InlineData("<style>.a{fill:red} path:hover{stroke : blue}</style>IMAGE<text style='zoom:2'>x</text><path class='a' d='M8,6 16,6 16,12 Z'/>")]
    [InlineData("<defs><g transform='scale(1em)'><path style='zoom:2'/><use/></g><style>.a{fill:red}</style></defs>IMAGE<path d='M8,6 16,6 16,12 Z'/>")]
    public async Task What_css_says_of_a_shape_moves_it(string body)
    {
        SvgAnnotation drawing = await ReadAsync(
            body.Replace("IMAGE", _image, StringComparison.Ordinal).Replace("HREF", Href, StringComparison.Ordinal));

        Assert.Empty(drawing.Warnings);
        Assert.Equal([new(8, 6), new(16, 6), new(16, 12)], Assert.Single(drawing.Annotation.Objects).Contour);
    }

    [Theory]
    [InlineData("<path transform='scale(2)' transform-origin='center' d='M0,0'/>", "it moves shapes with 'transform-origin: center', which is not read (line 2)")]
    [InlineData("<path transform='scale(2)' transform-origin='8' d='M0,0'/>", "'transform-origin: 8'")]
    [InlineData("<path transform='scale(2)' style='transform-origin:50% 10px' d='M0,0'/>", "'transform-origin: 50% 10px'")]
    [InlineData("<path transform='scale(2)' style='transform-box:fill-box' d='M0,0'/>", "'transform-box: fill-box'")]
    [InlineData("<path style='transform:translate(1em,2px)' d='M0,0'/>", "'transform: translate(1em,2px)'")]
    [InlineData("<path style='transform:spin(1)' d='M0,0'/>", "'transform: spin(1)'")]
    [InlineData("<path transform='translate(10%, 0)' d='M0,0'/>", "'transform: translate(10%, 0)'")]
    [InlineData("<g transform='rotateX(45deg)'/>", "'transform: rotateX(45deg)'")]
    [InlineData("<g style='translate:10px 20px'/>", "'translate: 10px 20px'")]
    [InlineData("<g style='fill:red;Rotate:90deg'/>", "'rotate: 90deg'")]
    [InlineData("<g style='zoom:2'/>", "'zoom: 2'")]
    [InlineData("<path style='offset-path:path(\"M0 0\")' d='M0,0'/>", "'offset-path: path(")]
    [InlineData("<path style='d:path(\"M0,0 9,0 9,9\")'/>", "'d: path(")]
    [InlineData("<style>.a{fill:red}\n.b { transform : scale(2) }</style>", "its style sheet moves shapes with 'transform', which is not read (line 2)")]
    [InlineData("<style>@import url(x.css);</style>", "its style sheet moves shapes with '@import'")]
    [InlineData("<defs/><style><![CDATA[image{width:128px}]]></style>", "its style sheet moves shapes with 'width'")]
    [InlineData("<path d='M0,0'><animateTransform attributeName='transform'/></path>", "it has an animation, <animateTransform>")]
    [InlineData("<defs><style>.a{transform:scale(2)}</style></defs>", "its style sheet moves shapes with 'transform'")]
    [InlineData("<symbol><g><style>.a{zoom:2}</style></g></symbol>", "its style sheet moves shapes with 'zoom'")]
    [InlineData("<defs><g><animateMotion xlink:href='#a'/></g></defs>", "it has an animation, <animateMotion>")]
    public async Task What_moves_a_shape_and_is_not_read_is_refused_by_its_name(string body, string reason)
    {
        StickyException error = await Assert.ThrowsAsync<StickyException>(() => ReadAsync(_image + body));

        Assert.Equal("InvalidSvg", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_reaches_beyond_the_picture_is_clipped_and_what_is_not_on_it_is_left_out_with_a_warning_each()
    {
        SvgAnnotation drawing = await ReadAsync(
            $"{_image}\n<path d='M-10,-10 10,-10 10,10 -10,10 Z'/>\n<path d='M100,100 110,100 110,110 Z'/>\n<path d='M1,1 5,5 9,9 Z'/>\n<path d='M0,0 64,0 64,48 0,48 Z'/>");

        Assert.Equal(
            [[new(0, 0), new(10, 0), new(10, 10), new(0, 10)], [new(0, 0), new(64, 0), new(64, 48), new(0, 48)]],
            drawing.Annotation.Objects.Select(item => item.Contour.OrderBy(point => (point.Y, point.Y == 0 ? point.X : -point.X)).ToArray()));
        Assert.Equal(
            [
                "line 3: a path reaches beyond the picture, which is 64×48 pixels large, and was clipped.",
                "line 4: a path, or a part of one, is left out: it lies wholly outside of the picture, which is 64×48 pixels large.",
                "line 5: a path, or a part of one, is left out: it has no area: all its points lie on one line.",
            ],
            drawing.Warnings.Select(warning => warning[(warning.IndexOf("line", StringComparison.Ordinal))..]));
    }

    [Fact]
    public async Task A_style_sheet_in_another_file_is_refused_and_what_hides_a_part_of_a_path_is_a_warning()
    {
        SvgAnnotation drawing = await ReadAsync($"{_image}<g clip-path='url(#a)'>{Triangle}</g>");
        Assert.Contains("the clip-path of a path does not count", Assert.Single(drawing.Warnings), StringComparison.Ordinal);

        string svg = await File.ReadAllTextAsync(_folder[FileName]);
        await File.WriteAllTextAsync(_folder[FileName], svg.Replace("?>", "?><?xml-stylesheet href='x.css'?>", StringComparison.Ordinal));
        StickyException error = await Assert.ThrowsAsync<StickyException>(() => AnnotationSvg.ReadAsync(_folder[FileName], new AnnotationImportOptions()));
        Assert.Contains("xml-stylesheet", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("M.5,1.5 2.5,3.5 -0.5,7", "0,2 2,4 0,7")]
    [InlineData("M10,10 C10,20 30,20 30,10 30,0 10,0 10,10 Z", "10,10 11,14 14,16 18,17 22,17 26,16 29,14 30,10 29,6 26,4 22,3 18,3 14,4 11,6")]
    [InlineData("M0,0 C0,10 20,10 20,0 L0,0", "0,0 1,4 4,6 8,7 12,7 16,6 19,4 20,0 0,0")]
    [InlineData("M0,0 9,0 9,9", "0,0 9,0 9,9")]
    [InlineData("M0,0 9,0 9,9 0,0 0,0 Z", "0,0 9,0 9,9 0,0 0,0")]
    public async Task A_contour_has_each_corner_once_and_what_closes_it_adds_none(string data, string expected)
    {
        AnnotatedObject item = Assert.Single((await ReadAsync($"{_image}<path d='{data}'/>")).Annotation.Objects);

        Assert.Equal(expected, string.Join(' ', item.Contour));
    }

    [Fact]
    public async Task Every_subpath_is_an_object_and_those_without_an_area_are_a_warning()
    {
        SvgAnnotation drawing = await ReadAsync($"{_image}\n<path name='fly' value='3' d='M0,0 9,0 9,9 Z m20,0 9,0 0,9 z M1,1 2,2 Z'/>");

        Assert.Equal(["fly", "fly"], drawing.Annotation.Objects.Select(item => item.Name));
        Assert.Equal(
            $"In '{_folder[FileName]}', line 3: a path, or a part of one, is left out that has 2 corners, and an outline takes 3.",
            Assert.Single(drawing.Warnings));
    }

    [Fact]
    public async Task Names_values_and_colours_come_from_where_inkscape_and_our_programs_put_them()
    {
        SvgAnnotation drawing = await ReadAsync(
            $"""
            <g style="stroke:rgb(255,0,0) ; fill : #0F0" stroke="yellow">{_image}
            <path d="M0,0 9,0 9,9 Z" name="a" inkscape:label="b" value=" -7 "/>
            <path d="M0,0 9,0 9,9 Z" inkscape:label="b" style="fill:none;stroke:blue" fill="red"/>
            <path d="M0,0 9,0 9,9 Z" name="" value="" fill="TEAL" stroke="inherit"/>
            <path d="M0,0 9,0 9,9 Z" value="2.5" stroke="url(#x)"/></g>
            {Triangle}
            """,
            new AnnotationImportOptions { DefaultName = "moth" });

        Assert.Equal(
            [
                ("a", -7, "#ff0000", "#00ff00"), ("b", 0, "#0000ff", "#ff0000"), ("moth", null, "#ff0000", "#008080"),
                ("moth", 0, "#0000ff", "#00ff00"), ("moth", 0, "#0000ff", "#ff0000"),
            ],
            drawing.Annotation.Objects.Select(item => (item.Name, item.Value, item.StrokeColour, item.FillColour)));
        Assert.Contains("line 6: the value '2.5' of a path is no whole number", Assert.Single(drawing.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name=' '")]
    [InlineData("name='\u200B'")]
    [InlineData("inkscape:label='\u2060\u3164'")]
    public async Task A_path_whose_name_shows_nothing_is_refused_unless_the_caller_names_it(string name)
    {
        string body = $"{_image}<path d='M0,0 9,0 9,9 Z' {name}/>";

        StickyException error = await Assert.ThrowsAsync<StickyException>(() => ReadAsync(body));

        Assert.Equal("InvalidSvg", error.ErrorId);
        Assert.Contains("the name of a path shows nothing", error.Message, StringComparison.Ordinal);
        Assert.Equal("moth", Assert.Single((await ReadAsync(body, new AnnotationImportOptions { DefaultName = "moth" })).Annotation.Objects).Name);
    }

    [Fact]
    public async Task Only_what_is_drawn_counts()
    {
        string definitions = string.Concat(
            ((string[])["defs", "clipPath", "mask", "marker", "pattern", "symbol"]).Select(name => $"<{name}><g>{Triangle}{_image}</g></{name}>"));

        SvgAnnotation drawing = await ReadAsync(
            $"{definitions}{_image}{Triangle}<rect width='9' height='9'/><g><circle r='3'/><rect/></g><other:path xmlns:other='urn:x' d='M0,0 9,0 9,9'/>"
            + $"<svg>{Triangle}</svg>");

        _ = Assert.Single(drawing.Annotation.Objects);
        Assert.Equal(2, drawing.Warnings.Count);
        Assert.Contains("a path is left out that lies in another <svg> element", drawing.Warnings[0], StringComparison.Ordinal);
        Assert.Contains(
            "shapes that are no paths are left out (1 <circle>, 2 <rect>). To make objects of them in Inkscape, select them and use Path > Object to Path",
            drawing.Warnings[1],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_in_a_path_are_warnings_that_name_the_line()
    {
        SvgAnnotation drawing = await ReadAsync(
            $"{_image}\n<path d='M0,0 9,0 9,9 L7 oops'/>\n<path transform='spin(1)' d='M0,0 9,0 9,9'/>\n<path d='M0,0 9e99,0 9,9'/>\n<path/>");

        Assert.Equal(2, drawing.Annotation.ObjectCount);
        Assert.Equal(
            [
                "line 3: the data of a path has an error, and only what comes before it counts: character 17 is 'o' where a number of command 'L' should be.",
                "line 4: the transform 'spin(1)' is not valid, and does not count.",
                "line 5: a path is left out that is much too far from the picture.",
            ],
            drawing.Warnings.Select(warning => warning[(warning.IndexOf(", ", StringComparison.Ordinal) + 2)..]));
    }

    [Theory]
    [InlineData("", "it has no <image>")]
    [InlineData("IMAGEIMAGE", "it has more than one <image> (line 2)")]
    [InlineData("<image xlink:href='photo.jpg'/>", "its picture is not embedded in base64 (line 2)")]
    [InlineData("<image/>", "its picture is not embedded in base64 (line 2)")]
    [InlineData("<image xlink:href='data:image/jpeg,xyz'/>", "its picture is not embedded in base64 (line 2)")]
    [InlineData("<image xlink:href='data:image/jpeg;base64,!!!'/>", "its picture is damaged: what is embedded is no base64 (line 2)")]
    [InlineData("<image xlink:href='data:image/jpeg;base64,/9j'/>", "its picture is damaged: what is embedded is no base64 (line 2)")]
    [InlineData("<image xlink:href='data:image/png;base64,iVBORw0KGgo='/>", "its picture cannot be used: the file does not start as a JPEG file does (line 2)")]
    [InlineData("<image xlink:href='data:image/jpeg;base64,'/>", "its picture cannot be used: the file is empty (line 2)")]
    [InlineData("<image width='0' height='0' HREF/>", "its picture has no size, or is transformed into a line (line 2)")]
    [InlineData("<image width='64' height='48' transform='scale(1,0)' HREF/>", "its picture has no size, or is transformed into a line (line 2)")]
    [InlineData("<image width='50%' height='48' HREF/>", "the width '50%' of its picture is no number of pixels (line 2)")]
    [InlineData("<image x='1cm' HREF/>", "the x '1cm' of its picture is no number of pixels (line 2)")]
    [InlineData("IMAGE<path", "The '<' character")]
    public async Task A_file_that_is_no_drawing_on_a_picture_says_why(string body, string reason)
    {
        StickyException error = await Assert.ThrowsAsync<StickyException>(() => ReadAsync(
            body.Replace("IMAGE", _image, StringComparison.Ordinal).Replace("HREF", Href, StringComparison.Ordinal)));

        Assert.Equal(("InvalidSvg", _folder[FileName]), (error.ErrorId, error.Target));
        Assert.StartsWith($"'{_folder[FileName]}' is no drawing on a picture: {reason}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Root element is missing")]
    [InlineData("no xml", "Data at the root level is invalid")]
    [InlineData("<html/>", "its root is <html> and not <svg> of SVG")]
    [InlineData("<svg/>", "its root is <svg> and not <svg> of SVG")]
    [InlineData("<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg' name='&x;'/>", "entity")]
    public async Task Other_xml_and_documents_with_a_dtd_are_refused(string text, string reason)
    {
        await File.WriteAllTextAsync(_folder[FileName], text);

        StickyException error = await Assert.ThrowsAsync<StickyException>(() => AnnotationSvg.ReadAsync(_folder[FileName], new AnnotationImportOptions()));

        Assert.Equal("InvalidSvg", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drawing.svg")]
    [InlineData("5c173ff2.2021-06-01_00-00-00.jpg")]
    [InlineData("5c173ff2.2021-06-01_00-00-00 (1).svg")]
    public async Task A_drawing_is_named_like_its_picture(string name)
    {
        StickyException error = await Assert.ThrowsAsync<StickyException>(() => AnnotationSvg.ReadAsync(_folder[name], new AnnotationImportOptions()));

        Assert.Equal(("InvalidFileName", _folder[name]), (error.ErrorId, error.Target));
        Assert.StartsWith($"'{_folder[name]}' is not the name of a Sticky Pi drawing: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drawing_that_is_not_there_is_not_found() =>
        Assert.Equal("FileNotFound", (await Assert.ThrowsAsync<StickyException>(
            () => AnnotationSvg.ReadAsync(_folder[FileName], new AnnotationImportOptions()))).ErrorId);

    [Fact]
    public async Task Who_drew_is_what_the_caller_says_or_the_picture_or_the_file()
    {
        const string Given = "1-00000000000000000000000000000000";
        const string Written = RandomAnnotations.AlgoVersion;
        string tagged = $"desc=\"{{'Model': b'\\x00', 'GPS': {{1: 'N', 2: (1.0, [2, 'a}}'])}}, 'when': datetime.datetime(2020, 6, 1), 'none': None, "
            + $"'algo_name': 'uid', 'algo_version': '{Written}'}}\"";
        DateTime time = new(2022, 2, 2, 2, 2, 2, DateTimeKind.Utc);

        await AssertAsync(tagged, new(), "uid", Written);
        await AssertAsync(tagged, new() { AlgoName = "me" }, "me", null);
        await AssertAsync(tagged, new() { AlgoName = "me", AlgoVersion = Given }, "me", Given);
        await AssertAsync(tagged, new() { AlgoVersion = Given }, "uid", Given);
        await AssertAsync("", new(), "manual", null);
        await AssertAsync("desc=\"{'algo_name': 'uid', 'algo_version': 'two'}\"", new(), "manual", null);
        await AssertAsync("desc=\"{'algo_name': 'uid'\"", new(), "manual", null);
        await AssertAsync("desc=\"a photograph\"", new(), "manual", null);

        async Task AssertAsync(string description, AnnotationImportOptions options, string expectedName, string? expectedVersion)
        {
            await WriteAsync($"<image {description} {Href}/>{Triangle}");
            File.SetLastWriteTimeUtc(_folder[FileName], time);
            AnnotationElement annotation = (await AnnotationSvg.ReadAsync(_folder[FileName], options)).Annotation;
            Assert.Equal((Md5, Image), (annotation.Md5, new ImageReference(annotation.Device, annotation.DateTime)));
            Assert.Equal((expectedName, expectedVersion ?? VersionOfFile()), (annotation.AlgoName, annotation.AlgoVersion));
        }

        string VersionOfFile() => $"{new DateTimeOffset(time).ToUnixTimeSeconds()}-{Convert.ToHexStringLower(MD5.HashData(File.ReadAllBytes(_folder[FileName])))}";
    }

    [Theory]
    [InlineData("{'temp': 20.5, 'exposure': (1, 4)}", "{'Make': {'temp': 20.5, 'exposure': (1, 4)}, 'device'")]
    [InlineData("{'temp': nan}", @"{'Make': '{\'temp\': nan}', 'device'")]
    [InlineData("{'temp': __import__('os')}", @"{'Make': '{\'temp\': __import__(\'os\')}', 'device'")]
    [InlineData("StickyPi", "{'Make': 'StickyPi', 'device'")]
    [InlineData(null, "{'Make': '', 'device'")]
    public void The_readings_of_the_device_are_a_dict_only_where_python_can_evaluate_them(string? make, string expected)
    {
        using MemoryStream output = new();
        AnnotationSvg.Write(output, RandomAnnotations.Element(Image, Md5, []), _jpeg, make);

        Assert.Contains($"desc=\"{expected}", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    private string Md5 => Convert.ToHexStringLower(MD5.HashData(_jpeg));

    private async Task<SvgAnnotation> ReadAsync(string body, AnnotationImportOptions? options = null)
    {
        await WriteAsync(body);
        return await AnnotationSvg.ReadAsync(_folder[FileName], options ?? new AnnotationImportOptions());
    }

    private Task WriteAsync(string body) => File.WriteAllTextAsync(
        _folder[FileName],
        "<?xml version=\"1.0\"?><svg width=\"64\" height=\"48\" xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"\n"
        + $" xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\">{body}</svg>");

    // The area within lines and cubics, which are sampled much more finely than the product does.
    private static double Measure(string data)
    {
        string[] tokens = [.. PathToken().Matches(data).Select(match => match.Value)];
        List<(double X, double Y)> points = [];
        (double X, double Y) at = default;
        char command = ' ';
        for (int i = 0; i < tokens.Length;)
        {
            if (char.IsLetter(tokens[i][0]))
            {
                command = tokens[i++][0];
                if (command is 'z' or 'Z')
                {
                    continue;
                }
            }

            (double X, double Y) from = char.IsLower(command) ? at : default;
            switch (char.ToLowerInvariant(command))
            {
                case 'h':
                    at = (from.X + Next(), at.Y);
                    points.Add(at);
                    break;
                case 'v':
                    at = (at.X, from.Y + Next());
                    points.Add(at);
                    break;
                case 'c':
                    (double x1, double y1, double x2, double y2, double x3, double y3) =
                        (from.X + Next(), from.Y + Next(), from.X + Next(), from.Y + Next(), from.X + Next(), from.Y + Next());
                    for (int step = 1; step <= 500; step++)
                    {
                        double t = step / 500.0;
                        double s = 1 - t;
                        points.Add((
                            (s * s * s * at.X) + (3 * s * s * t * x1) + (3 * s * t * t * x2) + (t * t * t * x3),
                            (s * s * s * at.Y) + (3 * s * s * t * y1) + (3 * s * t * t * y2) + (t * t * t * y3)));
                    }

                    at = (x3, y3);
                    break;
                default:
                    at = (from.X + Next(), from.Y + Next());
                    points.Add(at);
                    break;
            }

            double Next() => double.Parse(tokens[i++], CultureInfo.InvariantCulture);
        }

        return Area(points);
    }

    // Green's theorem.
    private static double Area(IReadOnlyList<(double X, double Y)> points) => Math.Abs(points.Index().Sum(corner =>
    {
        ((double ax, double ay), (double bx, double by)) = (corner.Item, points[(corner.Index + 1) % points.Count]);
        return (ax - bx) * (ay + by) / 2;
    }));

    [GeneratedRegex("<path\\s[^>]*>")]
    private static partial Regex PathElement();

    [GeneratedRegex("\\sd=\"([^\"]*)\"")]
    private static partial Regex PathData();

    [GeneratedRegex("fill:(#[0-9a-f]{6})")]
    private static partial Regex FillColour();

    [GeneratedRegex("[A-Za-z]|-?[0-9.]+(?:e-?[0-9]+)?")]
    private static partial Regex PathToken();

    [GeneratedRegex("base64,([^\"]*)\"")]
    private static partial Regex Base64();
}
