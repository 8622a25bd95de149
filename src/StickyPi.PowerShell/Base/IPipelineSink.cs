using System.Management.Automation;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// What a cmdlet's work may do to the pipeline, from any thread: each call is carried out by the pipeline's own thread, in order, and
/// waits while the consumer is behind.
/// </summary>
public interface IPipelineSink
{
    /// <summary>Writes an object to the pipeline.</summary>
    /// <param name="value">The object.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    ValueTask WriteAsync(object value, CancellationToken cancellationToken);

    /// <summary>Writes a file to the pipeline, as the commands of PowerShell do: with the properties that its views and bindings want.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    ValueTask WriteFileAsync(string path, CancellationToken cancellationToken);

    /// <summary>Writes a non-terminating error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    ValueTask WriteErrorAsync(StickyException error, CancellationToken cancellationToken);

    /// <summary>Writes a warning.</summary>
    /// <param name="message">A sentence.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    ValueTask WriteWarningAsync(string message, CancellationToken cancellationToken);

    /// <summary>Writes what is of interest only to those who ask for details.</summary>
    /// <param name="message">A sentence.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    ValueTask WriteVerboseAsync(string message, CancellationToken cancellationToken);

    /// <summary>Shows how far the work is.</summary>
    /// <param name="progress">The state.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    ValueTask WriteProgressAsync(WorkProgress progress, CancellationToken cancellationToken);

    /// <summary>Asks whether to do something, as <c>-WhatIf</c> and <c>-Confirm</c> want it.</summary>
    /// <param name="target">What would change.</param>
    /// <param name="action">How.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Whether to do it.</returns>
    ValueTask<bool> ShouldProcessAsync(string target, string action, CancellationToken cancellationToken);

    /// <summary>Asks the user for a name and a password.</summary>
    /// <param name="message">What for.</param>
    /// <param name="userName">The name, if it is known.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>What was answered; null where nobody can be asked.</returns>
    ValueTask<PSCredential?> ReadCredentialAsync(string message, string? userName, CancellationToken cancellationToken);
}

/// <summary>What is often written.</summary>
internal static class PipelineSinks
{
    /// <summary>Writes the result of an item, or its error.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="sink">Where to.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    public static ValueTask WriteOutcomeAsync<T>(this IPipelineSink sink, Outcome<T> outcome, CancellationToken cancellationToken)
        where T : class =>
        outcome.Succeeded ? sink.WriteAsync(outcome.Value, cancellationToken) : sink.WriteErrorAsync(outcome.Error, cancellationToken);

    /// <summary>Writes the errors of items, and nothing of those that went well. Where the store has gone meanwhile, that ends the command.</summary>
    /// <typeparam name="T">The type of the results.</typeparam>
    /// <param name="sink">Where to.</param>
    /// <param name="outcomes">The outcomes.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    /// <exception cref="StickyException">The store cannot be used any more; every other error has been written.</exception>
    public static async ValueTask WriteErrorsAsync<T>(
        this IPipelineSink sink, IReadOnlyList<Outcome<T>> outcomes, CancellationToken cancellationToken)
        where T : class
    {
        StickyException? outage = null;
        foreach (Outcome<T> outcome in outcomes)
        {
            if (outcome.Succeeded)
            {
                continue;
            }

            if (outcome.Error.Kind == StickyErrorKind.StoreUnavailable)
            {
                outage ??= outcome.Error.InnerException as StickyException ?? outcome.Error;
            }

            if (outcome.Error != outage)
            {
                await sink.WriteErrorAsync(outcome.Error, cancellationToken).ConfigureAwait(false);
            }
        }

        if (outage is not null)
        {
            throw outage;
        }
    }
}

/// <summary>How far some work is.</summary>
/// <param name="Activity">What is being done.</param>
/// <param name="Status">How far it is, in words.</param>
/// <param name="Percent">0 to 100, or −1 where the end is not known yet.</param>
/// <param name="SecondsRemaining">An estimate, or −1.</param>
/// <param name="Completed">Whether this is the end.</param>
public sealed record WorkProgress(string Activity, string Status, int Percent, int SecondsRemaining, bool Completed);
