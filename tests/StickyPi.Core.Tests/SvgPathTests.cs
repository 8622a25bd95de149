using System.Globalization;
using StickyPi.Core.Annotations.Exchange;

namespace StickyPi.Tests;

public class SvgPathTests
{
    [Theory]
    [InlineData("M1,2 3,4 5,6 Z", "1,2 3,4 5,6")]
    [InlineData("M1 2L3 4L5 6", "1,2 3,4 5,6")]
    [InlineData("m1,2 3,4 5,6z", "1,2 4,6 9,12")]
    [InlineData("m 1,2 l 3,4 h 5 v 6 H 0 V -1 l -1,-1", "1,2 4,6 9,6 9,12 0,12 0,-1 -1,-2")]
    [InlineData("M1,2H3 4 5V6 7", "1,2 3,2 4,2 5,2 5,6 5,7")]
    [InlineData("M1.5.5-3e-2.25L+1e2-.5.5e1,7.", "1.5,0.5 -0.03,0.25 100,-0.5 5,7")]
    [InlineData("  M\t1\n,\r2 ,3 , 4\fL5,6  ", "1,2 3,4 5,6")]
    [InlineData("M0,0 1,0 1,1 z m5,5 1,0 0,1 z", "0,0 1,0 1,1|5,5 6,5 6,6")]
    [InlineData("M0,0 1,0 1,1 M5,5 6,5 6,6", "0,0 1,0 1,1|5,5 6,5 6,6")]
    [InlineData("M2,3 9,9 8,8 z l1,1 1,0 h5", "2,3 9,9 8,8|2,3 3,4 4,4 9,4")]
    [InlineData("M1,1 2,2 3,3 1,1 Z", "1,1 2,2 3,3 1,1")]
    [InlineData("M1,1 Z", "1,1")]
    [InlineData("", "")]
    public void Lines_are_read_in_every_way_that_they_can_be_written(string data, string expected)
    {
        IReadOnlyList<SvgSubpath> subpaths = SvgPath.Parse(data, out string? error);

        Assert.Null(error);
        Assert.Equal(expected, Write(subpaths));
        Assert.DoesNotContain(subpaths, subpath => subpath.EndsInCurve);
    }

    [Theory]
    [InlineData("M0,0 1,0 1,1 L", "0,0 1,0 1,1", "it ends where a number of command 'L' should be")]
    [InlineData("M0,0 1,0 1,1 5", "0,0 1,0 1,1", "it ends where a number of command 'L' should be")]
    [InlineData("M0,0 1,0 1,1, Z", "0,0 1,0 1,1", "character 15 is 'Z' where a number of command 'L' should be")]
    [InlineData("M0,0 1,0 1,1 X 5,5 6,6", "0,0 1,0 1,1", "character 14 is 'X' where a command should be")]
    [InlineData("M0,0 1,0 1,1 C 1,2 3,4 5", "0,0 1,0 1,1", "it ends where a number of command 'C' should be")]
    [InlineData("M0,0 1,0 1,1 Z 5", "0,0 1,0 1,1", "character 16 is '5' where a command should be")]
    [InlineData("M0,0 1,0 1e999,1", "0,0 1,0", "character 10 is '1' where a number of command 'L' should be")]
    [InlineData("M0,0 1,0 1,1 A 1 1 0 2 0 5 5", "0,0 1,0 1,1", "character 22 is '2' where a number of command 'A' should be")]
    [InlineData("L0,0 1,0 1,1", "", "character 1 is 'L' where M should be")]
    [InlineData("5,5", "", "character 1 is '5' where M should be")]
    public void What_is_right_before_an_error_counts(string data, string expected, string reason)
    {
        Assert.Equal(expected, Write(SvgPath.Parse(data, out string? error)));
        Assert.Equal(reason, error);
    }

    [Theory]
    [InlineData("M1,2 C 10,20 30,-5 40,8", 1, 2, 10, 20, 30, -5, 40, 8)]
    [InlineData("M1,2 c 9,18 29,-7 39,6", 1, 2, 10, 20, 30, -5, 40, 8)]
    [InlineData("M1,2 S 30,-5 40,8", 1, 2, 1, 2, 30, -5, 40, 8)]
    [InlineData("M0,0 1,2 s 29,-7 39,6", 1, 2, 1, 2, 30, -5, 40, 8)]
    [InlineData("M-9,-9 C 0,0 -8,-16 1,2 S 30,-5 40,8", 1, 2, 10, 20, 30, -5, 40, 8)]
    [InlineData("M1,2 Q 10,20 40,8", 1, 2, 7, 14, 20, 16, 40, 8)]
    [InlineData("M1,2 q 9,18 39,6", 1, 2, 7, 14, 20, 16, 40, 8)]
    [InlineData("M-20,-2 Q -8,-16 1,2 T 40,8", 1, 2, 7, 14, 20, 16, 40, 8)]
    [InlineData("M-20,-2 q 12,-14 21,4 t 39,6", 1, 2, 7, 14, 20, 16, 40, 8)]
    [InlineData("M1,2 T 40,8", 1, 2, 1, 2, 14, 4, 40, 8)]
    public void Every_kind_of_curve_is_the_cubic_that_it_stands_for(
        string data, double x0, double y0, double x1, double y1, double x2, double y2, double x3, double y3)
    {
        SvgSubpath subpath = Assert.Single(SvgPath.Parse(data, out string? error));

        Assert.Null(error);
        Assert.True(subpath.EndsInCurve);
        SvgPoint[] points = [.. subpath.Points.TakeLast(8)];
        for (int i = 0; i < 8; i++)
        {
            // By halving and weighing lines, as de Casteljau does.
            double t = i / 7.0;
            double[] x = [x0, x1, x2, x3];
            double[] y = [y0, y1, y2, y3];
            for (int last = 3; last > 0; last--)
            {
                for (int j = 0; j < last; j++)
                {
                    x[j] += t * (x[j + 1] - x[j]);
                    y[j] += t * (y[j + 1] - y[j]);
                }
            }

            Assert.Equal(x[0], points[i].X, 1e-9);
            Assert.Equal(y[0], points[i].Y, 1e-9);
        }
    }

    // The unit circle from (1, 0) to (0, 1): the centre is (0, 0) or (1, 1), and the way goes left or right.
    [Theory]
    [InlineData("0 0", 1, 1, -90)]
    [InlineData("0 1", 0, 0, 90)]
    [InlineData("1 0", 0, 0, -270)]
    [InlineData("1 1", 1, 1, 270)]
    public void An_arc_takes_the_way_that_its_flags_say(string flags, double centreX, double centreY, double degrees)
    {
        SvgSubpath subpath = Assert.Single(SvgPath.Parse($"M1,0 A1,1 0 {flags} 0,1", out _));

        Assert.Equal(8, subpath.Points.Count);
        double start = Math.Atan2(0 - centreY, 1 - centreX);
        for (int i = 0; i < 8; i++)
        {
            double angle = start + double.DegreesToRadians(degrees * i / 7);
            Assert.Equal(centreX + Math.Cos(angle), subpath.Points[i].X, 1e-9);
            Assert.Equal(centreY + Math.Sin(angle), subpath.Points[i].Y, 1e-9);
        }
    }

    [Fact]
    public void The_points_of_a_turned_arc_lie_on_its_ellipse()
    {
        SvgSubpath subpath = Assert.Single(SvgPath.Parse("M10,20a30,12 33 1040,6", out string? error));

        Assert.Null(error);
        Assert.Equal((8, new SvgPoint(50, 26)), (subpath.Points.Count, subpath.Points[^1]));

        // Differences of points on an ellipse, brought back to a circle, have their circumcentre at one place and 1 as radius.
        double angle = double.DegreesToRadians(-33);
        (double X, double Y)[] circle =
        [
            .. subpath.Points.Select(p => (
                ((p.X * Math.Cos(angle)) - (p.Y * Math.Sin(angle))) / 30,
                ((p.X * Math.Sin(angle)) + (p.Y * Math.Cos(angle))) / 12)),
        ];
        for (int i = 0; i + 2 < circle.Length; i++)
        {
            (double a, double b, double c) = (Distance(i, i + 1), Distance(i + 1, i + 2), Distance(i, i + 2));
            double s = (a + b + c) / 2;
            Assert.Equal(1, a * b * c / (4 * Math.Sqrt(s * (s - a) * (s - b) * (s - c))), 1e-6);
        }

        double Distance(int i, int j) => Math.Sqrt(Math.Pow(circle[i].X - circle[j].X, 2) + Math.Pow(circle[i].Y - circle[j].Y, 2));
    }

    [Theory]
    [InlineData("M0,0 A 0,5 0 0 0 9,9", "0,0 9,9", false)]
    [InlineData("M0,0 A 5,5 0 0 0 0,0 L1,1", "0,0 1,1", false)]
    [InlineData("M0,0 A 1 1 0 0 1 14,0", "0,0", true)]
    public void Arcs_that_cannot_be_are_mended_as_svg_says(string data, string start, bool isCurve)
    {
        SvgSubpath subpath = Assert.Single(SvgPath.Parse(data, out string? error));

        Assert.Null(error);
        Assert.Equal(isCurve, subpath.EndsInCurve);
        Assert.StartsWith(start, Write([subpath]), StringComparison.Ordinal);
        if (isCurve)
        {
            // Too small a radius grows to half the distance.
            Assert.All(subpath.Points, point => Assert.Equal(7, Math.Sqrt(((point.X - 7) * (point.X - 7)) + (point.Y * point.Y)), 1e-9));
        }
    }

    [Theory]
    [InlineData("", 3, 4, 3, 4)]
    [InlineData("translate(10)", 3, 4, 13, 4)]
    [InlineData("translate(10,20)", 3, 4, 13, 24)]
    [InlineData("scale(2)", 3, 4, 6, 8)]
    [InlineData("scale(2 -1)", 3, 4, 6, -4)]
    [InlineData("rotate(90)", 3, 4, -4, 3)]
    [InlineData("rotate(90,1,1)", 3, 4, -2, 3)]
    [InlineData("skewX(45)", 3, 4, 7, 4)]
    [InlineData("skewY(45)", 3, 4, 3, 7)]
    [InlineData("matrix(1 2 3 4 5 6)", 3, 4, 20, 28)]
    [InlineData("translate(10,20) scale(2)", 3, 4, 16, 28)]
    [InlineData(" scale( 2 ),translate(10 , 20)\n", 3, 4, 26, 48)]
    public void Transforms_are_done_from_right_to_left(string text, double x, double y, double expectedX, double expectedY)
    {
        Assert.True(SvgTransform.TryParse(text, out SvgTransform transform));
        SvgPoint point = transform.Apply(new SvgPoint(x, y));
        Assert.Equal(expectedX, point.X, 1e-9);
        Assert.Equal(expectedY, point.Y, 1e-9);

        Assert.True(transform.TryInvert(out SvgTransform inverse));
        SvgPoint back = inverse.Apply(point);
        Assert.Equal(x, back.X, 1e-9);
        Assert.Equal(y, back.Y, 1e-9);
    }

    [Theory]
    [InlineData("turn(3)")]
    [InlineData("translate(1,2,3)")]
    [InlineData("translate(1,2) scale(")]
    [InlineData("translate 1,2")]
    [InlineData("matrix(1 2 3 4 5)")]
    [InlineData("matrix(1 2 3 4 5 6 7)")]
    [InlineData("translate(1,,2)")]
    [InlineData("none")]
    public void A_transform_that_breaks_the_grammar_does_nothing(string text)
    {
        Assert.False(SvgTransform.TryParse(text, out SvgTransform transform));
        Assert.Equal(SvgTransform.Identity, transform);
    }

    [Theory]
    [InlineData("#0000FF", "#0000ff")]
    [InlineData("#fA0", "#ffaa00")]
    [InlineData("rgb(255, 0,17)", "#ff0011")]
    [InlineData("RGB(100%,0%, 50%)", "#ff0080")]
    [InlineData("rgb(300,-5,0)", "#ff0000")]
    [InlineData(" Teal ", "#008080")]
    [InlineData("darkslategrey", "#2f4f4f")]
    [InlineData("none", null)]
    [InlineData("currentColor", null)]
    [InlineData("url(#gradient1)", null)]
    [InlineData("transparent", null)]
    [InlineData("ActiveBorder", null)]
    [InlineData("#12345", null)]
    [InlineData("#12345g", null)]
    [InlineData("rgb(1,2)", null)]
    [InlineData("rgb(1,2,3,4)", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Colours_become_six_digits(string? text, string? expected) => Assert.Equal(expected, SvgColour.Normalize(text));

    private static string Write(IEnumerable<SvgSubpath> subpaths) => string.Join('|', subpaths.Select(subpath =>
        string.Join(' ', subpath.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X},{point.Y}")))));
}
