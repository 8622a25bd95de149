using System.Collections;
using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Users;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Users;

/// <summary>
/// Makes a parameter take the names of users, and objects with a property <c>UserName</c> or <c>Name</c>, of which it keeps the
/// name alone: a row of a CSV file may hold a password, and the engine shows what it can't bind in its errors. What has no name
/// has an empty one.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UserNameAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Transform(inputData);

    /// <summary>Makes sure that there is a name.</summary>
    /// <param name="userName">A name, or nothing.</param>
    /// <returns>The error <c>InvalidUserName</c>, or null.</returns>
    internal static StickyException? CheckGiven(string userName) => userName.Length > 0 ? null : new StickyException(
        "InvalidUserName",
        StickyErrorKind.InvalidData,
        "The input has no user name.",
        null,
        "Give names, or objects with a property UserName.");

    internal static object? Transform(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        var value when TextAttribute.IsNumber(value) => throw TextAttribute.RefuseNumber(value!),
        null or IConvertible => input,
        IEnumerable list and not IDictionary => list.Cast<object?>().Select(Transform).ToArray(),
        var value when OwnTypes.IsOwn(value) && value is not StickyUser => throw OwnTypes.Refuse(value!, typeof(StickyUser)),
        _ => Transform(OwnTypes.Get(input!, "UserName") ?? OwnTypes.Get(input!, "Name") ?? "")?.ToString(),
    };
}
