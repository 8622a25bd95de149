using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using StickyPi.Core;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Connections;

namespace StickyPi.PowerShell.Completion;

/// <summary>Completes names from the store that the command would use.</summary>
public abstract class StoreCompleter : IArgumentCompleter
{
    // A key press must not hang on a slow store.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(800);

    /// <summary>What is named, for the tool tip.</summary>
    protected abstract string Noun { get; }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = Unquote(wordToComplete);
        IReadOnlyList<string> names;
        try
        {
            object? given = fakeBoundParameters["Connection"];
            StickyConnection connection = StickyConnection.Resolve((given is PSObject wrapped ? wrapped.BaseObject : given) as StickyConnection);
            using CancellationTokenSource stop = new(Limit);
            Task<IReadOnlyList<string>> search = Task.Run(() => GetNamesAsync(connection.Store, word, stop.Token).AsTask(), stop.Token);
            names = search.Wait(Limit) ? search.Result : [];
        }
        catch (Exception e) when (e is StickyException or AggregateException)
        {
            names = [];
        }

        return names.Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Select(Complete);
    }

    /// <summary>Lists the names.</summary>
    /// <param name="store">Where to look.</param>
    /// <param name="word">What is there already. Names that begin otherwise are left out by the caller, upper and lower case being the same.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The names, in order.</returns>
    protected abstract ValueTask<IReadOnlyList<string>> GetNamesAsync(IStickyStore store, string word, CancellationToken cancellationToken);

    // What was completed may be completed further, with its quotes.
    private static string Unquote(string word) =>
        word.StartsWith('\'') ? word.Trim('\'').Replace("''", "'", StringComparison.Ordinal) : word.Trim('"');

    private static bool IsPlain(char sign) => char.IsAsciiLetterOrDigit(sign) || sign is '/' or '.' or '-' or '_';

    // 12345678 or 123456e7 would be read as a number, and any other sign may mean something.
    private CompletionResult Complete(string name) => new(
        char.IsAsciiLetter(name[0]) && name.All(IsPlain) ? name : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'",
        name,
        CompletionResultType.ParameterValue,
        $"{Noun} {name}");
}
