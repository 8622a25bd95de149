using System.Management.Automation;
using System.Security;
using StickyPi.Core;

namespace StickyPi.PowerShell.Users;

/// <summary>
/// Makes a parameter take a <see cref="SecureString"/> and nothing else. The engine's own refusal would repeat the password that
/// somebody typed, so it is replaced by a mark, and refused by <see cref="Check"/> in words that do not.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecurePasswordAttribute : ArgumentTransformationAttribute
{
    private static readonly SecureString PlainText = new();

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Transform(inputData);

    internal static object? Transform(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        null => null,
        SecureString password => password,
        _ => PlainText,
    };

    /// <summary>Refuses a value that was not a <see cref="SecureString"/>.</summary>
    /// <param name="password">The value of the parameter.</param>
    /// <exception cref="StickyException"><c>PlainTextPassword</c>.</exception>
    internal static void Check(SecureString? password)
    {
        if (ReferenceEquals(password, PlainText))
        {
            throw new StickyException(
                "PlainTextPassword",
                StickyErrorKind.InvalidData,
                "-Password takes a SecureString. A password in plain text stays in the history of the session, and in transcripts.",
                null,
                "Use -Credential (Get-Credential), or -Password (Read-Host -AsSecureString).");
        }
    }
}
