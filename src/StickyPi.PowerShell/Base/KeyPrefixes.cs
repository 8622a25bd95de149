using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>Keys, each for an object and everything below it, without those that an earlier one means already.</summary>
internal sealed class KeyPrefixes
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Reads keys as they come, and does something with each that no earlier one means. What cannot be a key is written as an error.</summary>
    /// <param name="input">What users typed, or a listing gave.</param>
    /// <param name="parse">Makes a key of each: how the store does it.</param>
    /// <param name="work">What to do with a key; an error of its data concerns this key alone.</param>
    /// <param name="sink">Where errors go.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A task that ends with the work.</returns>
    public static async Task ForEachAsync(
        IAsyncEnumerable<string> input,
        Func<string, CancellationToken, ValueTask<string>> parse,
        Func<string, ValueTask> work,
        IPipelineSink sink,
        CancellationToken cancellationToken)
    {
        KeyPrefixes known = new();
        await foreach (string text in input.ConfigureAwait(false))
        {
            try
            {
                string prefix = await parse(text, cancellationToken).ConfigureAwait(false);
                if (known.Add(prefix))
                {
                    await work(prefix).ConfigureAwait(false);
                }
            }
            catch (StickyException e) when (e.Kind == StickyErrorKind.InvalidData)
            {
                await sink.WriteErrorAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes one.</summary>
    /// <param name="prefix">A key; empty for everything.</param>
    /// <returns>Whether no earlier one means it.</returns>
    public bool Add(string prefix)
    {
        for (string above = prefix; ; above = above[..Math.Max(0, above.LastIndexOf('/'))])
        {
            if (_seen.Contains(above))
            {
                return false;
            }

            if (above.Length == 0)
            {
                return _seen.Add(prefix);
            }
        }
    }
}
