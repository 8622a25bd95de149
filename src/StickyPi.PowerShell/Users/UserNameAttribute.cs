using System.Collections;
using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Users;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Users;

/// <summary>
/// Makes a parameter take the names of users, and any objects with a property <c>UserName</c> or <c>Name</c>, such as credentials, of which
/// it keeps the name alone: a row of a CSV file may hold a password, and the engine shows what it can't bind in its errors. An object
/// without a name has an empty one.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UserNameAttribute() : TextAttribute(UserInput.NameProperties)
{
    /// <summary>Makes sure that there is a name.</summary>
    /// <param name="userName">A name, or nothing.</param>
    /// <returns>The error <c>InvalidUserName</c>, or null.</returns>
    internal static StickyException? CheckGiven(string userName) => userName.Length > 0 ? null : new StickyException(
        "InvalidUserName",
        StickyErrorKind.InvalidData,
        "The input has no user name.",
        null,
        "Give names, or objects with a property UserName.");

    private protected override bool IsObject(object value) => value is IDictionary or not (IConvertible or IEnumerable);

    private protected override bool TakesNumbers => false;

    private protected override object? ReadObject(object input, object value) =>
        OwnTypes.IsOwn(value) && value is not StickyUser ? throw OwnTypes.Refuse(value, typeof(StickyUser))
        : Properties.Select(name => OwnTypes.Get(input, name)).FirstOrDefault(name => name is not null) is object name ? Transform(name)
        : "";
}
