using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Users;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Users;

/// <summary>Adds users to a store.</summary>
[Cmdlet(
    VerbsCommon.New, "StickyUser", DefaultParameterSetName = UserNameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StickyUser))]
public sealed class NewStickyUserCommand : CredentialCmdlet
{
    private bool? _isAdmin;
    private bool? _isReadOnly;

    /// <summary>The name: 1 to 32 characters.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UserNameSet)]
    [Alias("Name")]
    [Id]
    public override string? UserName { get; set; }

    /// <summary>The e-mail address; none by default.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    public string? Email { get; set; }

    /// <summary>Whether the user may do everything, users included.</summary>
    [Parameter]
    [Alias("IsAdmin")]
    public SwitchParameter Admin { get; set; }

    /// <summary>Whether the user may only read.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        _isAdmin = BoundSwitch.Read(this, nameof(Admin));
        _isReadOnly = BoundSwitch.Read(this, nameof(ReadOnly));
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<UserInput> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        // Hashing passwords is slow on purpose, so a list of some length takes its time.
        WorkMeter meter = new(sink, "Adding users");
        int added = 0;
        await foreach (UserInput item in input.ConfigureAwait(false))
        {
            meter.Expect();
            Outcome<NewUser> read = Read(item);
            if (!read.Succeeded)
            {
                await sink.WriteErrorAsync(read.Error, cancellationToken).ConfigureAwait(false);
            }
            else if (await sink
                .ShouldProcessAsync(read.Value.UserName, $"Add user to store '{Store.Location}'", cancellationToken).ConfigureAwait(false))
            {
                using Secret password = Secret.From(Password ?? item.Password);
                Outcome<StickyUser> outcome = await Store.AddUserAsync(read.Value, password, cancellationToken).ConfigureAwait(false);
                added += outcome.Succeeded ? 1 : 0;
                await sink.WriteOutcomeAsync(outcome, cancellationToken).ConfigureAwait(false);
            }

            await meter.CountAsync(() => $"{added:N0} added", cancellationToken).ConfigureAwait(false);
        }

        await meter.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    // Parameters of the command line apply to all users, whatever the objects of the pipeline say.
    private Outcome<NewUser> Read(UserInput input)
    {
        if (input.CheckName() is StickyException number)
        {
            return new(number);
        }

        try
        {
            NewUser user = new()
            {
                UserName = input.UserName,
                Email = Email ?? input.Email,
                IsAdmin = _isAdmin ?? input.ReadAdmin() ?? false,
                CanWrite = !(_isReadOnly ?? input.ReadReadOnly() ?? false),
            };
            return UserRules.Check(user) is StickyException error ? new(error) : new(user);
        }
        catch (StickyException e)
        {
            return new(e);
        }
    }
}
