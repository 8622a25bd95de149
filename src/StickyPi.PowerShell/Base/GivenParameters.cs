using System.Management.Automation;
using System.Reflection;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// The parameters that the command line gave to a command. To be read before the pipeline brings anything, which is then among them.
/// </summary>
internal sealed class GivenParameters
{
    private readonly HashSet<string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _scripts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the parameters.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <exception cref="StickyException"><c>NullParameter</c>: one was given as null, and does not have
    /// <see cref="AllowNullAttribute"/>.</exception>
    public GivenParameters(PSCmdlet cmdlet)
    {
        foreach ((string name, object? value) in cmdlet.MyInvocation.BoundParameters)
        {
            // The engine has a few of its own, such as -Verbose.
            PropertyInfo? parameter = cmdlet.GetType().GetProperty(name);
            if (value is null && parameter?.IsDefined(typeof(AllowNullAttribute)) == false)
            {
                throw new StickyException(
                    "NullParameter",
                    StickyErrorKind.InvalidData,
                    $"-{name} was given, and its value is null.",
                    name,
                    "Check the variable that it comes from. Give a value, or leave the parameter out.");
            }

            // Until there is an object to run a script block for, the engine has something of a type of its own in its place.
            bool isScript = value is not null && parameter?.PropertyType.IsInstanceOfType(value) == false;
            _ = (isScript ? _scripts : _values).Add(name);
        }
    }

    /// <summary>
    /// Whether the engine runs a script block for each object of the pipeline. Nobody knows which of its properties that reads.
    /// </summary>
    public bool HasScripts => _scripts.Count > 0;

    /// <summary>Whether a parameter was given a value.</summary>
    /// <param name="name">The name of the parameter.</param>
    /// <returns>Whether it was.</returns>
    public bool HasValue(string name) => _values.Contains(name);

    /// <summary>Whether a parameter was given a script block.</summary>
    /// <param name="name">The name of the parameter.</param>
    /// <returns>Whether it was.</returns>
    public bool IsScript(string name) => _scripts.Contains(name);
}
