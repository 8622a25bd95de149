using System.Runtime.CompilerServices;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>
/// Hashes passwords with less work in this process: each server that a test starts has three users, and hashing was half of the time of the
/// project. That new hashes have their full strength is tested where they are made, and by a server in a process of its own.
/// </summary>
internal static class FewIterations
{
    [ModuleInitializer]
    internal static void Set() => Pbkdf2Hash.NewIterations = 1_000;
}
