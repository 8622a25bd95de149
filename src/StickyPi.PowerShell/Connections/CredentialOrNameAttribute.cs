using System.Management.Automation;
using System.Security;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Connections;

/// <summary>
/// Makes a parameter take a credential or the name of a user. Unlike <see cref="CredentialAttribute"/>, it does not ask for the password at once:
/// it may not be needed.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CredentialOrNameAttribute : ArgumentTransformationAttribute
{
    private static readonly SecureString NotAskedYet = new();

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Transform(inputData);

    internal static object? Transform(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        string { Length: > 0 } userName => new PSCredential(userName, NotAskedYet),
        var value when TextAttribute.IsNumber(value) => throw TextAttribute.RefuseNumber(value!),
        var other => other,
    };

    /// <summary>Whether only a name was given.</summary>
    /// <param name="credential">The value of the parameter.</param>
    /// <returns>Whether it was.</returns>
    internal static bool IsNameOnly(PSCredential credential) => ReferenceEquals(credential.Password, NotAskedYet);
}
