using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using StickyPi.Core;
using StickyPi.PowerShell.Connections;

namespace StickyPi.PowerShell.Completion;

/// <summary>Completes the names of connections that are kept.</summary>
public sealed class ConnectionNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return Completions.Of(
                wordToComplete, KeptConnections.Read().Select(connection => (connection.Name, $"{connection.Uri} as {connection.UserName}")));
        }
        catch (StickyException)
        {
            return [];
        }
    }
}
