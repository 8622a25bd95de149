using System.Collections;
using System.Globalization;
using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.Core.Tuboids;

namespace StickyPi.Tests;

/// <summary>Lists of series through the pipeline, each object being one.</summary>
public sealed class SeriesCmdletTests : StoreCmdletTest
{
    private const string First = "0a5bb6f4";
    private const string Second = "5c173ff2";

    private const string Invalid = "InvalidSeries";
    private const string Unreadable = "ParameterArgumentTransformationError";

    private static readonly (string Item, string ErrorId)[] Refused =
    [
        ("[pscustomobject]@{ Device = '5c173ff2'; StartTime = '2021-06-01' }", Invalid),
        ("[pscustomobject]@{ device = '5c173ff2'; end_datetime = '2021-06-01' }", Invalid),
        ("[pscustomobject]@{ Device = '5c173ff2'; StartTime = '2021-06-01'; EndTime = $null }", Invalid),
        ("[pscustomobject]@{ Device = '5c173ff2'; StartTime = $null; EndTime = $null }", Invalid),
        ("[pscustomobject]@{ Device = '5c173ff2'; StartTime = 'soon'; EndTime = '2021-06-02' }", Unreadable),
        ("[pscustomobject]@{ Device = '5c173ff2'; StartTime = ''; EndTime = '' }", Unreadable),
        ("[pscustomobject]@{ Device = '5c173ff2'; StartTime = 2021; EndTime = 2022 }", Unreadable),
        ("[pscustomobject]@{ Device = 51731725; StartTime = '2021-06-01'; EndTime = '2021-06-02' }", Unreadable),
        ("[pscustomobject]@{ Device = '5c173ff2'; StartTime = '2021-06-02'; EndTime = '2021-06-01' }", "InvalidTimeRange"),
        ("@{ Device = '5c173ff2'; StartTime = 'soon'; EndTime = '2021-06-02' }", Invalid),
        ("@{ Device = '5c173ff2'; StartTime = '2021-06-01' }", Invalid),
        ("[pscustomobject]@{ devise = '5c173ff2'; StartTime = '2021-06-01'; EndTime = '2021-06-02' }", Unreadable),
        ("[pscustomobject]@{ TuboidId = 'x'; Device = '5c173ff2'; StartTime = '2021-06-01'; EndTime = '2021-06-02' }", Invalid),
        ("$tuboid", Invalid),
        ("[pscustomobject]@{ Device = '5c173ff2'; TuboidId = $null }", Invalid),
        ("@{ Device = '5c173ff2'; DateTime = $null }", Invalid),
        ("$storageItem", Unreadable),
        ("@(, @(1, 2))", Unreadable),
    ];

    [Fact]
    public void Rows_of_a_csv_file_with_the_names_of_the_existing_api_are_one_series_each()
    {
        SendPictures(9);

        Session.Said said = Run(
            """
            "device,start_datetime,end_datetime
            5c173ff2,2021-06-01 00:40:00,2021-06-01 01:20:00
            0a5bb6f4,2021-06-01_00-00-00,2021-06-01_00-20-00
            5C17%,2021-06-01T01:00:00,2021-06-01T01:40:00
            5c173ff2,2021-06-01T00:20:00Z,2021-06-01T00:21:00Z" | ConvertFrom-Csv | Get-StickyImageSeries
            """);

        Assert.Empty(said.Errors);
        Assert.Empty(said.Warnings);
        Assert.Equal([(First, 0), (Second, 20), (Second, 40), (Second, 60), (Second, 80)], Pictured(said));
    }

    [Fact]
    public void Hashtables_and_devices_alone_are_series_too_and_each_picture_comes_once()
    {
        SendPictures(3);

        Session.Said said = Run(
            "@{ device = '0a5bb6f4'; start_datetime = '2021-06-01 00:20'; end_datetime = '2021-06-01 00:40' }, '5c173ff2', "
                + "[pscustomobject]@{ Device = '*'; StartTime = [datetime]::new(2021, 6, 1); EndTime = '2021-06-01_00-01-00' } "
                + "| Get-StickyImageSeries");

        Assert.Empty(said.Errors);
        Assert.Equal([(First, 0), (First, 20), (Second, 0), (Second, 20), (Second, 40)], Pictured(said));
    }

    [Fact]
    public void First_skip_and_the_total_count_are_of_all_series_together()
    {
        SendPictures(6);
        (string Device, int Start, int End)[] ranges = [(Second, 60, 100), (First, 0, 40), (First, 20, 60), (Second, 0, 20)];
        string rows = string.Join(", ", ranges.Select(row =>
            $"[pscustomobject]@{{ Device = '{row.Device}'; StartTime = '{At(row.Start)}'; EndTime = '{At(row.End)}' }}"));
        (string, int)[] all = [(First, 0), (First, 20), (First, 40), (Second, 0), (Second, 60), (Second, 80)];

        Assert.Equal(all, Pictured(Run($"{rows} | Get-StickyImageSeries")));
        for (int skip = 0; skip <= all.Length; skip++)
        {
            Assert.Equal(all.Skip(skip).Take(2), Pictured(Run($"{rows} | Get-StickyImageSeries -Skip {skip} -First 2")));
        }

        Session.Said counted = Run($"{rows} | Get-StickyImageSeries -IncludeTotalCount -First 0");
        Assert.Equal(6UL, Assert.Single(counted.Objects));
        Assert.Empty(counted.Warnings);
    }

    [Fact]
    public void What_is_no_series_is_an_error_of_that_object_and_the_others_go_on()
    {
        SendPictures(2);
        Annotate(First, 0);
        Annotate(Second, 0);
        DateTime until = Pictures.Start.AddMinutes(10);
        string[] folders =
            [.. ((string[])[First, Second]).SelectMany(device => Tuboids.WriteSeries(Folder[device], 1, device, Pictures.Start, until))];
        Assert.Empty(Run("Send-StickyTuboid $folders -AlgoName sim", ("folders", folders)).Errors);
        Set("tuboid", Run("Get-StickyTuboid 5c173ff2").Objects.OfType<StickyTuboid>().Single());
        Set("storageItem", new Core.Storage.StickyStorageItem { Key = "5c173ff2", Size = 1, LastModified = Pictures.Start });
        string[] commands = ["ImageSeries", "Annotation", "AnnotatedImage", "Tuboid"];
        Assert.All(Refused.SelectMany(refused => commands.Select(command => (refused.Item, refused.ErrorId, Command: command))), refused =>
        {
            Session.Said said = Run(
                $"{refused.Item}, [pscustomobject]@{{ Device = '0a5bb6f4'; StartTime = '2021-06-01'; EndTime = '2021-06-01_00-20-00' }} "
                    + $"| Get-Sticky{refused.Command}");

            Assert.Equal(refused.ErrorId, Assert.Single(said.ErrorIds));
            Assert.Equal([First], said.Objects.Select(OwnDevice));
        });
    }

    [Fact]
    public void A_picture_is_no_series_and_a_command_behind_removes_only_what_was_meant()
    {
        SendPictures(3);
        object[] images = [.. Run("Get-StickyImageSeries 5c173ff2 -First 2").Objects];

        Session.Said refused = Run("$images | Get-StickyImageSeries", ("images", images));
        Assert.Equal(["InvalidSeries", "InvalidSeries"], refused.ErrorIds);
        Assert.Contains("Get-StickyImage takes pictures", refused.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(refused.Objects);
        Assert.Equal(["InvalidSeries"], Run("$images[0] | Select-Object Device, DateTime | Get-StickyTuboid").ErrorIds);

        Session.Said removed = Run(
            "[pscustomobject]@{ Device = '5c173ff2'; StartTime = '2021-06-01_00-20-00'; EndTime = '2021-06-01_00-40-00' }, "
                + "[pscustomobject]@{ Device = '*'; StartTime = '2021-06-01' } | Get-StickyImageSeries | Remove-StickyImage");

        Assert.Equal(["InvalidSeries"], removed.ErrorIds);
        Assert.Equal("5c173ff2 2021-06-01 00:20:00", Assert.Single(removed.Questions).Target);
    }

    [Fact]
    public void A_refused_object_leaves_the_others_all_their_times()
    {
        SendPictures(3);

        Session.Said said = Run(
            "[pscustomobject]@{ Device = '5c173ff2' }, [pscustomobject]@{ Device = '0a5bb6f4'; StartTime = '2021-06-01_00-40-00' } "
                + "| Get-StickyImageSeries");

        Assert.Equal(["InvalidSeries"], said.ErrorIds);
        Assert.Equal([(Second, 0), (Second, 20), (Second, 40)], Pictured(said));
    }

    [Fact]
    public void Script_blocks_give_each_object_its_own_times()
    {
        SendPictures(3);

        Session.Said said = Run(
            "[pscustomobject]@{ dev = '5c173ff2'; from = '2021-06-01 00:00'; to = '2021-06-01 00:20' }, "
                + "[pscustomobject]@{ dev = '0a5bb6f4'; from = '2021-06-01 00:40'; to = '2021-06-01 01:00' } "
                + "| Get-StickyImageSeries -Device { $_.dev } -StartTime { $_.from } -EndTime { $_.to }");

        Assert.Empty(said.Errors);
        Assert.Equal([(First, 40), (Second, 0)], Pictured(said));
    }

    [Fact]
    public void A_script_block_that_gives_no_time_is_an_error_of_that_object()
    {
        SendPictures(3);
        const string noTime = "[pscustomobject]@{ dev = '5c173ff2'; from = $null; to = $null }";

        Session.Said said = Run(
            $"{noTime}, [pscustomobject]@{{ dev = '0a5bb6f4'; from = '2021-06-01 00:40'; to = '2021-06-01 01:00' }} "
                + "| Get-StickyImageSeries -Device { $_.dev } -StartTime { $_.from } -EndTime { $_.to }");

        Assert.Equal(["InvalidSeries"], said.ErrorIds);
        Assert.Equal([(First, 40)], Pictured(said));
        Assert.Equal(["InvalidSeries"], Run($"{noTime} | Get-StickyTuboid -Device {{ $_.dev }} -StartTime {{ $_.from }}").ErrorIds);
        Assert.Equal(["InvalidSeries"], Run("'5c173ff2' | Get-StickyImageSeries -StartTime { $null } -EndTime { $null }").ErrorIds);
        Session.Said exact = Run($"{noTime} | Get-StickyAnnotatedImage -Device {{ $_.dev }} -DateTime {{ $_.from }}");
        Assert.Equal(["ParameterArgumentValidationError"], exact.ErrorIds);
        Assert.Empty(exact.Objects);
    }

    [Fact]
    public void A_script_block_wins_over_a_column_of_the_same_name()
    {
        SendPictures(3);

        Session.Said said = Run(
            "[pscustomobject]@{ Device = 'site 1'; dev = '5c173ff2'; "
                + "StartTime = 'dawn'; from = '2021-06-01 00:20'; EndTime = '2021-06-01 00:40' } "
                + "| Get-StickyImageSeries -Device { $_.dev } -StartTime { $_.from }");

        Assert.Empty(said.Errors);
        Assert.Empty(said.Warnings);
        Assert.Equal([(Second, 20)], Pictured(said));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ dev = '5c173ff2'; Note = 'x' } | Get-StickyImageSeries -Device { $_.dev }")]
    [InlineData("[pscustomobject]@{ Device = '0a5bb6f4'; id = '5c173ff2'; Note = 'x' } | Get-StickyImageSeries -Device { $_.id }")]
    [InlineData("[pscustomobject]@{ d = '5c173ff2'; t = '2021-06-01' } | Get-StickyImage -Device { $_.d } -DateTime { $_.t }")]
    public void Columns_that_a_script_block_may_read_are_not_told_of(string script)
    {
        SendPictures(1);

        Session.Said said = Run(script);

        Assert.Equal([(Second, 0)], Pictured(said));
        Assert.Empty(said.Warnings);
    }

    [Theory]
    [InlineData("Get-StickyImageSeries $item")]
    [InlineData("Get-StickyAnnotation -Device $item")]
    [InlineData("Get-StickyTuboid $item")]
    [InlineData("Set-StickyProperty $item -Value @{ a = 1 }")]
    [InlineData("Remove-StickyProperty -Device $item -Confirm:$false")]
    public void An_object_that_means_less_than_its_device_is_refused_as_an_argument(string command)
    {
        SendPictures(1);
        object image = Run("Get-StickyImageSeries 5c173ff2").Objects.Single();

        const string row = "([pscustomobject]@{ Device = '5c173ff2'; StartTime = '2021-06-01'; EndTime = '2021-06-02' })";
        foreach (string item in (string[])["$image", row])
        {
            Session.Said said = RunToFailure(command.Replace("$item", item, StringComparison.Ordinal), ("image", image));

            Assert.Equal(command.Contains("Property", StringComparison.Ordinal) ? "WrongObject" : "InvalidSeries", said.FailureId);
        }

        Assert.Equal([(Second, 0)], Pictured(Run("Get-StickyImageSeries (Get-StickyDevice 5c173ff2)")));
        _ = Run("Set-StickyProperty 5c173ff2 -Name a -Value 1");
        Assert.Equal([(Second, 0)], Pictured(Run("Get-StickyProperty 5c173ff2 | Get-StickyImageSeries")));
    }

    [Fact]
    public void Times_of_objects_and_of_the_command_line_contradict_each_other()
    {
        SendPictures(2);

        Session.Said said = Run(
            "[pscustomobject]@{ Device = '5c173ff2'; StartTime = '2021-06-01'; EndTime = '2021-06-02' } "
                + "| Get-StickyImageSeries -EndTime 2021-07-01");

        Assert.Equal("InvalidSeries", Assert.Single(said.ErrorIds));
        Assert.Empty(said.Objects);
        Assert.Empty(said.Warnings);
        Assert.Empty(Run(
            "[pscustomobject]@{ Device = '5c173ff2'; start_datetime = '2021-06-01' } "
                + "| Get-StickyImageSeries -StartTime 2021-06-01 -ErrorAction Ignore").Warnings);
    }

    [Fact]
    public void A_refusal_says_what_was_piped_and_what_can_be_done_with_it()
    {
        SendPictures(1);
        Annotate(Second, 0);

        ErrorRecord annotation = Assert.Single(Run("Get-StickyAnnotation | Get-StickyImageSeries").Errors);
        Assert.StartsWith("An annotation ", annotation.Exception.Message, StringComparison.Ordinal);
        foreach (string command in (string[])["ImageSeries", "Annotation", "AnnotatedImage", "Tuboid"])
        {
            ErrorRecord hashtable = Assert.Single(Run($"@{{ Device = '5c173ff2'; DateTime = '2021-06-01' }} | Get-Sticky{command}").Errors);
            Assert.Contains("[pscustomobject]", hashtable.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_series_of_a_list_that_is_empty_is_named()
    {
        SendPictures(1);

        Session.Said said = Run(
            "'2021', '2022' | ForEach-Object { [pscustomobject]@{ Device = '5c17*'; StartTime = \"$_-06-01\"; EndTime = \"$_-06-02\" } } "
                + "| Get-StickyImageSeries");

        _ = Assert.Single(said.Objects);
        Assert.Equal(
            "The series is empty: the store has no picture of '5c17*' from 2022-06-01_00-00-00 until before 2022-06-02_00-00-00 (UTC).",
            Assert.Single(said.Warnings));
    }

    [Fact]
    public void Annotations_and_annotated_pictures_take_the_same_lists()
    {
        SendPictures(3);
        Annotate(Second, 0, 20, 40);
        const string rows =
            "[pscustomobject]@{ device = '5c173ff2'; start_datetime = '2021-06-01_00-20-00'; end_datetime = '2021-06-01_01-00-00' }, "
            + "[pscustomobject]@{ device = '%'; start_datetime = '2021-06-01_00-40-00'; end_datetime = '2021-06-01_01-00-00' }";

        Session.Said annotations = Run($"{rows} | Get-StickyAnnotation");
        Session.Said images = Run($"{rows} | Get-StickyAnnotatedImage");

        Assert.Empty(annotations.Errors);
        Assert.Equal([20, 40], annotations.Objects.Cast<StickyAnnotation>().Select(item => Minute(item.DateTime)));
        Assert.Equal(
            [(First, 40), (Second, 20), (Second, 40)],
            images.Objects.Cast<StickyAnnotatedImage>().Select(item => (item.Device, Minute(item.DateTime))));
        Assert.Equal([1], Run("[pscustomobject]@{ Device = '5c173ff2'; DateTime = '2021-06-01_00-20-00' } | Get-StickyAnnotation")
            .Objects.Cast<StickyAnnotation>().Select(item => item.ObjectCount));
    }

    [Fact]
    public void A_tuboid_belongs_to_a_series_of_the_list_that_its_own_lies_in_and_comes_once()
    {
        (string, int, int)[] all = [(Second, 0, 4), (Second, 2, 6), (Second, 5, 9), (First, 1, 2)];
        foreach ((string device, int start, int end) in all)
        {
            DateTime from = Pictures.Start.AddHours(start);
            DateTime until = Pictures.Start.AddHours(end);
            Assert.Empty(Run(
                "Send-StickyTuboid $folders -AlgoName sim",
                ("folders", Tuboids.WriteSeries(Folder[$"{device}-{start}"], 2, device, from, until))).Errors);
        }

        Assert.Equal([(Second, 0), (Second, 0), (Second, 2), (Second, 2)], Found((Second, 0, 6)));
        Assert.Equal([(Second, 2), (Second, 2), (Second, 5), (Second, 5)], Found((Second, 1, 8), (Second, 2, 6), ("5c*", 4, 9)));
        Assert.Equal(
            [(First, 1), (First, 1), (Second, 0), (Second, 0), (Second, 2), (Second, 2), (Second, 5), (Second, 5)],
            Found(("*", 0, 4), (Second, 1, 7), (Second, 3, 10)));
        Assert.Equal([], Found((Second, 1, 5), (Second, 3, 8)));

        IEnumerable<(string Device, int Hour)> Found(params (string Device, int Start, int End)[] rows) => Run(
            "$rows | Get-StickyTuboid",
            ("rows", rows.Select(row => Row(row.Device, Pictures.Start.AddHours(row.Start), Pictures.Start.AddHours(row.End))).ToArray()))
            .Objects.Cast<StickyTuboid>().Select(tuboid => (tuboid.Device, tuboid.SeriesStartTime.Hour));
    }

    [Fact]
    public void Random_lists_come_as_the_pictures_do_that_any_of_their_series_has()
    {
        SendPictures(12);
        Random random = new(13);
        string[] patterns = [First, Second, "*", "0a%", "5C173FF2"];
        for (int round = 0; round < 20; round++)
        {
            (string Device, int Start, int End)[] rows =
            [
                .. Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
                    (random.GetItems(patterns, 1)[0], Start: random.Next(12) * 20, random.Next(1, 5) * 20))
                    .Select(row => (row.Item1, row.Start, row.Start + row.Item3)),
            ];
            (string, int)[] expected =
            [
                .. ((string[])[First, Second]).SelectMany(device => Enumerable.Range(0, 12).Select(i => (device, i * 20)))
                    .Where(image => rows.Any(row =>
                        DevicePattern.Matches(image.device, [row.Device]) && image.Item2 >= row.Start && image.Item2 < row.End)),
            ];

            Session.Said said = Run(
                "$rows | Get-StickyImageSeries -WarningAction SilentlyContinue",
                ("rows", rows
                    .Select(row => Row(row.Device, Pictures.Start.AddMinutes(row.Start), Pictures.Start.AddMinutes(row.End))).ToArray()));

            Assert.Equal(expected, Pictured(said));
        }
    }

    private static PSObject Row(string device, DateTime start, DateTime end)
    {
        PSObject row = new();
        row.Properties.Add(new PSNoteProperty("Device", device));
        row.Properties.Add(new PSNoteProperty("StartTime", start));
        row.Properties.Add(new PSNoteProperty("EndTime", end));
        return row;
    }

    private static string At(int minute) => StickyTime.ToFileText(Pictures.Start.AddMinutes(minute));

    private static int Minute(DateTime time) => (int)(time - Pictures.Start).TotalMinutes;

    private static IEnumerable<(string, int)> Pictured(Session.Said said) =>
        said.Objects.Cast<StickyImage>().Select(image => (image.Device, Minute(image.DateTime)));

    private static string? OwnDevice(object found) => PSObject.AsPSObject(found).Properties["Device"].Value as string;

    private void Set(string name, object value) => _ = Run("", (name, value));

    private void SendPictures(int count)
    {
        foreach (string device in (string[])[First, Second])
        {
            _ = Pictures.WriteSeries(Folder["card"], device, count);
        }

        Assert.Empty(Run("Send-StickyImage -LiteralPath $card -Recurse", ("card", Folder["card"])).Errors);
    }

    private void Annotate(string device, params int[] minutes)
    {
        foreach (int minute in minutes)
        {
            StickyImage image = (StickyImage)Run($"Get-StickyImage {device} {At(minute)}").Objects[0];
            Hashtable element = new()
            {
                ["annotations"] = new object[]
                {
                    new Hashtable
                    {
                        ["contour"] = new object[] { new[] { 1, 1 }, new[] { 9, 1 }, new[] { 9, 9 } },
                        ["name"] = "insect",
                        ["fill_colour"] = "#ff0000",
                        ["stroke_colour"] = "#0000ff",
                        ["value"] = 0,
                    },
                },
                ["metadata"] = new Hashtable
                {
                    ["device"] = device,
                    ["datetime"] = At(minute),
                    ["algo_name"] = "by-hand",
                    ["algo_version"] = "1598113346-ad2cd78dfaca12821046dfb8994724d5",
                    ["md5"] = image.Md5,
                },
            };
            Assert.Empty(Run("Add-StickyAnnotation $element", ("element", element)).Errors);
        }
    }
}
