using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using StickyPi.Core;
using StickyPi.PowerShell.Errors;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// A cmdlet whose work runs beside the pipeline. Input goes into one channel, and what the work has to say comes back through
/// another; the pipeline's thread alone writes. The work ends before the cmdlet does: on Ctrl-C, when a consumer such as
/// <c>Select-Object -First</c> has enough, and on any error.
/// </summary>
/// <typeparam name="TInput">What one item of input is.</typeparam>
public abstract class StickyCmdlet<TInput> : PSCmdlet, IDisposable
{
    private const int InputCapacity = 1024;
    private const int OutputCapacity = 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<TInput> _input = Channel.CreateBounded<TInput>(new BoundedChannelOptions(InputCapacity) { SingleWriter = true });
    private readonly Channel<object> _output = Channel.CreateBounded<object>(new BoundedChannelOptions(OutputCapacity) { SingleReader = true });
    private Action? _readItem;
    private Task? _work;
    private Exception? _failure;
    private RowColumns? _columns;
    private WorkProgress? _progress;
    private volatile bool _stopped;
    private bool _disposed;

    /// <summary>Does the work. Called once, off the pipeline's thread; parameters that are not bound from the pipeline are set.</summary>
    /// <param name="input">What <see cref="ReadRecord"/> yields, as it comes.</param>
    /// <param name="sink">Where to write.</param>
    /// <param name="cancellationToken">Set when the work must stop.</param>
    /// <returns>A task that ends with the work. A <see cref="StickyException"/> that leaves it terminates the command.</returns>
    protected internal abstract Task ProcessAsync(IAsyncEnumerable<TInput> input, IPipelineSink sink, CancellationToken cancellationToken);

    /// <summary>Takes the input out of the parameters, once for each record of the pipeline, on the pipeline's thread.</summary>
    /// <returns>Any number of items.</returns>
    protected abstract IEnumerable<TInput> ReadRecord();

    /// <summary>Checks the parameters, on the pipeline's thread, before any work.</summary>
    /// <exception cref="StickyException">The command can't run; this terminates it.</exception>
    protected internal virtual void Prepare()
    {
    }

    /// <summary>
    /// The columns of rows from the pipeline that the command reads by itself, beyond those that the engine binds to parameters.
    /// </summary>
    private protected virtual IEnumerable<string> ColumnNames => [];

    /// <summary>Columns of rows that the command has no use for and does not warn of. Listings in files have them.</summary>
    private protected virtual IEnumerable<string> ListedColumns => [];

    /// <summary>
    /// The types of this module that the command takes from the pipeline; all if it names none. The engine binds by the names of
    /// properties, and the name of a bundle is not that of a user.
    /// </summary>
    private protected virtual IReadOnlyList<Type> OwnInput => [];

    /// <summary>What the command line gave.</summary>
    private protected GivenParameters Given { get; private set; } = null!;

    /// <summary>Takes what came up beside the work and the user should know, since the last time.</summary>
    /// <param name="warning">A sentence.</param>
    /// <returns>Whether there was one.</returns>
    private protected virtual bool TryTakeWarning([NotNullWhen(true)] out string? warning)
    {
        warning = null;
        return false;
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Guard(() =>
    {
        Given = new GivenParameters(this);
        Prepare();
        Sink sink = new(_output.Writer);
        _work = Task.Run(async () =>
        {
            try
            {
                await ProcessAsync(_input.Reader.ReadAllAsync(_stop.Token), sink, _stop.Token).ConfigureAwait(false);
                _ = _output.Writer.TryComplete();
            }
            catch (Exception e)
            {
                _failure = e;
                _ = _output.Writer.TryComplete();
            }
        });
    });

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(_readItem ??= ReadItem);

    private void ReadItem()
    {
        if (PipelineItem.Of(this) is PSObject item && !IsMeant(item))
        {
            return;
        }

        foreach (TInput input in ReadRecord())
        {
            Pump();
            while (!_input.Writer.TryWrite(input))
            {
                // The work is behind: what it writes must be taken meanwhile, or it could never catch up.
                Task<bool> room = _input.Writer.WaitToWriteAsync(_stop.Token).AsTask();
                Task<bool> output = _output.Reader.WaitToReadAsync(_stop.Token).AsTask();
                _ = Task.WaitAny([room, output], _stop.Token);
                Pump();
                if (_output.Reader.Completion.IsCompleted)
                {
                    ThrowIfFailed();
                    return;
                }
            }
        }

        Pump();
        ThrowIfFailed();
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(() =>
    {
        _input.Writer.Complete();
        do
        {
            Pump();
        }
        while (WaitForOutput());
        ThrowIfFailed();
    });

    /// <inheritdoc/>
    protected sealed override void StopProcessing()
    {
        _stopped = true;
        _stop.Cancel();
    }

    /// <summary>Stops the work and waits for its end.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            EndWork();
            _stop.Dispose();
            GC.SuppressFinalize(this);
        }
    }

    private bool IsMeant(PSObject item)
    {
        object value = item.BaseObject;
        if (OwnTypes.IsRow(value))
        {
            // A script block may read any column.
            if (!Given.HasScripts)
            {
                WarnOfColumns(item);
            }
        }
        else if (OwnTypes.IsOwn(value) && OwnInput is { Count: > 0 } types && !types.Any(type => type.IsInstanceOfType(value)))
        {
            StickyException error = new(
                "WrongObject",
                StickyErrorKind.InvalidData,
                $"{MyInvocation.MyCommand.Name} does not take this object. {OwnTypes.Describe(value)} was piped to it.",
                value,
                $"Pipe objects of the type {string.Join(" or ", types.Select(type => type.Name))}, or the texts that are meant.");
            WriteError(error.ToErrorRecord());
            return false;
        }

        return true;
    }

    private void WarnOfColumns(PSObject row)
    {
        _columns ??= new RowColumns(GetType(), ColumnNames, ListedColumns, Given);
        foreach (string warning in _columns.Check(row, MyInvocation.MyCommand.Name))
        {
            this.Warn(warning);
        }
    }

    // PipelineStoppedException comes out of WriteObject when a consumer has enough, and nothing but Dispose follows it.
    private void Guard(Action body)
    {
        try
        {
            body();
        }
        catch (Exception e)
        {
            EndWork();
            CloseProgress();
            switch (e)
            {
                case StickyException error:
                    ThrowTerminatingError(error.ToErrorRecord());
                    break;
                case OperationCanceledException when _stopped:
                    break;
                default:
                    throw;
            }
        }
    }

    // Or the rest of the user's script would run under a bar that stands still.
    private void CloseProgress()
    {
        if (_progress is { Completed: false } progress)
        {
            _progress = progress with { Completed = true };
            try
            {
                this.Show(_progress);
            }
            catch (PipelineStoppedException)
            {
                // After Ctrl-C nothing may be written; the host takes the bar away by itself.
            }
        }
    }

    private void Pump()
    {
        WriteWarnings();
        while (_output.Reader.TryRead(out object? item))
        {
            if (item is IPipelineCall call)
            {
                call.Run(this);
            }
            else
            {
                WriteObject(item);
            }
        }
    }

    private void WriteWarnings()
    {
        while (TryTakeWarning(out string? warning))
        {
            this.Warn(warning);
        }
    }

    private bool WaitForOutput()
    {
        ValueTask<bool> more = _output.Reader.WaitToReadAsync(_stop.Token);
        if (more.IsCompletedSuccessfully)
        {
            return more.Result;
        }

        Task<bool> waiting = more.AsTask();
        _ = Task.WaitAny(waiting);
        return waiting.IsCompletedSuccessfully && waiting.Result;
    }

    private void ThrowIfFailed()
    {
        WriteWarnings();
        if (_output.Reader.Completion.IsCompleted && _failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private void EndWork()
    {
        _stop.Cancel();
        _ = _input.Writer.TryComplete();

        // The token tells the work that waits for room in the output, or for an answer: nothing reads the output any more.
        _work?.Wait();
    }

    private interface IPipelineCall
    {
        void Run(StickyCmdlet<TInput> cmdlet);
    }

    private sealed record FileCall(string Path) : IPipelineCall
    {
        public void Run(StickyCmdlet<TInput> cmdlet) =>
            cmdlet.WriteObject(cmdlet.InvokeProvider.Item.Get([Path], force: true, literalPath: true), enumerateCollection: true);
    }

    private sealed record ErrorCall(StickyException Error) : IPipelineCall
    {
        public void Run(StickyCmdlet<TInput> cmdlet) => cmdlet.WriteError(Error.ToErrorRecord());
    }

    private sealed record WarningCall(string Message) : IPipelineCall
    {
        public void Run(StickyCmdlet<TInput> cmdlet) => cmdlet.Warn(Message);
    }

    private sealed record VerboseCall(string Message) : IPipelineCall
    {
        public void Run(StickyCmdlet<TInput> cmdlet) => cmdlet.Tell(Message);
    }

    private sealed record ProgressCall(WorkProgress Progress) : IPipelineCall
    {
        public void Run(StickyCmdlet<TInput> cmdlet)
        {
            cmdlet._progress = Progress;
            cmdlet.Show(Progress);
        }
    }

    private sealed record ShouldProcessCall(string Target, string Action, TaskCompletionSource<bool> Answer) : IPipelineCall
    {
        public void Run(StickyCmdlet<TInput> cmdlet) => Answer.SetResult(cmdlet.Ask(Target, Action));
    }

    private sealed record CredentialCall(string Message, string? UserName, TaskCompletionSource<PSCredential?> Answer) : IPipelineCall
    {
        public void Run(StickyCmdlet<TInput> cmdlet) => Answer.SetResult(CredentialPrompt.Read(cmdlet, Message, UserName));
    }

    private sealed class Sink(ChannelWriter<object> output) : IPipelineSink
    {
        public ValueTask WriteAsync(object value, CancellationToken cancellationToken) => output.WriteAsync(value, cancellationToken);

        public ValueTask WriteFileAsync(string path, CancellationToken cancellationToken) =>
            output.WriteAsync(new FileCall(path), cancellationToken);

        public ValueTask WriteErrorAsync(StickyException error, CancellationToken cancellationToken) =>
            output.WriteAsync(new ErrorCall(error), cancellationToken);

        public ValueTask WriteWarningAsync(string message, CancellationToken cancellationToken) =>
            output.WriteAsync(new WarningCall(message), cancellationToken);

        public ValueTask WriteVerboseAsync(string message, CancellationToken cancellationToken) =>
            output.WriteAsync(new VerboseCall(message), cancellationToken);

        public ValueTask WriteProgressAsync(WorkProgress progress, CancellationToken cancellationToken) =>
            output.WriteAsync(new ProgressCall(progress), cancellationToken);

        public async ValueTask<bool> ShouldProcessAsync(string target, string action, CancellationToken cancellationToken)
        {
            TaskCompletionSource<bool> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await output.WriteAsync(new ShouldProcessCall(target, action, answer), cancellationToken).ConfigureAwait(false);
            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        public async ValueTask<PSCredential?> ReadCredentialAsync(string message, string? userName, CancellationToken cancellationToken)
        {
            TaskCompletionSource<PSCredential?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await output.WriteAsync(new CredentialCall(message, userName, answer), cancellationToken).ConfigureAwait(false);
            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
