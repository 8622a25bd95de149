using System.Management.Automation;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Labels;
using StickyPi.PowerShell.Tuboids;

namespace StickyPi.Tests;

/// <summary>The commands on tuboids and labels; Pester has the rest.</summary>
public sealed class TuboidCmdletTests : StoreCmdletTest
{
    private const string AddLabel = "Add-StickyLabel $id -AlgoName itc -AlgoVersion 1 -Label 3 -Pattern '^Insecta.*' -Type Insecta";

    [Fact]
    public void A_series_folder_and_the_folders_in_it_give_one_result_a_tuboid()
    {
        string[] folders = Tuboids.WriteSeries(Folder["in"], 3);
        _ = Directory.CreateDirectory(Path.Combine(Folder["in"], "notes"));

        Session.Said said = Send([Folder["in"] + Path.DirectorySeparatorChar, .. folders]);

        Assert.Empty(said.Errors);
        Assert.Equal(folders, said.Objects.Cast<SendTuboidResult>().Select(result => result.Path).Order(StringComparer.Ordinal));
        Assert.Equal(folders.Order(), said.Questions.Select(question => question.Target).Order());
        Assert.Equal(3, Assert.IsType<SendTuboidResult>(said.Objects[0]).Tuboid.SeriesTuboidCount);
    }

    [Fact]
    public void A_folder_with_the_files_of_a_tuboid_and_another_name_is_refused_and_not_passed_over()
    {
        string misnamed = Tuboids.Write(Folder["in"], Tuboids.Id(0) + "-copy");

        Session.Said said = Send(Folder["in"]);

        Assert.Equal("InvalidTuboidId", Assert.Single(said.ErrorIds));
        Assert.Equal(misnamed, said.Errors[0].TargetObject);
    }

    [Fact]
    public void A_folder_without_tuboids_is_a_warning()
    {
        _ = Tuboids.WriteSeries(Folder["root/series"], 1);

        Session.Said said = Send(Folder["root"]);

        Assert.StartsWith($"Nothing was sent: '{Folder["root"]}'", Assert.Single(said.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_found_is_a_warning_that_says_what_was_looked_for()
    {
        Session.Said said = Run("Get-StickyTuboid 5c17* -StartTime $start -AlgoName sim*", ("start", Tuboids.Start));

        Assert.Equal(
            "The store has no tuboids of '5c17*', made by 'sim*', whose series starts at 2021-06-01_00-00-00 or later (UTC).", Assert.Single(said.Warnings));
    }

    [Fact]
    public async Task An_empty_pipeline_means_none_and_not_all()
    {
        SendSeries(2);
        Assert.Empty(Add(0).Errors);

        Assert.Empty(Run("@() | Get-StickyTuboid").Objects);
        Assert.Empty(Run("@() | Get-StickyLabel").Objects);
        Assert.Empty(Run("@() | Remove-StickyTuboidSeries").Questions);
        Assert.Equal(1, await Connection.Store.GetLabelsAsync(new()).CountAsync());
        Assert.Equal(2, await Connection.Store.GetTuboidsAsync(new()).CountAsync());
    }

    [Fact]
    public async Task A_series_is_asked_about_once_and_named_with_all_that_goes()
    {
        SendSeries(3);
        List<StickyTuboid> tuboids = await Connection.Store.GetTuboidsAsync(new()).ToListAsync();

        Session.Said refused = Refuse("$tuboids | Remove-StickyTuboidSeries", ("tuboids", tuboids));

        Assert.Equal(
            $"5c173ff2 2021-06-01_00-00-00 to 2021-06-01_19-00-00, sim {Tuboids.Version}: 3 tuboids", Assert.Single(refused.Questions).Target);
        Assert.Equal(3, await Connection.Store.GetTuboidsAsync(new()).CountAsync());

        Session.Said said = Run("$tuboids | Remove-StickyTuboidSeries", ("tuboids", tuboids));

        Assert.Empty(said.Errors);
        Assert.Equal(0, await Connection.Store.GetTuboidsAsync(new()).CountAsync());
    }

    [Theory]
    [InlineData("[pscustomobject]@{ Device = '5c173ff2'; StartTime = '2021-06-01'; EndTime = '2021-06-02' }")]
    [InlineData("@{ Device = '5c173ff2'; StartTime = '2021-06-01'; EndTime = '2021-06-02' }")]
    public async Task A_row_is_made_into_no_tuboid_whose_series_would_go(string row)
    {
        SendSeries(1);

        Session.Said said = Run($"{row} | Remove-StickyTuboidSeries");

        Assert.Equal("ParameterArgumentTransformationError", Assert.Single(said.ErrorIds));
        Assert.Contains("Pipe what Get-StickyTuboid returns", said.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Connection.Store.GetTuboidSeriesAsync(new()).CountAsync());
    }

    [Fact]
    public async Task Only_the_series_within_the_range_and_of_the_algorithm_go()
    {
        SendSeries(1);
        Session.Said[] nothing = [Remove("OTHER", Tuboids.End), Remove("*", Tuboids.End.AddSeconds(-1))];
        Assert.All(nothing, said => Assert.StartsWith("Nothing was removed", Assert.Single(said.Warnings), StringComparison.Ordinal));
        Assert.Equal(1, await Connection.Store.GetTuboidSeriesAsync(new()).CountAsync());

        _ = Remove("SIM", Tuboids.End);
        Assert.Equal(0, await Connection.Store.GetTuboidSeriesAsync(new()).CountAsync());

        Session.Said Remove(string algorithm, DateTime end) => Run(
            "Remove-StickyTuboidSeries 5c17* $start $end -AlgoName $algorithm",
            ("start", Tuboids.Start),
            ("end", end),
            ("algorithm", algorithm));
    }

    [Fact]
    public async Task A_label_that_was_not_confirmed_is_not_added()
    {
        SendSeries(1);

        Session.Said refused = Refuse(AddLabel, ("id", Tuboids.Id(0)));

        Assert.Equal(Tuboids.Id(0), Assert.Single(refused.Questions).Target);
        Assert.Equal(0, await Connection.Store.GetLabelsAsync(new()).CountAsync());
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData(" -7 ", -7)]
    [InlineData(4.0, 4.0)]
    [InlineData(5L, 5L)]
    public void Whole_numbers_are_taken(object input, object expected) => Assert.Equal(expected, WholeNumberAttribute.Transform(input));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2.5")]
    [InlineData(2.5)]
    [InlineData("three")]
    [InlineData(true)]
    public void What_the_engine_would_make_a_number_of_is_refused(object? input) =>
        Assert.Throws<ArgumentTransformationMetadataException>(() => WholeNumberAttribute.Transform(input));

    // Whatever a tuboid has by the name of a parameter is bound to it when tuboids are piped.
    [Fact]
    public void Nothing_of_a_tuboid_but_its_id_becomes_part_of_a_new_label() => Assert.Equal(
        ["TuboidId"],
        typeof(StickyTuboid).GetProperties().Select(property => property.Name)
            .Intersect(typeof(AddStickyLabelCommand).GetProperties().Select(property => property.Name), StringComparer.OrdinalIgnoreCase));

    private Session.Said Send(params string[] folders) => Run("Send-StickyTuboid -LiteralPath $folders -AlgoName sim", ("folders", folders));

    private void SendSeries(int count)
    {
        Session.Said said = Send(Tuboids.WriteSeries(Folder["in"], count));
        Assert.Empty(said.Errors);
        Assert.Equal(count, said.Objects.Count);
    }

    private Session.Said Add(int number) => Run(AddLabel, ("id", Tuboids.Id(number)));
}
