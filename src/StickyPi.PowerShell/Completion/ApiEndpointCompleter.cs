using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace StickyPi.PowerShell.Completion;

/// <summary>Completes the names of a server's endpoints.</summary>
public sealed class ApiEndpointCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Of(
            wordToComplete,
            StoreCompleter.Ask(fakeBoundParameters, (connection, stop) => connection.GetEndpointsAsync(stop)).Select(endpoint => (endpoint.Name, $"{endpoint.Method} {endpoint.Path}. {endpoint.Summary}")));
}
