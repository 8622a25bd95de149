using System.Management.Automation;
using StickyPi.Core;

namespace StickyPi.PowerShell.Errors;

/// <summary>Turns the errors of the core into those of PowerShell.</summary>
internal static class ErrorRecords
{
    /// <summary>The record of an error: its id, category, target, message and recommended action.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The record.</returns>
    public static ErrorRecord ToErrorRecord(this StickyException error)
    {
        ErrorRecord record = new(error, error.ErrorId, ToCategory(error.Kind), error.Target)
        {
            ErrorDetails = new ErrorDetails(Describe(error)) { RecommendedAction = error.RecommendedAction ?? "" },
        };

        // Some views show the target, too.
        record.CategoryInfo.TargetName = OneLine.Of(record.CategoryInfo.TargetName);
        return record;
    }

    /// <summary>What is wrong, with what a server said, by which its log can be searched.</summary>
    /// <param name="error">The error.</param>
    /// <returns>One or two sentences.</returns>
    internal static string Describe(StickyException error) =>
        error.Service is null || error.Message.Contains(error.Service.ToString(), StringComparison.Ordinal) ? error.Message : $"{error.Message} ({error.Service})";

    internal static ErrorCategory ToCategory(StickyErrorKind kind) => kind switch
    {
        StickyErrorKind.InvalidData => ErrorCategory.InvalidData,
        StickyErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        StickyErrorKind.Conflict => ErrorCategory.ResourceExists,
        StickyErrorKind.NotAllowed => ErrorCategory.InvalidOperation,
        StickyErrorKind.ReadFailed => ErrorCategory.ReadError,
        StickyErrorKind.WriteFailed => ErrorCategory.WriteError,
        StickyErrorKind.StorageFull => ErrorCategory.LimitsExceeded,
        StickyErrorKind.StoreUnavailable => ErrorCategory.ResourceUnavailable,
        StickyErrorKind.AccessDenied => ErrorCategory.PermissionDenied,
        StickyErrorKind.ComponentMissing => ErrorCategory.NotInstalled,
        _ => ErrorCategory.NotSpecified,
    };
}
