using Microsoft.Extensions.Diagnostics.HealthChecks;
using StickyPi.Core;
using StickyPi.Core.Stores;

namespace StickyPi.Server.Health;

/// <summary>Whether requests can be answered: whether the catalog can be read, and the storage be reached.</summary>
internal sealed class StoreHealth(Store store, TimeProvider clock) : IHealthCheck
{
    // Anybody may ask, so the store is not asked each time.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Task<HealthCheckResult>? _last;
    private long _lastAt;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            // Not by the time of day: after that was put back, the last answer would be given until it has caught up.
            if (_last is null || clock.GetElapsedTime(_lastAt) > Lifetime)
            {
                _last = Task.Run(LookAsync, CancellationToken.None);
                _lastAt = clock.GetTimestamp();
            }

            return _last.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthCheckResult> LookAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await store.CheckAsync(patience.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is StickyException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            return HealthCheckResult.Unhealthy("The store can't be used.", e);
        }
    }
}
