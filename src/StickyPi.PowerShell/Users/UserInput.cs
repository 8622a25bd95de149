using System.Globalization;
using System.Management.Automation;
using System.Security;
using StickyPi.Core;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Users;

/// <summary>
/// What an object of the pipeline says of a user. It takes the object's place in the parameter: the engine shows the bound objects
/// of a command in its errors and logs, and those of a CSV file hold passwords in plain text.
/// </summary>
public sealed class UserInput
{
    private static readonly string[] AdminNames = ["Admin", "IsAdmin", "is_admin"];
    private static readonly string[] ReaderNames = ["ReadOnly"];
    private static readonly string[] WriterNames = ["CanWrite", "can_write"];

    private readonly bool _isNumber;
    private readonly Dictionary<string, object?> _switches = [];

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
        : this(ReadText(ReadName(property)), ReadPassword(property("Password")))
    {
        _isNumber = TextAttribute.IsNumber(Unwrap(ReadName(property)));
        foreach (string name in (string[])[.. AdminNames, .. ReaderNames, .. WriterNames])
        {
            _switches[name] = property(name);
        }

        Email = ReadText(property("Email"));
    }

    /// <summary>The properties that say something of a user, as this module and the existing API call them.</summary>
    internal static IReadOnlyList<string> Names { get; } =
        [.. NameProperties, "Password", "Email", .. AdminNames, .. ReaderNames, .. WriterNames];

    /// <summary>The properties that hold the name of a user.</summary>
    internal static string[] NameProperties => ["UserName", "Name"];

    internal string UserName { get; }

    internal SecureString? Password { get; }

    internal string? Email { get; }

    /// <inheritdoc/>
    public override string ToString() => UserName;

    /// <summary>Makes sure that the name is a text. A number lost its zeros where it was read.</summary>
    /// <returns>The error <c>InvalidUserName</c>, or null.</returns>
    internal StickyException? CheckName() => !_isNumber ? null : new StickyException(
        "InvalidUserName",
        StickyErrorKind.InvalidData,
        $"The user name {UserName} is a number, and zeros that were written may be lost.",
        UserName,
        "Write it in quotes.");

    /// <summary>Whether the user is to be an administrator.</summary>
    /// <returns>Whether; null where the object does not say.</returns>
    /// <exception cref="StickyException"><c>InvalidSwitch</c>: it says neither yes nor no, or both.</exception>
    internal bool? ReadAdmin() => ReadSwitch(AdminNames, []);

    /// <summary>Whether the user may only read. Users that a store listed, also in a CSV file, say <c>CanWrite</c> instead.</summary>
    /// <returns>Whether; null where the object does not say.</returns>
    /// <exception cref="StickyException"><c>InvalidSwitch</c>: it says neither yes nor no, or both.</exception>
    internal bool? ReadReadOnly() => ReadSwitch(ReaderNames, WriterNames);

    private bool? ReadSwitch(string[] names, string[] opposites)
    {
        (string Name, bool Value)[] said =
        [
            .. names.Select(name => (Name: name, Value: ReadSwitch(name, _switches.GetValueOrDefault(name))))
                .Concat(opposites.Select(name => (Name: name, Value: !ReadSwitch(name, _switches.GetValueOrDefault(name)))))
                .Where(item => item.Value is not null).Select(item => (item.Name, item.Value!.Value)),
        ];
        return said.Select(item => item.Value).Distinct().Count() < 2
            ? said.Select(item => (bool?)item.Value).FirstOrDefault()
            : throw new StickyException(
                "InvalidSwitch",
                StickyErrorKind.InvalidData,
                $"The properties {string.Join(" and ", said.Select(item => item.Name))} of the user '{UserName}' contradict each other.",
                UserName,
                "Leave one of them out.");
    }

    private static object? ReadName(Func<string, object?> property) =>
        NameProperties.Select(property).FirstOrDefault(name => name is not null);

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
