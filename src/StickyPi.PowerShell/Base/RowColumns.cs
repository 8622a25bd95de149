using System.Collections;
using System.Management.Automation;
using System.Reflection;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Tells of the columns of rows that a command makes nothing of. The engine binds those that have the name of a parameter, and is silent
/// about the others: a column that is written wrong would not count, and nobody would notice.
/// </summary>
internal sealed class RowColumns
{
    private readonly HashSet<string> _understood;
    private readonly Dictionary<string, string> _given = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _told = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds what a command understands.</summary>
    /// <param name="type">The type of the command.</param>
    /// <param name="others">Names of columns that it reads by itself.</param>
    /// <param name="unused">Names of columns that it has no use for, and that nobody need be told of.</param>
    /// <param name="given">The parameters that the command line gave; what rows say of them does not count.</param>
    public RowColumns(Type type, IEnumerable<string> others, IEnumerable<string> unused, GivenParameters given)
    {
        _told.UnionWith(unused);
        _understood = new(others, StringComparer.OrdinalIgnoreCase);
        foreach (PropertyInfo parameter in type.GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute))))
        {
            string[] names = [parameter.Name, .. parameter.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []];
            if (parameter.GetCustomAttributes<ParameterAttribute>().Any(attribute => attribute.ValueFromPipelineByPropertyName))
            {
                _understood.UnionWith(names);
            }

            foreach (string name in names.Where(name => given.HasValue(parameter.Name) && _understood.Contains(name)))
            {
                _given[name] = parameter.Name;
            }
        }
    }

    /// <summary>Looks at an object.</summary>
    /// <param name="item">What the pipeline brought: a row.</param>
    /// <param name="command">The name of the command.</param>
    /// <returns>Warnings, each column in only one of all of them.</returns>
    public IEnumerable<string> Check(PSObject item, string command)
    {
        if (_understood.Count == 0 || item.TypeNames.Any(name => name.Contains("StickyPi.", StringComparison.Ordinal)))
        {
            yield break;
        }

        IEnumerable<string> columns = item.BaseObject is IDictionary entries
            ? entries.Keys.Cast<object>().Select(key => $"{key}")
            : item.Properties.Select(property => property.Name);
        string[] unknown = [.. columns.Where(name => (!_understood.Contains(name) || _given.ContainsKey(name)) && _told.Add(name))];
        string[] unused = [.. unknown.Where(name => !_given.ContainsKey(name))];
        if (unused.Length > 0)
        {
            string understood = string.Join(", ", _understood.Order(StringComparer.Ordinal));
            yield return $"{command} does not use {Name(unused)} of its input. It understands {understood}.";
        }

        foreach (string name in unknown.Where(_given.ContainsKey))
        {
            yield return $"{command} does not use the column '{name}' of its input, because -{_given[name]} was given.";
        }
    }

    private static string Name(string[] columns) =>
        $"the {(columns.Length == 1 ? "column" : "columns")} {string.Join(", ", columns.Select(name => $"'{OneLine.Value(name)}'"))}";
}
