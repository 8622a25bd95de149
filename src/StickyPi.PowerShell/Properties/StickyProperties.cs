using System.Management.Automation;
using System.Text.Encodings.Web;
using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Properties;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Properties;

/// <summary>The extra properties of one thing of a store, as objects of PowerShell.</summary>
public sealed class StickyProperties
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _json;

    /// <summary>Takes what a store has.</summary>
    /// <param name="set">The properties.</param>
    internal StickyProperties(StickyPropertySet set)
    {
        Kind = set.Kind;
        Id = set.Id;
        _json = set.Properties.ToJsonString(Readable);
        Properties = PSObjectJson.FromJson(JsonElement.Parse(_json))!;
        UpdatedAt = set.UpdatedAt;
        ApiUser = set.ApiUser;
        string[] parts = set.Id.Split('.');
        Device = set.Kind == StickyPropertyKind.Bundle ? null : parts[0];
        DateTime = set.Kind == StickyPropertyKind.Image && parts.Length > 1 && StickyTime.TryParseFileText(parts[1], out DateTime time) ? time : null;
    }

    /// <summary>What the properties hang on.</summary>
    public StickyPropertyKind Kind { get; }

    /// <summary>Which of its kind, as <see cref="StickyPropertyKind"/> says.</summary>
    public string Id { get; }

    /// <summary>
    /// The properties: a <see cref="PSCustomObject"/>, without any where there are none; a dictionary where two names differ only in case.
    /// </summary>
    public object Properties { get; }

    /// <summary>When they were changed last, UTC; null where there are none.</summary>
    public DateTime? UpdatedAt { get; }

    /// <summary>Who changed them last; null in a local store.</summary>
    public string? ApiUser { get; }

    /// <summary>The device, of a picture, a device or a series.</summary>
    public string? Device { get; }

    /// <summary>When the picture was taken, UTC; null where it is none.</summary>
    public DateTime? DateTime { get; }

    /// <summary>The properties as the store has them.</summary>
    /// <returns>A JSON object, on one line.</returns>
    public string ToJson() => _json;

    /// <summary>What they hang on.</summary>
    /// <returns>Kind and id.</returns>
    public override string ToString() => new PropertyTarget(Kind, Id).ToString();
}
