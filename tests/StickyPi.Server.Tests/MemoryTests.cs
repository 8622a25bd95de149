namespace StickyPi.Tests;

/// <summary>Tests that measure the memory of this process run when no others do: what those hold would count too.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests;
