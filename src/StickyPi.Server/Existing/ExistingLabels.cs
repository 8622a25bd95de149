using System.Globalization;
using StickyPi.Core;
using StickyPi.Core.Labels;
using StickyPi.Core.Remote.Existing;
using StickyPi.Server.Access;

namespace StickyPi.Server.Existing;

/// <summary>What the existing API does with the labels of tuboids.</summary>
internal static class ExistingLabels
{
    /// <summary><c>put_itc_labels</c>: each label is stored or refused by itself; the answer tells of the first that was refused.</summary>
    public static async Task PutAsync(HttpContext context)
    {
        List<NewLabel> labels = await JsonInput.ReadListAsync(context, Read);
        List<Outcome<StickyLabel>> outcomes = await context.GetStore()
            .AddLabelsAsync(labels.ToAsyncEnumerable(), context.RequestAborted).ToListAsync(context.RequestAborted);
        int refused = outcomes.FindIndex(outcome => !outcome.Succeeded);
        if (refused >= 0)
        {
            StickyException error = outcomes[refused].Error!;
            int stored = outcomes.Count(outcome => outcome.Succeeded);
            string others = stored == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {stored} others of the request were stored.");
            throw new StickyException(error.ErrorId, error.Kind, error.Message + others, error.Target, error.RecommendedAction, error)
                .At(string.Create(CultureInfo.InvariantCulture, $"[{refused}]"));
        }

        await ExistingAnswers.WriteListAsync(
            context, outcomes.Select(outcome => ExistingLabel.From(outcome.Value!)).ToAsyncEnumerable(), ExistingJson.Default.ExistingLabel);
    }

    /// <summary><c>_get_itc_labels</c>: those of exact tuboids; one that is not there has none.</summary>
    public static async Task GetAsync(HttpContext context)
    {
        List<string> ids = await JsonInput.ReadListAsync(context, item => item.Required("tuboid_id").Text());
        await ExistingAnswers.WriteListAsync(
            context,
            context.GetStore().GetLabelsAsync(new LabelQuery { TuboidIds = ids }, context.RequestAborted).Select(ExistingLabel.From),
            ExistingJson.Default.ExistingLabel);
    }

    private static NewLabel Read(JsonInput item) => new()
    {
        TuboidId = item.Required("tuboid_id").Text(),
        AlgoName = item.Required("algo_name").Text(),
        AlgoVersion = item.Required("algo_version").Text(),
        Label = item.Required("label").Whole(),
        Pattern = item.Required("pattern").Text(),
        Type = item.Required("type").Text(),
        Order = item.Optional("order")?.Text(),
        Family = item.Optional("family")?.Text(),
        Genus = item.Optional("genus")?.Text(),
        Species = item.Optional("species")?.Text(),
    };
}
