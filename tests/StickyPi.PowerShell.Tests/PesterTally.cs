using System.Diagnostics;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace StickyPi.PowerShell.Tests;

/// <summary>Counts Pester tests, of which xunit sees only the files, and shows the sum in the output of 'dotnet test'.</summary>
public sealed class PesterTally : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly Stopwatch Clock = new();
    private static int Tallies;
    private static int Files;
    private static int Passed;
    private static int Failed;
    private static int Skipped;

    private readonly IMessageSink _messages;

    public PesterTally(IMessageSink messages)
    {
        _messages = messages;
        lock (Gate)
        {
            Tallies++;
            Clock.Start();
        }
    }

    /// <summary>Counts the tests of a file, and tells which of them did not run.</summary>
    /// <param name="file">The name of the file.</param>
    /// <param name="result">What became of its tests.</param>
    public void Add(string file, PesterResult result)
    {
        lock (Gate)
        {
            Files++;
            Passed += result.Passed;
            Failed += result.Failed.Count;
            Skipped += result.Skipped.Count;
        }

        if (result.Skipped.Count > 0)
        {
            Say($"{result.Skipped.Count} skipped in {file}: {string.Join("; ", result.Skipped)}");
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            // The last one tells of all: classes run side by side.
            if (--Tallies == 0 && Files > 0)
            {
                double seconds = Clock.Elapsed.TotalSeconds;
                Say($"{Passed} tests passed, {Failed} failed, {Skipped} skipped, in {Files} files and {seconds:F0} s");
            }
        }
    }

    // The CI script reads these lines.
    private void Say(string text) => _ = _messages.OnMessage(new DiagnosticMessage($"Pester: {text}"));
}
