using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Remote;

/// <summary>
/// Keeps the token of one user at one server, in a file that its owner alone may read. It is a convenience: a file that is damaged, open
/// to others or not to be written counts as none.
/// </summary>
/// <param name="folder">The folder of such files.</param>
/// <param name="server">The address of the server.</param>
/// <param name="userName">The user.</param>
internal sealed class TokenFile(string folder, Uri server, string userName)
{
    /// <summary>Where it is. The name tells nobody who looks into the folder where somebody has an account.</summary>
    public string FullPath { get; } = Path.Combine(
        folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{server.AbsoluteUri}\n{userName}"))) + ".json");

    /// <summary>Reads the token.</summary>
    /// <returns>The token, whether it is still good or not; null where there is none.</returns>
    public ApiToken? Read()
    {
        try
        {
            if (!File.Exists(FullPath))
            {
                return null;
            }

            if (!PrivateFile.IsOpenToOthers(FullPath)
                && JsonSerializer.Deserialize(File.ReadAllBytes(FullPath), ApiJson.Default.ApiToken) is { Token.Length: > 0 } token)
            {
                return token;
            }
        }
        catch (JsonException)
        {
            // Dropped below.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        Delete();
        return null;
    }

    /// <summary>Keeps a token in the place of any other.</summary>
    /// <param name="token">The token.</param>
    public void Write(ApiToken token)
    {
        try
        {
            PrivateFile.Write(FullPath, JsonSerializer.SerializeToUtf8Bytes(token, ApiJson.Default.ApiToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the next connection asks for the password.
        }
    }

    /// <summary>Forgets the token.</summary>
    public void Delete()
    {
        try
        {
            File.Delete(FullPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not ours to delete, so not ours to use either.
        }
    }
}
