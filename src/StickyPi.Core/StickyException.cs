namespace StickyPi.Core;

/// <summary>What sort of thing went wrong, so that a front end can choose a category, an exit code or an HTTP status.</summary>
public enum StickyErrorKind
{
    /// <summary>The input breaks a rule of its format.</summary>
    InvalidData,

    /// <summary>A file, picture or folder that was named does not exist.</summary>
    NotFound,

    /// <summary>The store already holds something else under the same identity.</summary>
    Conflict,

    /// <summary>The change would leave the store in a state that it must not be in.</summary>
    NotAllowed,

    /// <summary>A file or row could not be read.</summary>
    ReadFailed,

    /// <summary>A file or row could not be written.</summary>
    WriteFailed,

    /// <summary>The disk that holds the store, or the destination, is full.</summary>
    StorageFull,

    /// <summary>The store cannot be opened or used.</summary>
    StoreUnavailable,

    /// <summary>A server does not accept who asks, or does not let them do this.</summary>
    AccessDenied,

    /// <summary>A component that this needs is not installed.</summary>
    ComponentMissing,
}

/// <summary>
/// An error that a user can act on: what is wrong, with which item, and what to do. Its texts are one line each, see <see cref="OneLine"/>;
/// the item is kept as it is.
/// </summary>
/// <param name="errorId">A stable name in Pascal case, such as <c>ImageConflict</c>, that scripts can test for.</param>
/// <param name="kind">The sort of error.</param>
/// <param name="message">What is wrong and where, as a sentence.</param>
/// <param name="target">The item that failed: a path, a picture, a device.</param>
/// <param name="recommendedAction">What the user can do about it, or null.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class StickyException(
    string errorId,
    StickyErrorKind kind,
    string message,
    object? target = null,
    string? recommendedAction = null,
    Exception? innerException = null) : Exception(OneLine.Of(message), innerException)
{
    /// <summary>A stable name in Pascal case, such as <c>ImageConflict</c>.</summary>
    public string ErrorId { get; } = errorId;

    /// <summary>The sort of error.</summary>
    public StickyErrorKind Kind { get; } = kind;

    /// <summary>The item that failed.</summary>
    public object? Target { get; } = target;

    /// <summary>What the user can do about it, or null.</summary>
    public string? RecommendedAction { get; } = OneLine.Of(recommendedAction);

    /// <summary>The part of a request that is wrong, such as <c>startTime</c> or <c>[2].dateTime</c>, where one is.</summary>
    public string? Field { get; init; }

    /// <summary>What a server said, where one was asked; else null.</summary>
    public ServiceError? Service { get; init; }

    /// <summary>
    /// After which time it is worth while to do the same again, where nothing has been done because somebody else was in the way; else null.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same error of the item that a caller knows, where what failed is a part of it.</summary>
    /// <param name="target">The item.</param>
    /// <returns>The error, which may be this one.</returns>
    internal StickyException Of(object target) => target.Equals(Target)
        ? this
        : new StickyException(ErrorId, Kind, Message, target, RecommendedAction, this) { Field = Field, Service = Service, RetryAfter = RetryAfter };

    /// <summary>The error for a change to a catalog that was saved from another one, where nobody would look for it.</summary>
    /// <param name="catalog">The SQLite file.</param>
    /// <returns>The error <c>StoreIsCopy</c>.</returns>
    public static StickyException StoreIsCopy(string catalog) => new(
        "StoreIsCopy",
        StickyErrorKind.NotAllowed,
        $"'{catalog}' is a catalog that was saved from another store, without its pictures; what is changed here never gets there.",
        catalog,
        "Connect to the store that it was saved from.");

    /// <summary>The error for a store that can be read and not changed.</summary>
    /// <param name="part">Its part that may not be written to, as the subject of a sentence.</param>
    /// <param name="place">Where that is.</param>
    /// <param name="recommendedAction">What to do.</param>
    /// <param name="cause">What the database reported.</param>
    /// <param name="service">What its server said, or null where it is a file.</param>
    /// <returns>The error <c>StoreReadOnly</c>.</returns>
    public static StickyException StoreReadOnly(
        string part, string place, string recommendedAction, Exception cause, ServiceError? service = null) =>
        new("StoreReadOnly", StickyErrorKind.StoreUnavailable, $"{part} may not be written to.", place, recommendedAction, cause) { Service = service };

    /// <summary>The error for a full disk, wherever that was noticed.</summary>
    /// <param name="place">The folder or file that was written to.</param>
    /// <param name="cause">The error of the file system or database.</param>
    /// <returns>The error <c>StorageFull</c>.</returns>
    public static StickyException StorageFull(string place, Exception cause) => new(
        "StorageFull",
        StickyErrorKind.StorageFull,
        $"The disk that holds '{place}' is full.",
        place,
        "Free some space and run the same command again: what is there already is skipped.",
        cause);
}
