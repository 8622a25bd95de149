using System.Management.Automation;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;

namespace StickyPi.Tests;

/// <summary>The commands on pictures; Pester has the rest.</summary>
public sealed class CmdletTests : StoreCmdletTest
{
    [Fact]
    public async Task Sending_a_folder_and_its_files_gives_one_result_a_file()
    {
        string[] files = Pictures.WriteSeries(Folder["card"], "5c173ff2", 5);
        await File.WriteAllTextAsync(Path.Combine(Folder["card"], "5c173ff2", "notes.txt"), "no picture");

        Session.Said said = Run("Send-StickyImage -LiteralPath $paths", ("paths", (string[])[Path.GetDirectoryName(files[0])!, .. files]));

        Assert.Equal(files.Order(), said.Objects.Cast<SendImageResult>().Select(result => result.Path).Order());
        Assert.Empty(said.Errors);
        Assert.Equal(5, said.Questions.Count);
    }

    [Fact]
    public void Folders_within_folders_are_searched_when_asked_for_and_links_are_not_followed()
    {
        string[] inner = Pictures.WriteSeries(Folder["card"], "5c173ff2", 2);
        string[] deeper = Pictures.WriteSeries(Path.Combine(Folder["card"], "old"), "0a5bb6f4", 2);
        _ = Directory.CreateSymbolicLink(Path.Combine(Folder["card"], "again"), Folder["card"]);

        Assert.Empty(new PictureFiles(recurse: false).Find(Folder["card"], default));
        Assert.Equal([.. inner, .. deeper], new PictureFiles(recurse: true).Find(Folder["card"], default).Select(found => found.File));
    }

    [Fact]
    public async Task What_a_system_leaves_on_a_card_is_left_alone_and_counted_in_one_line()
    {
        string[] files = Pictures.WriteSeries(Folder["card"], "5c173ff2", 2);
        string half = Path.Combine(Path.GetDirectoryName(files[0])!, "._" + Path.GetFileName(files[0]));
        await File.WriteAllTextAsync(half, "the other half of a file");
        foreach (string bin in (string[])[".Trashes", "$RECYCLE.BIN", ".Trash-1000", "@eaDir", "__MACOSX"])
        {
            _ = Pictures.WriteSeries(Path.Combine(Folder["card"], bin), "0a5bb6f4", 1);
        }

        PictureFiles found = new(recurse: true);
        Assert.Equal(files, found.Find(Folder["card"], default).Select(file => file.File));
        Assert.Empty(found.Find(half, default));
        Assert.Equal(6, found.LeftAlone);
        Session.Said said = Run("Send-StickyImage -Recurse -Verbose -LiteralPath $card, $half", ("card", Folder["card"]), ("half", half));
        Assert.Equal(files.Order(), said.Objects.Cast<SendImageResult>().Select(result => result.Path).Order());
        Assert.Empty(said.Errors);
        Assert.Contains(
            said.Details,
            line => line.StartsWith("6 files and folders of the system were left alone, such as '", StringComparison.Ordinal));

        // Who names a folder of a system means it.
        string named = Path.Combine(Folder["card"], ".Trashes", "0a5bb6f4");
        _ = Assert.Single(Run("Get-StickyImageMetadata -LiteralPath $named", ("named", named)).Objects);
    }

    [Fact]
    public void A_picture_from_the_future_is_a_warning_and_strict_refuses_it()
    {
        string future = Pictures.Write(Folder["card"], "5c173ff2", new DateTime(2131, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Contains(
            "is dated 2131-01-01_00-00-00",
            Assert.Single(Run("Get-StickyImageMetadata -LiteralPath $f", ("f", future)).Warnings),
            StringComparison.Ordinal);
        Assert.Equal("ImageFromFuture", Assert.Single(Run("Send-StickyImage -Strict -LiteralPath $f", ("f", future)).ErrorIds));
        Assert.Contains(
            "is dated 2131-01-01_00-00-00",
            Assert.Single(Run("Send-StickyImage -WhatIf -LiteralPath $f", ("f", future)).Warnings),
            StringComparison.Ordinal);
        Session.Said said = Run("Send-StickyImage -LiteralPath $f", ("f", future));
        Assert.Equal(Assert.Single(said.Warnings), Assert.IsType<SendImageResult>(Assert.Single(said.Objects)).Warning);
    }

    [Fact]
    public void A_folder_without_pictures_of_its_own_is_a_warning_that_names_recurse()
    {
        _ = Pictures.WriteSeries(Folder["card"], "5c173ff2", 2);

        Session.Said said = Run("Send-StickyImage -LiteralPath $card", ("card", Folder["card"]));

        Assert.Empty(said.Objects);
        Assert.Contains("-Recurse", Assert.Single(said.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_file_is_an_error_and_the_rest_goes_on()
    {
        string good = Pictures.Write(Folder["card"], "5c173ff2", Pictures.Start);
        string bad = Path.Combine(Folder["card"], "holiday.jpg");
        File.Copy(good, bad);

        Session.Said said = Run("Send-StickyImage -LiteralPath $bad, $good", ("bad", bad), ("good", good));

        Assert.Equal("InvalidFileName", Assert.Single(said.ErrorIds));
        _ = Assert.Single(said.Objects);
    }

    [Fact]
    public async Task Metadata_come_in_the_order_of_the_files_and_need_no_store()
    {
        string[] files = Pictures.WriteSeries(Folder["card"], "5c173ff2", 20);
        string broken = Path.Combine(Folder["card"], "5c173ff2.2021-01-01_00-00-00.jpg");
        await File.WriteAllBytesAsync(broken, []);

        Session.Said said = Run("Get-StickyImageMetadata -LiteralPath $files", ("files", (string[])[broken, .. files]));

        Assert.Equal(files, said.Objects.Cast<ImageMetadata>().Select(metadata => metadata.Path));
        Assert.Equal("InvalidImage", Assert.Single(said.ErrorIds));
    }

    [Fact]
    public void An_empty_series_is_a_warning()
    {
        Session.Said said = Run("Get-StickyImageSeries 5c17* -StartTime $start", ("start", Pictures.Start));

        Assert.Equal(
            "The series is empty: the store has no picture of '5c17*' from 2021-06-01_00-00-00 (UTC).", Assert.Single(said.Warnings));
        Assert.Empty(said.Objects);
    }

    [Fact]
    public void An_empty_pipeline_of_devices_means_none_and_not_all()
    {
        Assert.Equal(3, Send(3).Count);

        Assert.Empty(Run("@() | Get-StickyImageSeries").Objects);
        Assert.Empty(Run("@() | Get-StickyDevice").Objects);
    }

    [Fact]
    public async Task Nothing_is_removed_or_saved_without_consent()
    {
        ImageReference[] all = [.. Send(3).Select(result => new ImageReference(result.Device, result.DateTime))];

        Session.Said refused = Refuse("$all | Remove-StickyImage", ("all", all));

        Assert.Equal(3, refused.Questions.Count);
        Assert.Equal(3, await Connection.Store.CountImageSeriesAsync(new ImageSeriesQuery()));
        Assert.Empty(refused.Errors);
    }

    [Fact]
    public void Thousands_of_exact_pictures_come_in_order_and_unknown_ones_yield_nothing()
    {
        _ = Send(10);
        ImageReference[] asked = [.. Enumerable.Range(0, 3000).Select(i => new ImageReference("5c173ff2", Pictures.Start.AddMinutes(10 * i)))];

        Session.Said said = Run("$asked | Get-StickyImage -What Image", ("asked", asked));

        Assert.Equal(asked.Where((_, i) => i % 2 == 0).Take(10).Select(r => r.DateTime), said.Objects.Cast<StickyImage>().Select(i => i.DateTime));
    }

    [Fact]
    public async Task A_closed_connection_says_so()
    {
        await Connection.CloseAsync();

        Assert.Equal("ConnectionClosed", RunToFailure("Send-StickyImage -LiteralPath $card", ("card", Folder["card"])).FailureId);
    }

    [Fact]
    public void An_end_before_the_start_is_refused() => Assert.Equal(
        "InvalidTimeRange",
        RunToFailure(
            "Get-StickyImageSeries -StartTime $start -EndTime $end", ("start", Pictures.Start), ("end", Pictures.Start.AddDays(-1))).FailureId);

    [Fact]
    public void An_explicit_nothing_is_refused_and_never_means_no_limit()
    {
        string[] scripts =
        [
            "Get-StickyImageSeries -StartTime $null",
            "Get-StickyImageSeries -EndTime $null",
            "Get-StickyImageSeries -Device $null",
            "'5c173ff2' | Get-StickyImageSeries -EndTime $null",
            "Get-StickyAnnotation 5c173ff2 -DateTime $null",
            "Get-StickyAnnotation 5c173ff2 -DateTime @()",
            "Get-StickyAnnotation 5c173ff2 -AlgoName $null",
            "Get-StickyTuboid -StartTime $null -EndTime $null",
            "Send-StickyTuboid ./none sim -StartTime $null",
            "Send-StickyTuboid ./none sim -ImageCount $null",
            "Remove-StickyTuboidSeries * 2021-06-01 2021-06-02 -AlgoName $null",
            "Remove-StickyProperty 5c173ff2 -Name $null",
            "Set-StickyProperty 5c173ff2 -Value 1 -Name ''",
            "Save-StickyImage 5c173ff2 2021-06-01 ./out -What @()",
            "Get-StickyDevice $null",
            "Get-StickyMlBundle -Name $null",
            "Get-StickyUser -UserName $null",
            "Get-StickyUser -Email $null",
            "Set-StickyUser ada -Email $null",
            "Set-StickyUser ada -Password $null -Admin",
            "Get-StickyStorageItem -Prefix $null",
            "Remove-StickyStorageItem a -Include $null",
            "Import-StickyAnnotation ./none -AlgoVersion $null",
            "Export-StickyAnnotation ./out $null -Format $null",
            "Invoke-StickyApi /images -Body $null",
            "Connect-StickyPi -Bucket none -Credential $null",
        ];

        Assert.All(scripts, script =>
        {
            ErrorRecord error = RunToFailure(script).Failure!;
            Assert.Contains(error.FullyQualifiedErrorId.Split(',')[0], (string[])["NullParameter", "ParameterArgumentValidationError"]);
            Assert.Contains("leave the parameter out", $"{error} {error.ErrorDetails?.RecommendedAction}", StringComparison.Ordinal);
        });
        Assert.Empty(Run("Get-StickyStorageItem -Prefix ''; Get-StickyUser -UserName ''").Errors);
    }

    [Fact]
    public void A_file_of_the_system_that_is_named_is_told_of_as_such()
    {
        string half = Pictures.Write(Folder["card"], "5c173ff2", Pictures.Start).Replace(
            "5c173ff2.2021", "._5c173ff2.2021", StringComparison.Ordinal);
        File.WriteAllText(half, "the other half of a file");

        Session.Said[] all =
            [Run("Send-StickyImage -LiteralPath $half", ("half", half)), Run("Get-StickyImageMetadata -LiteralPath $half")];

        Assert.All(all, said => Assert.Equal(
            $"Nothing was {(said == all[0] ? "sent" : "read")}: '{half}', which belongs to the system and not to a device, was left alone.",
            Assert.Single(said.Warnings)));
    }

    [Fact]
    public void A_column_that_is_not_used_is_told_once_for_each_command()
    {
        _ = Send(2);
        const string rows =
            "\"device,datetime,Note,algoname`n5c173ff2,2021-06-01_00-00-00,a,x`n5c173ff2,2021-06-01_00-20-00,b,y\" | ConvertFrom-Csv";

        Session.Said images = Run($"{rows} | Get-StickyImage");
        Session.Said annotations = Run(
            $"{rows} | Remove-StickyAnnotation -AlgoName sim -AlgoVersion '1' -ErrorAction SilentlyContinue");

        Assert.Equal(2, images.Objects.Count);
        Assert.Equal(
            "Get-StickyImage does not use the columns 'Note', 'algoname' of its input. It understands DateTime, Device.",
            Assert.Single(images.Warnings));
        Assert.Equal(
            [
                "Remove-StickyAnnotation does not use the column 'Note' of its input. "
                    + "It understands AlgoName, AlgoVersion, DateTime, Device, algo_name, algo_version.",
                "Remove-StickyAnnotation does not use the column 'algoname' of its input, because -AlgoName was given.",
            ],
            annotations.Warnings);
    }

    [Theory]
    [InlineData("Get-StickyImageSeries | Get-StickyImage")]
    [InlineData("Get-StickyImageSeries | Select-Object Device, DateTime, Md5 | Get-StickyImage")]
    [InlineData("Get-StickyDevice | Get-StickyImageSeries")]
    [InlineData("'5c173ff2' | Get-StickyImageSeries")]
    [InlineData("Get-ChildItem -LiteralPath $card -Recurse -File | Get-StickyImageMetadata")]
    [InlineData("Get-StickyImageSeries | Set-StickyProperty -Name a -Value 1 -PassThru")]
    [InlineData("[pscustomobject]@{ Device = '5c173ff2'; StartTime = '2021-06-01'; EndTime = '2021-06-02' } | Get-StickyAnnotatedImage")]
    public void Objects_of_this_module_and_what_is_no_row_have_no_columns_to_tell_of(string script)
    {
        _ = Send(2);

        Session.Said said = Run(script, ("card", Folder["card"]));

        Assert.NotEmpty(said.Objects);
        Assert.Empty(said.Warnings);
        Assert.Empty(said.Errors);
    }

    private IReadOnlyList<SendImageResult> Send(int count)
    {
        Session.Said said = Run("Send-StickyImage -LiteralPath $files", ("files", Pictures.WriteSeries(Folder["card"], "5c173ff2", count)));
        Assert.Empty(said.Errors);
        return [.. said.Objects.Cast<SendImageResult>()];
    }
}
