using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Users;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Users;

/// <summary>
/// Says whether names and passwords are right, and of those that are not, nothing more. A hash of an older kind is made anew when
/// its password is right.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "StickyUser", DefaultParameterSetName = UserNameSet)]
[OutputType(typeof(bool))]
public sealed class TestStickyUserCommand : CredentialCmdlet
{
    /// <summary>The name.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UserNameSet)]
    [Alias("Name")]
    [Id]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    public override string? UserName { get; set; }

    private protected override IEnumerable<string> ColumnNames => [.. UserInput.NameProperties, nameof(Password)];

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<UserInput> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (UserInput item in input.ConfigureAwait(false))
        {
            if (item.CheckName() is StickyException number)
            {
                await sink.WriteErrorAsync(number, cancellationToken).ConfigureAwait(false);
                continue;
            }

            using Secret password = Secret.From(Password ?? item.Password);
            StickyUser? user = await Store.VerifyUserAsync(item.UserName, password, cancellationToken).ConfigureAwait(false);
            await sink.WriteAsync(user is not null, cancellationToken).ConfigureAwait(false);
        }
    }
}
