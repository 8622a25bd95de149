using System.Management.Automation;
using System.Management.Automation.Host;

namespace StickyPi.PowerShell.Base;

/// <summary>Asks for names and passwords, where there is somebody to ask.</summary>
internal static class CredentialPrompt
{
    private const string Caption = "StickyPi credential";

    /// <summary>Asks for a name and a password, on the pipeline's thread.</summary>
    /// <param name="cmdlet">Whose host asks.</param>
    /// <param name="message">What for.</param>
    /// <param name="userName">The name, if it is known.</param>
    /// <returns>What was answered; null where nobody can be asked.</returns>
    public static PSCredential? Read(PSCmdlet cmdlet, string message, string? userName)
    {
        // The console would read whatever is piped to the process, and take the end of it for an empty password.
        if (cmdlet.Host is not { UI: PSHostUserInterface console } host || (host.Name == "ConsoleHost" && Console.IsInputRedirected))
        {
            return null;
        }

        try
        {
            return console.AskCredential(Caption, message, userName);
        }
        catch (Exception e) when (e is HostException or InvalidOperationException or NotImplementedException)
        {
            return null;
        }
    }
}
