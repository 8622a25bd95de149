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
        string word = Completions.Unquote(wordToComplete);
        return Completions.Of(
            wordToComplete,
            Ask(fakeBoundParameters, (connection, stop) => GetNamesAsync(connection.Store, word, stop)).Select(name => (name, $"{Noun} {name}")));
    }

    /// <summary>Asks about the store that the command would use, for a moment.</summary>
    /// <typeparam name="T">What it is asked for.</typeparam>
    /// <param name="fakeBoundParameters">What is typed.</param>
    /// <param name="ask">Asks.</param>
    /// <returns>What it answers; nothing where it does not, or where no store is open.</returns>
    internal static IReadOnlyList<T> Ask<T>(IDictionary fakeBoundParameters, Func<StickyConnection, CancellationToken, ValueTask<IReadOnlyList<T>>> ask)
    {
        try
        {
            object? given = fakeBoundParameters["Connection"];
            StickyConnection connection = StickyConnection.Resolve((given is PSObject wrapped ? wrapped.BaseObject : given) as StickyConnection);
            using CancellationTokenSource stop = new(Limit);
            Task<IReadOnlyList<T>> search = Task.Run(() => ask(connection, stop.Token).AsTask(), stop.Token);
            return search.Wait(Limit) ? search.Result : [];
        }
        catch (Exception e) when (e is StickyException or AggregateException)
        {
            return [];
        }
    }

    /// <summary>Lists the names.</summary>
    /// <param name="store">Where to look.</param>
    /// <param name="word">What is there already. Names that begin otherwise are left out by the caller, upper and lower case being the same.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The names, in order.</returns>
    protected abstract ValueTask<IReadOnlyList<string>> GetNamesAsync(IStickyStore store, string word, CancellationToken cancellationToken);
}
