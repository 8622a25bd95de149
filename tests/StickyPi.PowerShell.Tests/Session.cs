using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Security;
using System.Text.RegularExpressions;
using StickyPi.PowerShell.Images;
using Xunit.Sdk;
using Shell = System.Management.Automation.PowerShell;

namespace StickyPi.Tests;

/// <summary>A session of the real engine that has the commands of the module, asks about every change, and has an answer for every question.</summary>
public sealed partial class Session : IDisposable
{
    private static readonly InitialSessionState State = CreateState();

    private readonly Answers _answers = new();
    private readonly Runspace _runspace;

    public Session()
    {
        _runspace = RunspaceFactory.CreateRunspace(_answers, State.Clone());
        _runspace.Open();
        _runspace.SessionStateProxy.SetVariable("ConfirmPreference", ConfirmImpact.Low);
    }

    /// <summary>Whether questions are answered with yes, or with no.</summary>
    public bool Consents
    {
        get => _answers.Consents;
        set => _answers.Consents = value;
    }

    /// <summary>Makes commands work on a connection unless they are told another one.</summary>
    /// <param name="connection">The connection.</param>
    public void Use(object connection) =>
        _runspace.SessionStateProxy.SetVariable("PSDefaultParameterValues", new DefaultParameterDictionary { ["*-Sticky*:Connection"] = connection });

    /// <summary>Runs a script to its end. An error that terminates one of its commands fails the test.</summary>
    /// <param name="script">The script.</param>
    /// <param name="variables">Variables for it.</param>
    /// <returns>All that it said.</returns>
    public Said Run(string script, params (string Name, object? Value)[] variables)
    {
        Said said = Invoke(script, variables);
        return said.Failure is null
            ? said
            : throw new XunitException($"'{script}' was ended by: {said.Failure}", said.Failure.Exception);
    }

    /// <summary>Runs a script to the error that terminates one of its commands. The test fails if there is none.</summary>
    /// <param name="script">The script.</param>
    /// <param name="variables">Variables for it.</param>
    /// <returns>All that it said, with its <see cref="Said.Failure"/>.</returns>
    public Said RunToFailure(string script, params (string Name, object? Value)[] variables)
    {
        Said said = Invoke(script, variables);
        return said.Failure is not null ? said : throw new XunitException($"No error ended '{script}'.");
    }

    public void Dispose() => _runspace.Dispose();

    private Said Invoke(string script, (string Name, object? Value)[] variables)
    {
        foreach ((string name, object? value) in variables)
        {
            _runspace.SessionStateProxy.SetVariable(name, value);
        }

        _answers.Questions.Clear();
        using Shell shell = Shell.Create(_runspace);
        _ = shell.AddScript($"$failure = $null\ntry {{\n{script}\n}}\ncatch {{\n    $failure = $_\n}}");
        Collection<PSObject> output = shell.Invoke();
        return new Said
        {
            Objects = [.. output.Select(item => item.BaseObject)],
            Errors = [.. shell.Streams.Error],
            Warnings = [.. shell.Streams.Warning.Select(record => record.Message)],
            Details = [.. shell.Streams.Verbose.Select(record => record.Message)],
            Progress = [.. shell.Streams.Progress],
            Questions = [.. _answers.Questions],
            Failure = PSObject.AsPSObject(_runspace.SessionStateProxy.GetVariable("failure") ?? "").BaseObject as ErrorRecord,
        };
    }

    // Of the assembly beside the tests, and not of the built module: the tests could not share a type with a second copy.
    private static InitialSessionState CreateState()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        foreach (Type type in typeof(SendStickyImageCommand).Assembly.GetExportedTypes())
        {
            if (type.GetCustomAttribute<CmdletAttribute>() is CmdletAttribute cmdlet)
            {
                state.Commands.Add(new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, helpFileName: null));
            }
        }

        return state;
    }

    /// <summary>All that a script said, stream by stream.</summary>
    public sealed record Said
    {
        public required IReadOnlyList<object> Objects { get; init; }

        public required IReadOnlyList<ErrorRecord> Errors { get; init; }

        public required IReadOnlyList<string> Warnings { get; init; }

        public required IReadOnlyList<string> Details { get; init; }

        public required IReadOnlyList<ProgressRecord> Progress { get; init; }

        public required IReadOnlyList<(string Target, string Action)> Questions { get; init; }

        /// <summary>What ended the script, for <see cref="RunToFailure"/>; null for <see cref="Run"/>.</summary>
        public required ErrorRecord? Failure { get; init; }

        /// <summary>The ids of the errors, without the command.</summary>
        public IEnumerable<string> ErrorIds => Errors.Select(GetId);

        /// <summary>The id of the error that ended the script, without the command.</summary>
        public string FailureId => GetId(Failure!);

        private static string GetId(ErrorRecord record) => record.FullyQualifiedErrorId.Split(',')[0];
    }

    private sealed class Answers : PSHost
    {
        private readonly Interface _interface;

        public Answers() => _interface = new Interface(this);

        public bool Consents { get; set; } = true;

        public List<(string Target, string Action)> Questions { get; } = [];

        public override string Name => "Tests";

        public override Version Version { get; } = new(1, 0);

        public override Guid InstanceId { get; } = Guid.NewGuid();

        public override PSHostUserInterface UI => _interface;

        public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

        public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

        public override void EnterNestedPrompt() => throw new NotSupportedException();

        public override void ExitNestedPrompt() => throw new NotSupportedException();

        public override void NotifyBeginApplication()
        {
        }

        public override void NotifyEndApplication()
        {
        }

        public override void SetShouldExit(int exitCode)
        {
        }
    }

    private sealed partial class Interface(Answers answers) : PSHostUserInterface
    {
        public override PSHostRawUserInterface? RawUI => null;

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
        {
            Match match = Operation().Match(message);
            Assert.True(match.Success, message);
            answers.Questions.Add((match.Groups["target"].Value, match.Groups["action"].Value));
            return choices.Select(choice => choice.Label.Replace("&", "", StringComparison.Ordinal)).ToList().IndexOf(answers.Consents ? "Yes" : "No");
        }

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
            throw new NotSupportedException(message);

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
            throw new NotSupportedException(message);

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
            throw new NotSupportedException(message);

        public override string ReadLine() => throw new NotSupportedException();

        public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

        public override void Write(string value)
        {
        }

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
        {
        }

        public override void WriteDebugLine(string message)
        {
        }

        public override void WriteErrorLine(string value)
        {
        }

        public override void WriteLine(string value)
        {
        }

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
        }

        public override void WriteVerboseLine(string message)
        {
        }

        public override void WriteWarningLine(string message)
        {
        }

        [GeneratedRegex("Performing the operation \"(?<action>.*)\" on target \"(?<target>.*)\"\\.$", RegexOptions.Singleline)]
        private static partial Regex Operation();
    }
}
