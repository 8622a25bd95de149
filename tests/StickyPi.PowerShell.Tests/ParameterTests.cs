using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Errors;
using StickyPi.PowerShell.Images;
using StickyPi.PowerShell.Users;

namespace StickyPi.Tests;

public class ParameterTests
{
    private static readonly DateTime Noon = new(2020, 6, 20, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Times_become_utc_whatever_they_were()
    {
        Assert.Equal(Noon, Assert.IsType<DateTime>(StickyTimeAttribute.Transform("2020-06-20_12-00-00")));
        Assert.Equal(Noon, Assert.IsType<DateTime>(StickyTimeAttribute.Transform(Noon.ToLocalTime())));
        Assert.Equal(Noon, Assert.IsType<DateTime>(StickyTimeAttribute.Transform(new DateTime(2020, 6, 20, 12, 0, 0))));
        Assert.Equal(Noon, Assert.IsType<DateTime>(StickyTimeAttribute.Transform(new DateTimeOffset(2020, 6, 20, 14, 0, 0, TimeSpan.FromHours(2)))));
        Assert.Equal([Noon, Noon], Assert.IsType<object[]>(StickyTimeAttribute.Transform(new object[] { "2020-06-20T12:00", Noon })));
        Assert.Null(StickyTimeAttribute.Transform(null));
    }

    [Fact]
    public void A_time_may_be_an_object_of_get_date_or_have_an_offset_and_blanks_around_a_text_do_not_count()
    {
        PSObject shown = new(Noon.ToLocalTime());
        shown.Properties.Add(new PSNoteProperty("DisplayHint", "DateTime"));

        Assert.All(
            (object[])
            [
                shown, new PSObject(new DateTimeOffset(Noon)),
                " 2020-06-20T12:00:00Z\t", "\n2020-06-20_12-00-00 ", new PSObject(" 2020-06-20 12:00 "),
            ],
            time => Assert.Equal(Noon, StickyTimeAttribute.Transform(time)));
        Assert.Equal(new DateTime(2020, 6, 20, 0, 0, 0, DateTimeKind.Utc), StickyTimeAttribute.Transform(new DateOnly(2020, 6, 20)));
        Assert.All((object[])["", "  ", "2020-06-20 12:00 13:00", new TimeOnly(12, 0), new Hashtable(), Row("Date", Noon)], value =>
            Assert.Throws<ArgumentTransformationMetadataException>(() => StickyTimeAttribute.Transform(value)));
    }

    [Fact]
    public void The_engine_has_the_internals_that_commands_read()
    {
        Assert.NotNull(PipelineItem.FindReader(typeof(InternalCommand)));
        Assert.NotNull(TextAttribute.FindReader(typeof(PSObject)));
    }

    [Fact]
    public void An_engine_that_does_not_show_the_object_of_the_pipeline_ends_a_command_that_has_input()
    {
        GetStickyImageSeriesCommand command = new();
        Assert.Null(PipelineItem.FindReader(typeof(string)));

        StickyException error = Assert.Throws<StickyException>(() => PipelineItem.Read(null, command, isExpected: true));

        Assert.Equal("UnsupportedPowerShell", error.ErrorId);
        Assert.Null(PipelineItem.Read(null, command, isExpected: false));
    }

    [Fact]
    public void A_fraction_is_refused_by_an_engine_that_does_not_tell_how_it_was_typed()
    {
        Assert.Null(TextAttribute.FindReader(typeof(string)));
        Assert.False(TextAttribute.IsTyped(null, new PSObject(1.1)));
    }

    [Fact]
    public void A_number_is_no_time_whatever_its_type()
    {
        object[] numbers =
        [
            2030, 2030L, 2030.0, 2030m, (byte)20, DayOfWeek.Friday, true, 'x', new[] { 2030 }, new object[] { "2020-06-20", 2030 },
            TimeSpan.FromDays(1),
        ];

        Assert.All(numbers, number =>
        {
            ArgumentTransformationMetadataException error = Assert.Throws<ArgumentTransformationMetadataException>(
                () => StickyTimeAttribute.Transform(number));
            Assert.Contains("2020-06-20T21:33:24", error.Message, StringComparison.Ordinal);
        });
        Assert.All((object[])[30, 3600L, 1.5, "30", "1.5"], number =>
            Assert.Throws<ArgumentTransformationMetadataException>(() => TimeSpanTextAttribute.Transform(number)));
        Assert.Equal(TimeSpan.FromHours(1), TimeSpanTextAttribute.Transform("1:00:00"));
        Assert.Equal(TimeSpan.Zero, TimeSpanTextAttribute.Transform(0));
    }

    [Theory]
    [InlineData(12345)]
    [InlineData(12345L)]
    [InlineData(123456e7)]
    [InlineData(1.1)]
    [InlineData(new[] { 12345, 1 })]
    public void A_number_is_no_id_and_in_a_list_no_text_at_all(object number)
    {
        object[] list = ["a0b10000", number];
        Func<object?>[] transforms =
        [
            () => new IdAttribute().Transform(number),
            () => new IdAttribute().Transform(list),
            () => new TextAttribute().Transform(list),
            () => new FilePathAttribute().Transform(list),
        ];

        foreach (Func<object?> transform in transforms)
        {
            Assert.Contains(
                "Write it in quotes", Assert.Throws<ArgumentTransformationMetadataException>(transform).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1.1)]
    [InlineData(1.1f)]
    public void A_fraction_of_which_nobody_knows_how_it_was_typed_is_no_text(object number)
    {
        foreach (object input in (object[])[number, new PSObject(number), Row("AlgoVersion", number)])
        {
            Assert.Contains(
                "Write it in quotes",
                Assert.Throws<ArgumentTransformationMetadataException>(() => new TextAttribute("AlgoVersion").Transform(input)).Message,
                StringComparison.Ordinal);
        }

        Assert.Equal("7", new TextAttribute().Transform(7));
    }

    [Fact]
    public void An_id_is_text_or_what_an_object_has_as_such()
    {
        IdAttribute id = new("Device");

        Assert.Equal("a0b10000", id.Transform("a0b10000"));
        Assert.Equal(["a0b10000", "b"], Assert.IsType<object[]>(id.Transform(new object[] { "a0b10000", Row("Device", "b") })));
        Assert.Equal("b", id.Transform(new Hashtable { ["device"] = "b" }));
        Assert.Null(id.Transform(null));
        Assert.All((object[])[Row("devise", "b"), new Hashtable(), Row("Device", 12), Row("Device", null)], value =>
            Assert.Throws<ArgumentTransformationMetadataException>(() => id.Transform(value)));
    }

    [Fact]
    public void Every_parameter_that_takes_text_times_or_names_refuses_what_would_be_half_understood()
    {
        PropertyInfo[] parameters =
        [
            .. Commands.SelectMany(command => command.Type.GetProperties())
                .Where(property => property.GetCustomAttributes<ParameterAttribute>().Any()),
        ];

        foreach (PropertyInfo parameter in parameters)
        {
            Type type = parameter.PropertyType;
            Type item = type.GetElementType() ?? Nullable.GetUnderlyingType(type) ?? type;
            Type[] attributes =
                [.. parameter.GetCustomAttributes<ArgumentTransformationAttribute>().Select(attribute => attribute.GetType())];
            Type[] expected = item == typeof(string)
                ? [typeof(TextAttribute), typeof(IdAttribute), typeof(DeviceAttribute), typeof(FilePathAttribute), typeof(
                    UserNameAttribute)]
                : item == typeof(DateTime) ? [typeof(StickyTimeAttribute)]
                : item == typeof(TimeSpan) ? [typeof(TimeSpanTextAttribute)]
                : item.IsEnum ? [typeof(EnumNameAttribute)]
                : [];
            if (item == typeof(string)
                && parameter.Name is "Device" or "TuboidId" or "UserName" or "Prefix" or "Bundle" or "Id" or "Bucket")
            {
                expected = [typeof(IdAttribute), typeof(DeviceAttribute), typeof(UserNameAttribute)];
            }

            bool isChosen = parameter.GetCustomAttribute<ValidateSetAttribute>() is not null && item == typeof(string);

            Assert.True(
                expected.Length == 0 || isChosen || attributes.Intersect(expected).Count() == 1,
                $"{parameter.DeclaringType!.Name}.{parameter.Name}");
        }
    }

    [Fact]
    public void Several_names_are_never_added_up_to_another_one()
    {
        EnumNameAttribute one = new(typeof(ImageContent));
        EnumNameAttribute several = new(typeof(ImageContent)) { Several = true };

        Assert.Equal(ImageContent.Thumbnail, one.Transform("thumbnail"));
        Assert.Equal(ImageContent.Image, one.Transform(new object[] { "Im" }));
        Assert.Equal(ImageContent.ThumbnailMini, one.Transform(ImageContent.ThumbnailMini));
        Assert.Equal([ImageContent.Thumbnail, ImageContent.Image], Assert.IsType<ImageContent[]>(several.Transform("Thumbnail, Image")));
        Assert.Equal(
            [ImageContent.Thumbnail, ImageContent.Image],
            Assert.IsType<ImageContent[]>(several.Transform(new object[] { "Thumbnail", ImageContent.Image })));
        object[] refused =
            [new[] { "Thumbnail", "Image" }, "Thumbnail,Image", "", "2", 2, (ImageContent)7, "Thumbs", "T", Row("What", "Image")];
        foreach (object value in refused)
        {
            ArgumentTransformationMetadataException error = Assert.Throws<ArgumentTransformationMetadataException>(
                () => one.Transform(value));
            Assert.Contains("Choose from Metadata, Image, Thumbnail, ThumbnailMini", error.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentTransformationMetadataException>(() => several.Transform(new object?[] { "Image", null }));
        EnumNameAttribute files = new(typeof(ImageContent)) { Except = [nameof(ImageContent.Metadata)] };
        Assert.All((object[])["Metadata", "m", ImageContent.Metadata, "x"], value => Assert.EndsWith(
            "Choose from Image, Thumbnail, ThumbnailMini.",
            Assert.Throws<ArgumentTransformationMetadataException>(() => files.Transform(value)).Message,
            StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("de-DE", "20.06.2020 12:00:00")]
    [InlineData("en-GB", "20/06/2020 12:00:00")]
    [InlineData("en-US", "6/20/2020 12:00:00 PM")]
    [InlineData("en-GB", "06/20/2020 12:00:00")]
    public void Times_that_export_csv_wrote_are_read_in_the_culture_that_wrote_them(string culture, string text) =>
        InCulture(culture, () => Assert.Equal(Noon, StickyTimeAttribute.Transform(text)));

    [Fact]
    public void A_time_that_two_cultures_read_differently_is_refused() => InCulture("en-GB", () =>
    {
        ArgumentTransformationMetadataException error =
            Assert.Throws<ArgumentTransformationMetadataException>(() => StickyTimeAttribute.Transform("05/06/2020 12:00:00"));
        Assert.NotNull(error);
    });

    [Fact]
    public void Every_kind_of_error_has_a_category_of_its_own() =>
        Assert.Equal(Enum.GetValues<StickyErrorKind>().Length, Enum.GetValues<StickyErrorKind>().Select(ErrorRecords.ToCategory).Distinct().Count());

    [Fact]
    public void Every_command_states_its_output_and_every_mutator_supports_what_if()
    {
        Assert.Equal(45, Commands.Length);
        Assert.All(Commands, command =>
        {
            string verb = command.Cmdlet.VerbName;
            bool writesObjects = verb is not ("Clear" or "Disconnect" or "Remove");
            bool writesFiles = command.Type.GetProperty("Destination") is not null;

            Assert.Equal(writesObjects, command.Type.GetCustomAttributes<OutputTypeAttribute>().Any());
            Assert.Equal(verb is not ("Get" or "Compare" or "Disconnect" or "Import" or "Test") || writesFiles, command.Cmdlet.SupportsShouldProcess);
            Assert.Equal(verb == "Remove", command.Cmdlet.ConfirmImpact == ConfirmImpact.High);
        });
    }

    private static (Type Type, CmdletAttribute Cmdlet)[] Commands { get; } =
    [
        .. typeof(SendStickyImageCommand).Assembly.GetExportedTypes()
            .Select(type => (type, type.GetCustomAttribute<CmdletAttribute>()!)).Where(command => command.Item2 is not null),
    ];

    private static PSObject Row(string name, object? value)
    {
        PSObject row = new();
        row.Properties.Add(new PSNoteProperty(name, value));
        return row;
    }

    private static void InCulture(string name, Action body)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
            body();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
