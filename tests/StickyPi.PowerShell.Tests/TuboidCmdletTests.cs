using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Labels;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Connections;
using StickyPi.PowerShell.Labels;
using StickyPi.PowerShell.Loading;
using StickyPi.PowerShell.Tuboids;

namespace StickyPi.Tests;

/// <summary>The work of the commands on tuboids and labels without an engine.</summary>
public sealed class TuboidCmdletTests : StoreCmdletTest
{
    [Fact]
    public async Task A_series_folder_and_the_folders_in_it_give_one_result_a_tuboid()
    {
        string[] folders = Tuboids.WriteSeries(Folder["in"], 3);
        _ = Directory.CreateDirectory(Path.Combine(Folder["in"], "notes"));
        using SendStickyTuboidCommand send = new() { Connection = Connection, AlgoName = "sim" };

        await send.ProcessAsync(Input([Folder["in"] + Path.DirectorySeparatorChar, .. folders]), Sink, default);

        Assert.Empty(Sink.Errors);
        Assert.Equal(folders, Sink.Objects.Cast<SendTuboidResult>().Select(result => result.Path).Order(StringComparer.Ordinal));
        Assert.Equal(folders.Order(), Sink.Questions.Select(question => question.Target).Order());
        Assert.Equal(3, Assert.IsType<SendTuboidResult>(Sink.Objects[0]).Tuboid.SeriesTuboidCount);
    }

    [Fact]
    public async Task A_folder_with_the_files_of_a_tuboid_and_another_name_is_refused_and_not_passed_over()
    {
        string misnamed = Tuboids.Write(Folder["in"], Tuboids.Id(0) + "-copy");
        using SendStickyTuboidCommand send = new() { Connection = Connection, AlgoName = "sim" };

        await send.ProcessAsync(Input(Folder["in"]), Sink, default);

        StickyException error = Assert.Single(Sink.Errors);
        Assert.Equal(("InvalidTuboidId", (object)misnamed), (error.ErrorId, error.Target));
    }

    [Fact]
    public async Task A_folder_without_tuboids_is_a_warning()
    {
        _ = Tuboids.WriteSeries(Folder["root/series"], 1);
        using SendStickyTuboidCommand send = new() { Connection = Connection, AlgoName = "sim" };

        await send.ProcessAsync(Input(Folder["root"]), Sink, default);

        Assert.StartsWith($"Nothing was sent: '{Folder["root"]}'", Assert.Single(Sink.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_found_is_a_warning_that_says_what_was_looked_for()
    {
        using GetStickyTuboidCommand get = new() { Connection = Connection, StartTime = Tuboids.Start, AlgoName = ["sim*"] };

        await get.ProcessAsync(Input("5c17*"), Sink, default);

        Assert.Equal(
            "The store has no tuboids of '5c17*', made by 'sim*', whose series starts at 2021-06-01_00-00-00 or later (UTC).", Assert.Single(Sink.Warnings));
    }

    [Fact]
    public async Task An_empty_pipeline_means_none_and_not_all()
    {
        await SendAsync(2);
        using AddStickyLabelCommand add = new() { Connection = Connection };
        await add.ProcessAsync(new[] { Label(0) }.ToAsyncEnumerable(), Sink, default);
        using GetStickyTuboidCommand tuboids = new() { Connection = Connection };
        using GetStickyLabelCommand labels = new() { Connection = Connection };
        using RemoveStickyTuboidSeriesCommand remove = new() { Connection = Connection };

        await tuboids.ProcessAsync(AsyncEnumerable.Empty<string>(), Sink, default);
        await labels.ProcessAsync(AsyncEnumerable.Empty<string?>(), Sink, default);
        RecordingSink removing = new();
        await remove.ProcessAsync(AsyncEnumerable.Empty<TuboidSeriesReference>(), removing, default);

        Assert.Empty(Sink.Objects);
        Assert.Empty(removing.Questions);
        Assert.Equal(2, await Connection.Store.GetTuboidsAsync(new()).CountAsync());
    }

    [Fact]
    public async Task A_series_is_asked_about_once_and_named_with_all_that_goes()
    {
        await SendAsync(3);
        List<StickyTuboid> tuboids = await Connection.Store.GetTuboidsAsync(new()).ToListAsync();
        using RemoveStickyTuboidSeriesCommand remove = new() { Connection = Connection };
        RecordingSink refusing = new(shouldProcess: false);

        await remove.ProcessAsync(tuboids.Select(tuboid => tuboid.Series).ToAsyncEnumerable(), refusing, default);

        Assert.Equal(
            $"5c173ff2 2021-06-01_00-00-00 to 2021-06-01_19-00-00, sim {Tuboids.Version}: 3 tuboids", Assert.Single(refusing.Questions).Target);
        Assert.Equal(3, await Connection.Store.GetTuboidsAsync(new()).CountAsync());

        await remove.ProcessAsync(tuboids.Select(tuboid => tuboid.Series).ToAsyncEnumerable(), Sink, default);

        Assert.Empty(Sink.Errors);
        Assert.Equal(0, await Connection.Store.GetTuboidsAsync(new()).CountAsync());
    }

    [Fact]
    public async Task Only_the_series_within_the_range_and_of_the_algorithm_go()
    {
        await SendAsync(1);
        await RemoveAsync("OTHER", Tuboids.End);
        await RemoveAsync("*", Tuboids.End.AddSeconds(-1));
        Assert.All(Sink.Warnings, warning => Assert.StartsWith("Nothing was removed", warning, StringComparison.Ordinal));
        Assert.Equal(2, Sink.Warnings.Count);
        Assert.Equal(1, await Connection.Store.GetTuboidSeriesAsync(new()).CountAsync());

        await RemoveAsync("SIM", Tuboids.End);
        Assert.Equal(0, await Connection.Store.GetTuboidSeriesAsync(new()).CountAsync());

        async Task RemoveAsync(string algorithm, DateTime end)
        {
            using RemoveStickyTuboidSeriesCommand remove = new()
            {
                Connection = Connection,
                Device = ["5c17*"],
                StartTime = Tuboids.Start,
                EndTime = end,
                AlgoName = [algorithm],
            };
            await remove.ProcessAsync(AsyncEnumerable.Empty<TuboidSeriesReference>(), Sink, default);
        }
    }

    [Fact]
    public async Task A_label_that_was_not_confirmed_is_not_added()
    {
        await SendAsync(1);
        using AddStickyLabelCommand add = new() { Connection = Connection };
        RecordingSink refusing = new(shouldProcess: false);

        await add.ProcessAsync(new[] { Label(0) }.ToAsyncEnumerable(), refusing, default);

        Assert.Equal(Tuboids.Id(0), Assert.Single(refusing.Questions).Target);
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

    private static IAsyncEnumerable<string> Input(params string[] items) => items.ToAsyncEnumerable();

    private static NewLabel Label(int number) => new()
    {
        TuboidId = Tuboids.Id(number),
        AlgoName = "itc",
        AlgoVersion = "1",
        Label = 3,
        Pattern = "^Insecta.*",
        Type = "Insecta",
    };

    private async Task SendAsync(int count)
    {
        using SendStickyTuboidCommand send = new() { Connection = Connection, AlgoName = "sim" };
        await send.ProcessAsync(Input(Tuboids.WriteSeries(Folder["in"], count)), new RecordingSink(), default);
    }
}
