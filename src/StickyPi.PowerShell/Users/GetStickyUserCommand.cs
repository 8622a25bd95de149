using System.Management.Automation;
using StickyPi.Core.Users;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Users;

/// <summary>Lists the users of a store.</summary>
[Cmdlet(VerbsCommon.Get, "StickyUser")]
[OutputType(typeof(StickyUser))]
public sealed class GetStickyUserCommand : StoreCmdlet<string>
{
    /// <summary>Names or patterns: <c>*</c> for any characters, <c>?</c> for one. All users by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [AllowEmptyString]
    [Given(EmptyCounts = true)]
    [SupportsWildcards]
    [UserName]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    public string[] UserName { get; set; } = ["*"];

    /// <summary>E-mail addresses or patterns: <c>*</c> for any characters, <c>?</c> for one. With it, users without an address are left out.</summary>
    [Parameter(Position = 1)]
    [Given]
    [SupportsWildcards]
    [Text]
    public string[] Email { get; set; } = [];

    private protected override IEnumerable<string> ColumnNames => UserInput.NameProperties;

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        // No name at all, from an empty pipeline or an empty array, must not mean every user, as it does to the store.
        List<string> names = await input.ToListAsync(cancellationToken).ConfigureAwait(false);
        if (names.Count == 0)
        {
            return;
        }

        UserQuery query = new() { UserNames = names, Emails = Email };
        foreach (StickyUser user in await Store.GetUsersAsync(query, cancellationToken).ConfigureAwait(false))
        {
            await sink.WriteAsync(user, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => UserName;
}
