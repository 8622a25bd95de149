using System.Management.Automation;
using StickyPi.Core;
using StickyPi.PowerShell.Base;

namespace StickyPi.Tests;

/// <summary>A pipeline that writes down what comes, and answers every question alike.</summary>
public sealed class RecordingSink(bool shouldProcess = true) : IPipelineSink
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _shown = new(0);

    public List<object> Objects { get; } = [];

    public List<StickyException> Errors { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<string> Details { get; } = [];

    public List<WorkProgress> Progress { get; } = [];

    public List<(string Target, string Action)> Questions { get; } = [];

    public ValueTask WriteAsync(object value, CancellationToken cancellationToken) => Record(Objects, value);

    public ValueTask WriteFileAsync(string path, CancellationToken cancellationToken) => Record(Objects, new FileInfo(path));

    public ValueTask WriteErrorAsync(StickyException error, CancellationToken cancellationToken) => Record(Errors, error);

    public ValueTask WriteWarningAsync(string message, CancellationToken cancellationToken) => Record(Warnings, message);

    public ValueTask WriteVerboseAsync(string message, CancellationToken cancellationToken) => Record(Details, message);

    public ValueTask WriteProgressAsync(WorkProgress progress, CancellationToken cancellationToken)
    {
        ValueTask recorded = Record(Progress, progress);
        _ = _shown.Release();
        return recorded;
    }

    /// <summary>Waits until progress has been shown so many times.</summary>
    public async Task ShownAsync(int count)
    {
        while (Progress.Count < count)
        {
            Assert.True(await _shown.WaitAsync(TimeSpan.FromMinutes(1)), $"Progress was shown {Progress.Count} times and not {count}.");
        }
    }

    public async ValueTask<bool> ShouldProcessAsync(string target, string action, CancellationToken cancellationToken)
    {
        await Record(Questions, (target, action));
        return shouldProcess;
    }

    public ValueTask<PSCredential?> ReadCredentialAsync(string message, string? userName, CancellationToken cancellationToken) =>
        ValueTask.FromResult<PSCredential?>(null);

    private ValueTask Record<T>(List<T> list, T item)
    {
        lock (_gate)
        {
            list.Add(item);
        }

        return ValueTask.CompletedTask;
    }
}
