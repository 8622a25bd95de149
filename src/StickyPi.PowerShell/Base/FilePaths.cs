using System.Collections.ObjectModel;
using System.Management.Automation;
using StickyPi.Core;
using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace StickyPi.PowerShell.Base;

/// <summary>Paths as PowerShell understands them: relative to its location, on its drives, with its wildcards.</summary>
internal static class FilePaths
{
    /// <summary>Resolves paths to those of the file system; what cannot be resolved becomes a non-terminating error.</summary>
    /// <param name="cmdlet">Whose session counts, and where errors go.</param>
    /// <param name="paths">The paths.</param>
    /// <param name="literal">Whether wildcards are only characters.</param>
    /// <param name="refuse">What to do with a path that can't be resolved instead of writing its error.</param>
    /// <returns>Absolute paths of files and folders that, for patterns, exist.</returns>
    public static IEnumerable<string> Resolve(
        PSCmdlet cmdlet, IEnumerable<string> paths, bool literal, Action<StickyException>? refuse = null)
    {
        foreach (string path in paths)
        {
            Collection<string> resolved = [];
            StickyException? error = null;
            try
            {
                ProviderInfo provider;
                if (literal)
                {
                    resolved.Add(cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _));
                }
                else
                {
                    resolved = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out provider);
                    if (resolved.Count == 0)
                    {
                        // Brackets in a name: our own results have a Path, and must be good for the next command as they are.
                        string exact = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out _, out _);
                        if (Path.Exists(exact))
                        {
                            resolved.Add(exact);
                        }
                        else
                        {
                            cmdlet.Warn($"Nothing matches the pattern '{path}'.");
                        }
                    }
                }

                error = Check(provider, path);
            }
            catch (Exception e) when (e is ItemNotFoundException or DriveNotFoundException or ProviderNotFoundException)
            {
                error = new StickyException("FileNotFound", StickyErrorKind.NotFound, e.Message, path, "Check the path.", e);
            }

            if (error is not null)
            {
                if (refuse is null)
                {
                    cmdlet.WriteError(Errors.ErrorRecords.ToErrorRecord(error));
                }
                else
                {
                    refuse(error);
                }

                continue;
            }

            foreach (string file in resolved)
            {
                yield return file;
            }
        }
    }

    /// <summary>Resolves the path of a folder that need not exist.</summary>
    /// <param name="cmdlet">Whose session counts.</param>
    /// <param name="path">The path; it has no wildcards.</param>
    /// <returns>An absolute path.</returns>
    /// <exception cref="StickyException">It lies on a drive that is not of the file system, or that does not exist.</exception>
    public static string ResolveFolder(PSCmdlet cmdlet, string path)
    {
        try
        {
            string folder = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return Check(provider, path) is StickyException error ? throw error : Path.TrimEndingDirectorySeparator(folder);
        }
        catch (Exception e) when (e is DriveNotFoundException or ProviderNotFoundException)
        {
            throw new StickyException("FolderNotFound", StickyErrorKind.NotFound, e.Message, path, "Check the path.", e);
        }
    }

    private static StickyException? Check(ProviderInfo provider, string path) => provider.Name == "FileSystem"
        ? null
        : new StickyException(
            "NotAFileSystemPath",
            StickyErrorKind.InvalidData,
            $"'{path}' is a path of the provider {provider.Name}, not of the file system.",
            path,
            "Name files or folders.");
}
