using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Errors;
using StickyPi.PowerShell.Loading;

namespace StickyPi.PowerShell.Connections;

/// <summary>Opens a store, or makes one, and makes it the session's default.</summary>
[Cmdlet(VerbsCommunications.Connect, "StickyPi", SupportsShouldProcess = true)]
[OutputType(typeof(StickyConnection))]
public sealed class ConnectStickyPiCommand : PSCmdlet
{
    /// <summary>The folder of the store; it is made where it is missing.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Whether to return the connection.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            string folder = FilePaths.ResolveFolder(this, Path);
            bool exists = new FileInfo(Store.GetDatabasePath(folder)) is { Exists: true, Length: > 0 };
            if (!exists && !ShouldProcess(folder, "Make a store"))
            {
                return;
            }

            StickyConnection connection = new(Store.OpenLocal(folder, ProviderLoader.Providers, create: !WhatIf.IsOn(this)), "Local");
            StickyConnection.Add(connection);
            WriteVerbose(exists ? $"Opened the store in '{folder}'." : $"Made a store in '{folder}'.");
            if (PassThru)
            {
                WriteObject(connection);
            }
        }
        catch (StickyException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }
}
