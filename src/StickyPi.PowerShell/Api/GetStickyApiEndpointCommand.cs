using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Remote;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Api;

/// <summary>Lists what a server can be asked for, by its own description.</summary>
[Cmdlet(VerbsCommon.Get, "StickyApiEndpoint")]
[OutputType(typeof(StickyApiEndpoint))]
public sealed class GetStickyApiEndpointCommand : StoreCmdlet<string>
{
    /// <summary>Names or patterns: <c>*</c> for any characters, <c>?</c> for one. All endpoints by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Given]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ApiEndpointCompleter))]
    [Text]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        _ = Open.Remote;
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        List<string> names = await input.ToListAsync(cancellationToken).ConfigureAwait(false);
        if (names.Count == 0)
        {
            return;
        }

        IReadOnlyList<StickyApiEndpoint> endpoints = await Open.GetEndpointsAsync(cancellationToken).ConfigureAwait(false);
        foreach (StickyApiEndpoint endpoint in endpoints.Where(endpoint => NamePattern.Matches(endpoint.Name, names)))
        {
            await sink.WriteAsync(endpoint, cancellationToken).ConfigureAwait(false);
        }

        foreach (string name in names.Where(name => !Wildcards.AreIn(name)))
        {
            try
            {
                _ = ApiEndpoints.Find(endpoints, name);
            }
            catch (StickyException e)
            {
                await sink.WriteErrorAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => Name;
}
