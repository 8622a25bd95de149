using System.Security.Cryptography;

namespace StickyPi.Providers.Rows;

/// <summary>The secret that the servers of a store sign tokens with, a row of the table <c>server_secrets</c>.</summary>
internal static class TokenSecret
{
    /// <summary>Finds it.</summary>
    public const string Find = $"SELECT secret FROM server_secrets WHERE name = '{Name}'";

    /// <summary>Adds it.</summary>
    public const string Insert = $"INSERT INTO server_secrets (name, secret) VALUES ('{Name}', @secret)";

    private const string Name = "token";
    private const int Length = 32;

    /// <summary>Makes a new one.</summary>
    /// <returns>Random bytes.</returns>
    public static byte[] Make() => RandomNumberGenerator.GetBytes(Length);
}
