namespace StickyPi.Core.Storage;

/// <summary>Tells a full disk from other failures of writing.</summary>
internal static class DiskErrors
{
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int UnixNoSpace = 28;
    private const int LinuxQuotaExceeded = 122;
    private const int MacQuotaExceeded = 69;

    /// <summary>Whether writing failed because the disk, or the user's share of it, is full.</summary>
    /// <param name="error">The error of the file system.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsDiskFull(IOException error) => OperatingSystem.IsWindows()
        ? error.HResult is WindowsDiskFull or WindowsHandleDiskFull
        : error.HResult == UnixNoSpace || error.HResult == (OperatingSystem.IsMacOS() ? MacQuotaExceeded : LinuxQuotaExceeded);

    /// <summary>The error for a file that cannot be written, unless the disk is full.</summary>
    /// <param name="path">The file.</param>
    /// <param name="place">The folder that was written to.</param>
    /// <param name="cause">The error of the file system.</param>
    /// <returns>The error.</returns>
    public static StickyException NotWritten(string path, string place, Exception cause) => cause is IOException io && IsDiskFull(io)
        ? StickyException.StorageFull(place, cause)
        : new StickyException(
            "FileNotWritten",
            StickyErrorKind.WriteFailed,
            $"'{path}' cannot be written: {OneLine.Quote(cause)}.",
            path,
            $"Check that you may write to '{place}'.",
            cause);
}
