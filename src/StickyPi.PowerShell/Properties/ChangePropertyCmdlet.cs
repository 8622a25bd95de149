using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;
using StickyPi.Core;
using StickyPi.Core.Properties;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Properties;

/// <summary>A command that changes extra properties, of each thing alike.</summary>
public abstract class ChangePropertyCmdlet : PropertyCmdlet
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private PropertyChange? _change;

    /// <summary>Whether to return the properties after the change.</summary>
    /// <returns>Whether.</returns>
    private protected abstract bool ReturnsChanged { get; }

    /// <summary>What to do.</summary>
    /// <returns>The change.</returns>
    /// <exception cref="StickyException"><c>InvalidProperties</c>.</exception>
    private protected abstract PropertyChange ReadChange();

    /// <summary>What to call it when the user is asked.</summary>
    /// <returns>A verb and its object.</returns>
    private protected abstract string Describe();

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        _change = ReadChange();
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<PropertyInput> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (PropertyInput item in input.ConfigureAwait(false))
        {
            if (item.Error is not null)
            {
                await sink.WriteErrorAsync(item.Error, cancellationToken).ConfigureAwait(false);
            }
            else if (await sink.ShouldProcessAsync(item.Target.ToString(), $"{Describe()} in store '{Store.Location}'", cancellationToken).ConfigureAwait(false))
            {
                Outcome<StickyPropertySet> outcome = await Store.ChangePropertiesAsync(item.Target, _change!, cancellationToken).ConfigureAwait(false);
                if (!outcome.Succeeded)
                {
                    await sink.WriteErrorAsync(outcome.Error, cancellationToken).ConfigureAwait(false);
                }
                else if (ReturnsChanged)
                {
                    await sink.WriteAsync(new StickyProperties(outcome.Value), cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>The value of one property as JSON.</summary>
    /// <param name="value">Any value; a text is a text.</param>
    /// <returns>JSON; null for null.</returns>
    /// <exception cref="StickyException"><c>InvalidProperties</c>.</exception>
    private protected static JsonNode? ReadValue(object? value)
    {
        try
        {
            return JsonNode.Parse(PSObjectJson.ToUtf8(value).Span);
        }
        catch (InvalidDataException e)
        {
            throw Invalid($"The value cannot be stored as JSON: {OneLine.Quote(e)}.", e);
        }
    }

    /// <summary>Several properties as JSON.</summary>
    /// <param name="value">A hashtable, an object, or JSON text.</param>
    /// <returns>The properties.</returns>
    /// <exception cref="StickyException"><c>InvalidProperties</c>.</exception>
    private protected static JsonObject ReadProperties(object? value)
    {
        try
        {
            return (PSObjectJson.Unwrap(value) is string text ? JsonNode.Parse(text, documentOptions: Strict) : ReadValue(value)) as JsonObject
                ?? throw Invalid("The value has no names: properties are a hashtable, an object, or the text of a JSON object.", null);
        }
        catch (JsonException e)
        {
            throw Invalid($"The text is not a JSON object: {OneLine.Quote(e)}.", e);
        }
    }

    private static StickyException Invalid(string message, Exception? cause) => new(
        "InvalidProperties",
        StickyErrorKind.InvalidData,
        message,
        null,
        "Write -Value @{ name = 'value' }, or -Value '{ \"name\": \"value\" }'; for the value of one property, name it with Set-StickyProperty -Name.",
        cause);
}
