using System.Management.Automation;
using System.Security;
using StickyPi.Core;
using StickyPi.Core.Users;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Users;

/// <summary>Changes users of a store: what is given, and nothing else.</summary>
[Cmdlet(VerbsCommon.Set, "StickyUser", DefaultParameterSetName = CredentialCmdlet.UserNameSet, SupportsShouldProcess = true)]
[OutputType(typeof(StickyUser))]
public sealed class SetStickyUserCommand : StoreCmdlet<string>
{
    private UserChange _change = new();

    /// <summary>The names, without wildcards; or objects that have a user name.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = CredentialCmdlet.UserNameSet, ValueFromPipeline = true)]
    [Alias("Name")]
    [AllowEmptyString]
    [UserName]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    public string[] UserName { get; set; } = [];

    /// <summary>The new password.</summary>
    [Parameter(ParameterSetName = CredentialCmdlet.UserNameSet)]
    [SecurePassword]
    public SecureString? Password { get; set; }

    /// <summary>The name of a user and the new password.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CredentialCmdlet.CredentialSet)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The new e-mail address; an empty one removes it.</summary>
    [Parameter]
    [AllowEmptyString]
    [Text]
    public string? Email { get; set; }

    /// <summary>Whether the user may do everything, users included; <c>-Admin:$false</c> takes it away.</summary>
    [Parameter]
    [Alias("IsAdmin")]
    public SwitchParameter Admin { get; set; }

    /// <summary>Whether the user may only read; <c>-ReadOnly:$false</c> lets the user write.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Whether the last administrator may cease to be one.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Whether to return the users as they are then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IEnumerable<string> ColumnNames => UserInput.NameProperties;

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        SecurePasswordAttribute.Check(Password);
        base.Prepare();
        _change = new UserChange
        {
            Email = Email,
            IsAdmin = BoundSwitch.Read(this, nameof(Admin)),
            CanWrite = !BoundSwitch.Read(this, nameof(ReadOnly)),
            Force = Force,
        };
        if (Describe().Length == 0)
        {
            throw new StickyException(
                "NothingToChange",
                StickyErrorKind.InvalidData,
                "Nothing is given that could be changed.",
                null,
                "Give -Password, -Email, -Admin or -ReadOnly. Properties of objects from the pipeline do not count, except for the name.");
        }
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        using Secret? password = (Credential?.Password ?? Password) is SecureString given ? Secret.From(given) : null;
        UserChange change = _change with { Password = password };
        string action = $"Change {Describe()} of user in store '{Store.Location}'";
        await foreach (string name in input.ConfigureAwait(false))
        {
            Outcome<StickyUser> outcome;
            if (UserNameAttribute.CheckGiven(name) is StickyException error)
            {
                outcome = new(error);
            }
            else if (await sink.ShouldProcessAsync(name, action, cancellationToken).ConfigureAwait(false))
            {
                outcome = await Store.UpdateUserAsync(name, change, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                continue;
            }

            if (!outcome.Succeeded)
            {
                await sink.WriteErrorAsync(outcome.Error, cancellationToken).ConfigureAwait(false);
            }
            else if (PassThru)
            {
                await sink.WriteAsync(outcome.Value, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => Credential is null ? UserName : [Credential.UserName ?? ""];

    private string Describe() => string.Join(", ", ((string?[])
    [
        Password is null && Credential is null ? null : "password",
        _change.Email is null ? null : "e-mail address",
        _change.IsAdmin is null && _change.CanWrite is null ? null : "rights",
    ]).Where(part => part is not null));
}
