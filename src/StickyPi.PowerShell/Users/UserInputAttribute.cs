using System.Management.Automation;
using StickyPi.Core.Users;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Users;

/// <summary>Makes a parameter take any object that says something of a user, and keep no more of it than <see cref="UserInput"/> does.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UserInputAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            null => new UserInput(null, null),
            UserInput input => input,
            string userName => new UserInput(userName, null),
            var value when OwnTypes.IsOwn(value) && value is not StickyUser => throw OwnTypes.Refuse(value, typeof(StickyUser)),
            _ => new UserInput(name => OwnTypes.Get(inputData, name)),
        };
}
