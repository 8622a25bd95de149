using System.Globalization;
using System.Management.Automation;
using System.Security;
using StickyPi.Core;

namespace StickyPi.PowerShell.Users;

/// <summary>
/// What an object of the pipeline says of a user. It takes the object's place in the parameter: the engine shows the bound objects
/// of a command in its errors and logs, and those of a CSV file hold passwords in plain text.
/// </summary>
public sealed class UserInput
{
    /// <summary>Takes what is known of a user apart from the pipeline.</summary>
    /// <param name="userName">The name.</param>
    /// <param name="password">The password.</param>
    internal UserInput(string? userName, SecureString? password)
    {
        UserName = userName ?? "";
        Password = password;
    }

    /// <summary>Takes the properties of an object.</summary>
    /// <param name="property">Gives the value of a property, or null.</param>
    internal UserInput(Func<string, object?> property)
        : this(ReadText(property("UserName") ?? property("Name")), ReadPassword(property("Password")))
    {
        Email = ReadText(property("Email"));
        Admin = property("Admin") ?? property("IsAdmin");
        ReadOnly = property("ReadOnly");
        CanWrite = property("CanWrite");
    }

    internal string UserName { get; }

    internal SecureString? Password { get; }

    internal string? Email { get; }

    private object? Admin { get; }

    private object? ReadOnly { get; }

    private object? CanWrite { get; }

    /// <inheritdoc/>
    public override string ToString() => UserName;

    /// <summary>Whether the user is to be an administrator.</summary>
    /// <returns>Whether; null where the object does not say.</returns>
    /// <exception cref="StickyException"><c>InvalidSwitch</c>: it says neither yes nor no.</exception>
    internal bool? ReadAdmin() => ReadSwitch(nameof(Admin), Admin);

    /// <summary>Whether the user may only read. Users that a store listed, also in a CSV file, say <c>CanWrite</c> instead.</summary>
    /// <returns>Whether; null where the object does not say.</returns>
    /// <exception cref="StickyException"><c>InvalidSwitch</c>: it says neither yes nor no.</exception>
    internal bool? ReadReadOnly() => ReadSwitch(nameof(ReadOnly), ReadOnly) ?? !ReadSwitch(nameof(CanWrite), CanWrite);

    private static string? ReadText(object? value) => Unwrap(value) is object text ? Convert.ToString(text, CultureInfo.InvariantCulture) : null;

    private static SecureString? ReadPassword(object? value)
    {
        switch (Unwrap(value))
        {
            case SecureString secure:
                return secure;
            case string text:
                SecureString password = new();
                foreach (char c in text)
                {
                    password.AppendChar(c);
                }

                password.MakeReadOnly();
                return password;
            default:
                return null;
        }
    }

    // The value is not repeated: one comma too few or too many in a CSV file, and it is a part of the password.
    private bool? ReadSwitch(string name, object? value) => Unwrap(value) switch
    {
        null => null,
        bool flag => flag,
        SwitchParameter flag => flag.IsPresent,
        var other => ReadText(other)!.Trim().ToUpperInvariant() switch
        {
            "" => null,
            "TRUE" or "YES" or "1" => true,
            "FALSE" or "NO" or "0" => false,
            _ => throw new StickyException(
                "InvalidSwitch",
                StickyErrorKind.InvalidData,
                $"The property {name} of the user '{UserName}' says neither yes nor no.",
                UserName,
                "Write true, yes or 1, or false, no or 0, or leave it empty. In a CSV file, check that the row has no comma too many."),
        },
    };

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
