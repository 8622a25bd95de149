using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using StickyPi.Core;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Errors;
using StickyPi.PowerShell.Images;

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
        (Type Type, CmdletAttribute Cmdlet)[] commands =
        [
            .. typeof(SendStickyImageCommand).Assembly.GetExportedTypes()
                .Select(type => (type, type.GetCustomAttribute<CmdletAttribute>()!)).Where(command => command.Item2 is not null),
        ];

        Assert.Equal(45, commands.Length);
        Assert.All(commands, command =>
        {
            string verb = command.Cmdlet.VerbName;
            bool writesObjects = verb is not ("Clear" or "Disconnect" or "Remove");
            bool writesFiles = command.Type.GetProperty("Destination") is not null;

            Assert.Equal(writesObjects, command.Type.GetCustomAttributes<OutputTypeAttribute>().Any());
            Assert.Equal(verb is not ("Get" or "Compare" or "Disconnect" or "Import" or "Test") || writesFiles, command.Cmdlet.SupportsShouldProcess);
            Assert.Equal(verb == "Remove", command.Cmdlet.ConfirmImpact == ConfirmImpact.High);
        });
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
