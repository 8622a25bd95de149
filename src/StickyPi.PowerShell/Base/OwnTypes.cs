using System.Collections;
using System.Management.Automation;
using StickyPi.Core.Annotations;
using StickyPi.Core.Bundles;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Tuboids;

namespace StickyPi.PowerShell.Base;

/// <summary>Tells the objects of this module from the objects of other programs, and reads the properties of both.</summary>
internal static class OwnTypes
{
    private const string Namespace = "StickyPi.";

    /// <summary>Tells whether an object is of a type of this module.</summary>
    /// <param name="value">The object, without a wrapper.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsOwn(object? value) =>
        value is not (null or Enum or Array) && value.GetType().Namespace?.StartsWith(Namespace, StringComparison.Ordinal) == true;

    /// <summary>
    /// Tells whether an object is a row of another program: one that <c>Import-Csv</c> or <c>ConvertFrom-Json</c> returns, or a hashtable.
    /// </summary>
    /// <param name="value">The object, without a wrapper.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsRow(object? value) => value is PSCustomObject or IDictionary;

    /// <summary>Tells whether an object has a property.</summary>
    /// <param name="value">The object, with its wrapper if it has one; of a hashtable, its entries count as properties.</param>
    /// <param name="names">Names of the property.</param>
    /// <returns>The name that it has, or null.</returns>
    public static string? Find(object value, params IEnumerable<string> names)
    {
        if ((value is PSObject wrapped ? wrapped.BaseObject : value) is IDictionary entries)
        {
            return names.FirstOrDefault(name => FindKey(entries, name) is not null);
        }

        PSObject item = PSObject.AsPSObject(value);
        return names.FirstOrDefault(name => item.Properties[name] is not null);
    }

    /// <summary>Reads a property.</summary>
    /// <param name="value">The object, with its wrapper if it has one; of a hashtable, its entries count as properties.</param>
    /// <param name="name">The name.</param>
    /// <returns>The value; null where there is no such property, or where it cannot be read.</returns>
    public static object? Get(object value, string name)
    {
        if ((value is PSObject wrapped ? wrapped.BaseObject : value) is IDictionary entries)
        {
            return FindKey(entries, name) is object key ? entries[key] : null;
        }

        try
        {
            return PSObject.AsPSObject(value).Properties[name]?.Value;
        }
        catch (GetValueException)
        {
            // Some properties of other programs' objects throw.
            return null;
        }
    }

    /// <summary>Names an object in a message.</summary>
    /// <param name="value">The object, without a wrapper.</param>
    /// <returns>For instance <c>A picture of a store</c>.</returns>
    public static string Describe(object value) => value switch
    {
        StickyImage or StickyAnnotatedImage => "A picture of a store",
        StickyTuboid => "A tuboid of a store",
        Annotation => "An annotation",
        StickyDevice => "A device",
        StickyStorageItem => "An object of a store",
        StickyMlBundle => "An ML bundle",
        IDictionary => "A hashtable",
        PSCustomObject => "An object",
        _ => $"An object of the type {value.GetType().Name}",
    };

    /// <summary>Refuses an object of this module that is not of a type which the parameter takes.</summary>
    /// <param name="value">The object.</param>
    /// <param name="meant">The types of those.</param>
    /// <returns>The error of a parameter.</returns>
    public static ArgumentTransformationMetadataException Refuse(object value, params IEnumerable<Type> meant) => PipelineMessages.Refusal(
        $"{Describe(value)} is not what the parameter takes, though it has a property of that name. "
        + $"Give objects of the type {string.Join(" or ", meant.Select(type => type.Name))}, or texts.");

    // Whatever case the keys have, as it is with properties.
    private static object? FindKey(IDictionary entries, string name) =>
        entries.Keys.Cast<object>().FirstOrDefault(key => name.Equals(key as string, StringComparison.OrdinalIgnoreCase));
}
