using System.Runtime.InteropServices;
using StickyPi.Providers.Sqlite;

namespace StickyPi.Tests;

/// <summary>Which of the native libraries that ship is loaded in a way that only glibc knows.</summary>
public sealed class SqliteLibraryTests
{
    [Theory]
    [InlineData("linux-x64", Architecture.X64, "linux-x64")]
    [InlineData("linux-arm64", Architecture.Arm64, "linux-arm64")]
    [InlineData("linux-arm", Architecture.Arm, "linux-arm")]
    [InlineData("ubuntu.24.04-x64", Architecture.X64, "linux-x64")]
    [InlineData("linux-musl-x64", Architecture.X64, null)]
    [InlineData("linux-musl-arm64", Architecture.Arm64, null)]
    [InlineData("alpine.3.22-x64", Architecture.X64, null)]
    public void Musl_is_not_offered_the_SQLite_that_is_built_for_glibc(string runtimeIdentifier, Architecture architecture, string? folder) =>
        Assert.Equal(folder, SqliteLibrary.FolderToBind(runtimeIdentifier, architecture));
}
