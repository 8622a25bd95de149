using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Users;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Users;

/// <summary>Removes users from a store.</summary>
[Cmdlet(VerbsCommon.Remove, "StickyUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveStickyUserCommand : StoreCmdlet<string>
{
    /// <summary>The names, without wildcards; or objects that have a user name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [AllowEmptyString]
    [UserName]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    public string[] UserName { get; set; } = [];

    /// <summary>Whether the last administrator may go. It does not keep <c>-Confirm</c> from asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override IEnumerable<string> ColumnNames => UserInput.NameProperties;

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (string name in input.ConfigureAwait(false))
        {
            StickyException? error = UserNameAttribute.CheckGiven(name);
            if (error is null
                && await sink.ShouldProcessAsync(name, $"Remove user from store '{Store.Location}'", cancellationToken).ConfigureAwait(false))
            {
                error = (await Store.RemoveUserAsync(name, Force, cancellationToken).ConfigureAwait(false)).Error;
            }

            if (error is not null)
            {
                await sink.WriteErrorAsync(error, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => UserName;
}
