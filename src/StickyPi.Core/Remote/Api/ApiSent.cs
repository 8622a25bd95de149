using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Remote.Api;

/// <summary>What became of a picture that was sent.</summary>
/// <param name="Status">What was done, or would be.</param>
/// <param name="Image">The picture as the store has it now; null where it was only told what would be done, and the store has none.</param>
/// <param name="Warning">What is doubtful about the picture: it is dated after the server's clock. Null where nothing is.</param>
public sealed record ApiSentImage(SendImageStatus Status, StickyImage? Image, string? Warning = null);

/// <summary>What became of a tuboid that was sent.</summary>
/// <param name="Status">What was done, or would be.</param>
/// <param name="Tuboid">The tuboid as the store has it now; null where it was only told what would be done, and the store has none.</param>
public sealed record ApiSentTuboid(SendTuboidStatus Status, StickyTuboid? Tuboid);
