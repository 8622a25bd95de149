using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using StickyPi.Core;
using StickyPi.Core.Remote;

namespace StickyPi.PowerShell.Completion;

/// <summary>Completes the hashtable of parameters for an endpoint: what it needs, and each thing that it may be given.</summary>
public sealed class ApiParameterCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string? name = fakeBoundParameters["Name"]?.ToString();
        StickyApiEndpoint? endpoint = StoreCompleter
            .Ask(fakeBoundParameters, (connection, stop) => connection.GetEndpointsAsync(stop))
            .FirstOrDefault(item => item.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (endpoint is null || !"@{".StartsWith(wordToComplete.TrimEnd(), StringComparison.Ordinal))
        {
            return [];
        }

        string needed = string.Concat(endpoint.Parameters.Where(parameter => parameter.IsRequired).Select(Assign));
        IEnumerable<CompletionResult> optional = endpoint.Parameters.Where(parameter => !parameter.IsRequired).Select(parameter => new CompletionResult(
            $"@{{ {needed}{Assign(parameter)}}}",
            OneLine.Of(parameter.Name),
            CompletionResultType.ParameterValue,
            OneLine.Of($"{parameter.Name}: {parameter.Type}. {parameter.Description}")));
        return needed.Length == 0
            ? optional
            :
            [
                new($"@{{ {needed}}}", "what is needed", CompletionResultType.ParameterValue, OneLine.Of($"What {endpoint.Name} needs")),
                .. optional,
            ];
    }

    // As a key of a hashtable, a name may do without quotes only where it is a word.
    private static string Assign(StickyApiParameter parameter) =>
        $"{(parameter.Name.All(char.IsAsciiLetter) ? parameter.Name : Completions.QuoteAlways(parameter.Name))} = ''; ";
}
