using System.Management.Automation;
using System.Management.Automation.Host;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// The only way from our texts to the streams of PowerShell and to its questions: each is one line there, see <see cref="OneLine"/>.
/// Errors go through <see cref="Errors.ErrorRecords"/>, whose exceptions are one line already. On the pipeline's thread only.
/// </summary>
internal static class PipelineMessages
{
    /// <summary>Writes a warning.</summary>
    /// <param name="cmdlet">Whose stream.</param>
    /// <param name="message">A sentence.</param>
    public static void Warn(this PSCmdlet cmdlet, string message) => cmdlet.WriteWarning(OneLine.Of(message));

    /// <summary>Writes a detail, for <c>-Verbose</c>.</summary>
    /// <param name="cmdlet">Whose stream.</param>
    /// <param name="message">A sentence.</param>
    public static void Tell(this PSCmdlet cmdlet, string message) => cmdlet.WriteVerbose(OneLine.Of(message));

    /// <summary>Shows how far the work is.</summary>
    /// <param name="cmdlet">Whose work.</param>
    /// <param name="progress">The state.</param>
    public static void Show(this PSCmdlet cmdlet, WorkProgress progress) =>
        cmdlet.WriteProgress(new ProgressRecord(0, OneLine.Of(progress.Activity), OneLine.Of(progress.Status))
        {
            PercentComplete = progress.Percent,
            SecondsRemaining = progress.SecondsRemaining,
            RecordType = progress.Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        });

    /// <summary>Asks whether to do something, as <c>-WhatIf</c> and <c>-Confirm</c> want it.</summary>
    /// <param name="cmdlet">Which command asks.</param>
    /// <param name="target">What would change.</param>
    /// <param name="action">How.</param>
    /// <returns>Whether to do it.</returns>
    public static bool Ask(this PSCmdlet cmdlet, string target, string action) =>
        cmdlet.ShouldProcess(OneLine.Of(target), OneLine.Of(action));

    /// <summary>Asks for a name and a password.</summary>
    /// <param name="console">Who asks.</param>
    /// <param name="caption">The title of the question.</param>
    /// <param name="message">What for.</param>
    /// <param name="userName">The name, if it is known.</param>
    /// <returns>What was answered.</returns>
    public static PSCredential? AskCredential(this PSHostUserInterface console, string caption, string message, string? userName) =>
        console.PromptForCredential(caption, OneLine.Of(message), userName ?? "", targetName: "");

    /// <summary>The refusal of an argument, which the engine makes its own error of.</summary>
    /// <param name="message">What is wrong, as a sentence.</param>
    /// <returns>The exception to throw from a transformation.</returns>
    public static ArgumentTransformationMetadataException Refusal(string message) => new(OneLine.Of(message));

    /// <summary>The refusal of a value of the right type, which the engine makes its own error of.</summary>
    /// <param name="message">What is wrong, as a sentence.</param>
    /// <returns>The exception to throw from a validation.</returns>
    public static ValidationMetadataException InvalidValue(string message) => new(OneLine.Of(message));
}
