using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using StickyPi.Core;

namespace StickyPi.Server.Logging;

/// <summary>
/// Writes each entry of the log as one line of plain text. The console's own format leaves everything but line feeds as it is: a name in an
/// error could begin a line that looks like another entry.
/// </summary>
/// <param name="clock">The time of the entries.</param>
internal sealed class LogLine(TimeProvider clock) : ConsoleFormatter(FormatName)
{
    /// <summary>The name by which the console finds the format.</summary>
    public const string FormatName = "line";

    // Stacks are long.
    private const int MaximumLength = 100_000;

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        string? stack = logEntry.Exception is null ? null : $" {logEntry.Exception.ToString().ReplaceLineEndings(" ")}";
        string time = clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        string line = $"{time} {NameOf(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] {message}{stack}";
        textWriter.WriteLine(OneLine.Of(line, MaximumLength));
    }

    // As the console's own formats call them.
    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
