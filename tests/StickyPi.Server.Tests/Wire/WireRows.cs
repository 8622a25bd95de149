using System.Globalization;
using System.Text.Json.Nodes;

namespace StickyPi.Tests.Wire;

/// <summary>
/// Compares answers with captured ones. The numbers of rows may be others, but must tell the same rows apart; times of creation, tokens, urls and
/// versions are others; decimals have the precision that MariaDB keeps.
/// </summary>
public sealed class WireRows
{
    private const double Precision = 1e-5;

    private readonly Dictionary<(string Table, long Captured), long> _ids = [];

    /// <summary>What is not as it was captured.</summary>
    /// <param name="captured">The captured answer.</param>
    /// <param name="answered">The answer.</param>
    /// <returns>The differences; none where they say the same.</returns>
    public IReadOnlyList<string> Compare(JsonNode? captured, JsonNode? answered)
    {
        List<string> differences = [];
        Compare("", captured, answered, differences);
        return differences;
    }

    private void Compare(string path, JsonNode? captured, JsonNode? answered, List<string> differences)
    {
        switch (captured, answered)
        {
            case (JsonArray expected, JsonArray actual):
                // The existing server has no order.
                JsonNode?[] left = [.. expected.OrderBy(Identity, StringComparer.Ordinal)];
                JsonNode?[] right = [.. actual.OrderBy(Identity, StringComparer.Ordinal)];
                if (left.Length != right.Length)
                {
                    differences.Add($"{path}: {right.Length} instead of {left.Length} items");
                    return;
                }

                for (int i = 0; i < left.Length; i++)
                {
                    Compare($"{path}[{i}]", left[i], right[i], differences);
                }

                break;
            case (JsonObject expected, JsonObject actual):
                foreach (string name in expected.Select(field => field.Key).Union(actual.Select(field => field.Key)))
                {
                    if (!expected.ContainsKey(name) || !actual.ContainsKey(name))
                    {
                        differences.Add($"{path}.{name}: only in {(actual.ContainsKey(name) ? "the answer" : "what was captured")}");
                    }
                    else
                    {
                        CompareField($"{path}.{name}", TableOf(expected), name, expected[name], actual[name], differences);
                    }
                }

                break;
            case (JsonValue, JsonValue) when IsNumber(captured) && IsNumber(answered):
                (double a, double b) = (Number(captured), Number(answered));
                if (Math.Abs(a - b) > Precision * Math.Max(1, Math.Abs(a)))
                {
                    differences.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {b} instead of {a}"));
                }

                break;
            default:
                if (!JsonNode.DeepEquals(captured, answered))
                {
                    differences.Add($"{path}: {answered?.ToJsonString() ?? "null"} instead of {captured?.ToJsonString() ?? "null"}");
                }

                break;
        }
    }

    private void CompareField(string path, string table, string name, JsonNode? captured, JsonNode? answered, List<string> differences)
    {
        string? reason = name switch
        {
            "id" => CompareId(table, captured, answered),
            "parent_image_id" => CompareId("images", captured, answered),
            "parent_series_id" => CompareId("tuboid_series", captured, answered),
            "parent_tuboid_id" => CompareId("tiled_tuboids", captured, answered),
            "datetime_created" => StickyPi.Core.StickyTime.TryParseFileText(Text(answered), out _) ? null : "is no time",
            "api_version" => Text(answered).Length is > 0 and <= 8 ? null : "is no version",

            // The existing server forgets who added these.
            "api_user" when captured is null && table is "uid_annotations" or "tuboid_series" => Text(answered).Length > 0 ? null : "is nobody",

            // "1.0.0" is what its database says where the device did not.
            "device_version" when captured is null || Text(captured) == "1.0.0" => answered is null ? null : "is a version that no device said",
            "url" or "context" or "metadata" or "tuboid" when captured is JsonValue => CompareUrl(Text(captured), Text(answered)),

            // A form's fields are its own business; their names but one are not.
            "fields" => Text(answered?["key"]) == Text(captured?["key"]) ? null : "is for another file",
            "url" when captured is JsonObject => CompareForm(captured, answered, differences, path),

            // That of the file is kept, where there it is that of its upload.
            "mtime" => IsNumber(answered) ? null : "is no time",
            "token" => Text(answered).Length > 0 ? null : "is empty",
            "expiration" => Math.Abs(Number(answered) - DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds()) < 600 ? null : "is not in a day",
            _ => "",
        };
        if (reason == "")
        {
            Compare(path, captured, answered, differences);
        }
        else if (reason is not null)
        {
            differences.Add($"{path}: {answered?.ToJsonString() ?? "null"} {reason}, where {captured?.ToJsonString() ?? "null"} was captured");
        }
    }

    private string? CompareForm(JsonNode captured, JsonNode? answered, List<string> differences, string path)
    {
        CompareField(path + ".fields", "", "fields", captured["fields"], answered?["fields"], differences);
        return Uri.TryCreate(Text(answered?["url"]), UriKind.Absolute, out _) ? null : "is no address";
    }

    // An id that was null there is one here.
    private string? CompareId(string table, JsonNode? captured, JsonNode? answered)
    {
        if (!IsNumber(answered) || Number(answered) < 1)
        {
            return "is no number of a row";
        }

        if (captured is null)
        {
            return null;
        }

        (string, long) key = (table, (long)Number(captured));
        long id = (long)Number(answered);
        if (_ids.TryAdd(key, id))
        {
            return _ids.Count(pair => pair.Key.Table == table && pair.Value == id) == 1 ? null : "is that of another row";
        }

        return _ids[key] == id ? null : "is not the number that the row had before";
    }

    private static string? CompareUrl(string captured, string answered)
    {
        if (captured.Length == 0 || answered.Length == 0)
        {
            return captured == answered ? null : "is not of the same kind";
        }

        string key = new Uri(captured).AbsolutePath.Split('/', 3)[2];
        return Uri.TryCreate(answered, UriKind.Absolute, out Uri? url) && url.AbsolutePath.EndsWith("/" + key, StringComparison.Ordinal)
            ? null
            : "leads elsewhere";
    }

    private static string TableOf(JsonObject row) =>
        row.ContainsKey("width") ? "images"
        : row.ContainsKey("n_objects") ? "uid_annotations"
        : row.ContainsKey("n_shots") ? "tiled_tuboids"
        : row.ContainsKey("n_images") ? "tuboid_series"
        : row.ContainsKey("parent_tuboid_id") ? "itc_labels"
        : row.ContainsKey("username") ? "users"
        : "";

    private static string Identity(JsonNode? row) => string.Join(
        '|',
        ((string[])["device", "datetime", "username", "tuboid_id", "algo_name", "algo_version", "key"]).Select(name => Text(row is JsonObject fields ? fields[name] : null)));

    private static bool IsNumber(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number;

    private static double Number(JsonNode? value) => IsNumber(value) ? value!.GetValue<double>() : double.NaN;

    private static string Text(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : "";
}
