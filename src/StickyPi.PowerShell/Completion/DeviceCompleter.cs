using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using StickyPi.Core;
using StickyPi.PowerShell.Connections;

namespace StickyPi.PowerShell.Completion;

/// <summary>Completes devices from the store that the command would use.</summary>
public sealed class DeviceCompleter : IArgumentCompleter
{
    // A key press must not hang on a slow store.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(800);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        IReadOnlyList<string> names;
        try
        {
            object? given = fakeBoundParameters["Connection"];
            StickyConnection connection = StickyConnection.Resolve((given is PSObject wrapped ? wrapped.BaseObject : given) as StickyConnection);
            using CancellationTokenSource stop = new(Limit);
            Task<IReadOnlyList<string>> search = Task.Run(() => connection.Store.GetDeviceNamesAsync(stop.Token).AsTask(), stop.Token);
            names = search.Wait(Limit) ? search.Result : [];
        }
        catch (Exception e) when (e is StickyException or AggregateException)
        {
            names = [];
        }

        string word = wordToComplete.Trim('\'', '"');
        return names.Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Select(Quote);
    }

    // A device such as 12345678 or 123456e7 would be read as a number.
    private static CompletionResult Quote(string name) =>
        new(char.IsAsciiLetter(name[0]) ? name : $"'{name}'", name, CompletionResultType.ParameterValue, $"Device {name}");
}
