namespace StickyPi.Tests.Wire;

/// <summary>What is answered otherwise than it was captured, and why: whatever is not said here has to be the same.</summary>
/// <param name="Status">The status instead of the captured one.</param>
/// <param name="Field">The part of the request that the answer names; null where it names none.</param>
/// <param name="Why">The reason.</param>
public sealed record WireDifference(int Status, string? Field, string Why)
{
    private const string BadInput = "bad input is told of, and not a 500 that the client sends again five times";
    private const string Refused = "what is refused is told of as a conflict, and has changed nothing";

    /// <summary>The differences, by the number of the case.</summary>
    public static IReadOnlyDictionary<int, WireDifference> All { get; } = new Dictionary<int, WireDifference>
    {
        [10] = new(400, "[0].nope", BadInput),
        [13] = new(409, "[0].username", Refused),
        [14] = new(400, "[0].password", BadInput),
        [20] = new(409, "5c173ff2.2020-06-20_21-33-24.jpg", Refused),
        [21] = new(409, "5c173ff2.2020-06-20_21-33-24.jpg", Refused),
        [23] = new(400, "hello.jpg", BadInput),
        [24] = new(400, "zzzzzzzz.2021-01-01_00-00-00.jpg", BadInput),
        [25] = new(400, "0a5bb6f4.2021-13-01_00-00-00.jpg", BadInput),
        [26] = new(400, "0a5bb6f4.2019-10-31_00-00-00.jpg", BadInput),
        [27] = new(400, "0a5bb6f4.2021-01-01_00-00-00.jpg", BadInput),
        [28] = new(400, "0a5bb6f4.2021-01-01_00-00-00.jpg", BadInput),
        [29] = new(400, "", BadInput),
        [36] = new(400, "what", BadInput),
        [39] = new(400, "[0].datetime", BadInput),
        [54] = new(409, "[0]", Refused),
        [55] = new(409, "[0]", Refused),
        [56] = new(404, "[0]", BadInput),
        [57] = new(409, "[1]", Refused),
        [69] = new(409, "tuboid_id", Refused),
        [70] = new(409, "tuboid_id", Refused),
        [74] = new(400, "what", BadInput),
        [77] = new(409, "[0]", Refused),
        [78] = new(404, "[0]", BadInput),
        [92] = new(403, null, "a user who may only read gets no upload links"),
        [101] = new(400, "", "errors are JSON"),
        [102] = new(200, null, "a body is read whatever its content type"),
        [105] = new(200, null, "users are looked up by their exact names"),
    };
}
