using System.Management.Automation;
using System.Security;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Users;

/// <summary>A command on names and passwords: a credential, the two apart, or objects from the pipeline that have both.</summary>
public abstract class CredentialCmdlet : StoreCmdlet<UserInput>
{
    internal const string CredentialSet = "Credential";
    internal const string UserNameSet = "UserName";
    internal const string InputObjectSet = "InputObject";

    /// <summary>The name and the password.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = CredentialSet)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The name.</summary>
    public abstract string? UserName { get; set; }

    /// <summary>The password, as a <see cref="SecureString"/>; for all users from the pipeline if it is given with them.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = UserNameSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [SecurePassword]
    public SecureString? Password { get; set; }

    /// <summary>
    /// Objects with the properties <c>UserName</c> (or <c>Name</c>) and <c>Password</c>, such as credentials and the rows of a CSV file.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputObjectSet)]
    [UserInput]
    public UserInput? InputObject { get; set; }

    private protected override IEnumerable<string> ColumnNames => UserInput.Names;

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        SecurePasswordAttribute.Check(Password);
        base.Prepare();
    }

    /// <inheritdoc/>
    protected override IEnumerable<UserInput> ReadRecord() =>
        [InputObject ?? (Credential is null ? new UserInput(UserName, Password) : new UserInput(Credential.UserName, Credential.Password))];
}
