namespace StickyPi.Core.Storage;

/// <summary>What distinguishes one kind of transfer from another.</summary>
internal sealed record SyncRules
{
    /// <summary>
    /// What becomes of a file that differs, without force: true: a newer source replaces it and any other is left; false: nothing at all moves.
    /// </summary>
    public bool NewerWins { get; init; }

    /// <summary>Why a key is no part of what is transferred, in a few words, or null where it is.</summary>
    public Func<string, string?> WhyNot { get; init; } = _ => null;

    /// <summary>Whether a folder of the source is looked into, by its key.</summary>
    public Func<string, bool> Enter { get; init; } = _ => true;

    /// <summary>
    /// A file that tells of another one: it goes after that one has arrived, and not at all where that one is left, or fails. Null: there is none.
    /// </summary>
    public (string Key, string Of)? Seal { get; init; }

    /// <summary>Whether what the source lacks is looked for at the target.</summary>
    public bool Mirror { get; init; }

    /// <summary>Whether it is deleted there.</summary>
    public bool Delete { get; init; }
}
