using System.Reflection;
using StickyPi.PowerShell.Base;
using StickyPi.Tests;

namespace StickyPi.PowerShell.Tests;

/// <summary>No text reaches a stream or a question of PowerShell but by the one place that makes it a line.</summary>
public sealed class PipelineMessageTests
{
    private static readonly Assembly Module = typeof(PipelineMessages).Assembly;

    [Fact]
    public void Only_one_place_writes_texts_to_the_streams_and_asks() => Assert.Equal(
        ["PipelineMessages.Ask", "PipelineMessages.AskCredential", "PipelineMessages.Show", "PipelineMessages.Tell",
            "PipelineMessages.Warn"],
        CallSites.Of(
            Module,
            ["Cmdlet", "PSCmdlet", "PSHostUserInterface", "ICommandRuntime", "ICommandRuntime2"],
            "WriteWarning", "WriteVerbose", "WriteDebug", "WriteProgress", "WriteInformation", "WriteCommandDetail",
            "ShouldProcess", "ShouldContinue", "Prompt", "PromptForChoice", "PromptForCredential", "Write", "WriteLine", "WriteWarningLine",
            "WriteVerboseLine", "WriteErrorLine", "WriteDebugLine"));

    [Fact]
    public void Only_one_place_makes_error_records() =>
        Assert.Equal(["ErrorRecords.ToErrorRecord"], CallSites.Of(Module, ["ErrorRecord", "ErrorDetails"], ".ctor"));

    [Fact]
    public void Only_one_place_refuses_arguments() => Assert.Equal(
        ["PipelineMessages.InvalidValue", "PipelineMessages.Refusal"],
        CallSites.Of(
            Module,
            ["ArgumentTransformationMetadataException", "ValidationMetadataException", "ParameterBindingException", "PSArgumentException",
                "PSInvalidOperationException", "PSInvalidCastException", "ArgumentException"],
            ".ctor"));

    [Fact]
    public void Every_command_terminates_with_an_error_of_ours() =>
        Assert.All(CallSites.Of(Module, ["Cmdlet", "PSCmdlet"], "ThrowTerminatingError"), caller => Assert.Contains(caller, (string[])
            ["StickyCmdlet.Guard", "ClearStickyCacheCommand.EndProcessing"]));

    [Fact]
    public void What_exceptions_say_gets_into_messages_as_a_line_only() => Assert.Equal(
        ["ErrorRecords.Describe", "FilePaths.Resolve", "FilePaths.ResolveFolder"], CallSites.Of(Module, ["Exception"], "get_Message"));
}
