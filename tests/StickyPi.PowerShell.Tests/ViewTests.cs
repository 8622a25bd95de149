using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.Tests;

/// <summary>
/// What others wrote must not reach the terminal as it is: it may hold codes that move the cursor or turn the text round.
/// </summary>
public sealed class ViewTests
{
    private const string Hostile = "\u001b]0;evil\u0007\u202Ex\u009B31m\u200F";
    private const string Escape = "[StickyPi.Core.OneLine]::Of(";

    private const string All = "All.format.ps1xml";

    // Numbers and fixed texts, and lists of which each item is escaped.
    private static readonly string[] Harmless =
    [
        "if ($_.IsDefault) { '*' }", "$_.Image.Temperature", "$_.Tuboid.ShotCount", "$_.Tuboid.IdInSeries.ToString('0000')",
        "@($_.RequestTypes).ForEach{ [StickyPi.Core.OneLine]::Of($_) }",
        "$_.psobject.Properties.ForEach{ [StickyPi.Core.OneLine]::Of(\"$($_.Name) = $($_.Value)\") } -join \"`n\"",
    ];

    private static readonly string[] Files =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "StickyPi.PowerShell", "Formatting"), "*.ps1xml")
            .OrderBy(file => Path.GetFileName(file) == All).ThenBy(file => file, StringComparer.Ordinal),
    ];

    [Fact]
    public void Every_column_with_text_of_others_goes_through_the_escape()
    {
        Assert.Equal(12, Files.Length);
        foreach ((Type type, XElement item) in Items())
        {
            string? property = item.Element("PropertyName")?.Value;
            string script = item.Element("ScriptBlock")?.Value ?? "";
            Type? shown = property is null ? null : type.GetProperty(property)!.PropertyType;
            bool isSafe = shown is not null
                ? shown != typeof(string)
                    && shown != typeof(object)
                    && shown != typeof(Uri)
                    && !typeof(IEnumerable<string>).IsAssignableFrom(shown)
                : script.StartsWith(Escape, StringComparison.Ordinal)
                    || script.Contains("Base.ByteSize]::Format(", StringComparison.Ordinal)
                    || script.Contains("[cultureinfo]::InvariantCulture)", StringComparison.Ordinal)
                    || script.EndsWith(".Count", StringComparison.Ordinal)
                    || Harmless.Contains(script);

            Assert.True(isSafe, $"{type.Name}: {item}");
        }
    }

    [Fact]
    public void Every_type_with_a_view_has_a_list_of_all_its_properties_and_what_all_types_share()
    {
        Type[] types = [.. Items().Select(item => item.Type).Distinct()];
        ILookup<Type, string> listed = Items().Where(item => item.Item.Name.LocalName == "ListItem")
            .ToLookup(item => item.Type, item => (item.Item.Element("Label") ?? item.Item.Element("PropertyName")!).Value);

        Assert.All(types, type => Assert.Equal(type.GetProperties().Select(property => property.Name).Order(), listed[type].Order()));
        Assert.All(XDocument.Load(Files.Single(file => Path.GetFileName(file) == All)).Descendants("ViewSelectedBy"), view =>
            Assert.Equal(types.Select(type => type.FullName).Order(), view.Elements().Select(name => name.Value).Order()));
    }

    [Fact]
    public void The_module_loads_the_views_that_all_types_share_last_since_the_first_view_of_a_type_is_its_default()
    {
        string manifest = File.ReadAllText(Path.Combine(Repository.Root, "StickyPi.psd1"));

        int[] places = [.. Files.Select(file => manifest.IndexOf($"'{Path.GetFileName(file)}'", StringComparison.Ordinal))];

        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void Hostile_text_is_shown_escaped_by_every_view_and_by_every_object_itself()
    {
        using Session session = new();
        Type[] types =
        [
            .. Items().Select(item => item.Type).Distinct()
                .Where(type => type.GetProperties().Any(IsText) && type != typeof(StickySyncSummary)),
        ];
        Assert.True(types.Length > 15);
        object[] objects = [.. types.Select(Make)];

        Session.Said said = session.Run(
            """
            Update-FormatData -AppendPath $files
            $PSStyle.OutputRendering = 'Ansi'
            $objects | ForEach-Object { $_ | Out-String -Width 3000 }
            $objects | ForEach-Object { $_ | Format-List | Out-String -Width 3000 }
            $objects | ForEach-Object { $_ | Format-Custom | Out-String -Width 3000 }
            $objects | ForEach-Object { $_ | Format-Wide | Out-String -Width 3000 }
            $objects | ForEach-Object { "$_" }
            """,
            ("files", Files),
            ("objects", objects));

        Assert.Equal(5 * objects.Length, said.Objects.Count);
        Assert.All(said.Objects.Cast<string>(), text => Assert.Equal(-1, text.AsSpan().IndexOfAny("\u0007\u202E\u009B\u200F")));
        Assert.All(said.Objects.Cast<string>(), text => Assert.DoesNotContain("\u001b]", text, StringComparison.Ordinal));

        // Some columns are narrow, and not every object says a text of others when it is written as a text.
        Assert.All(
            said.Objects.Cast<string>().Take(3 * objects.Length), text => Assert.Contains("\\u001B", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("0123", "'0123'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("a\u001b[31m$x`\"", "\"a`u{001b}[31m`$x```\"\"")]
    public void What_is_completed_means_the_name_and_does_not_write_it_raw(string name, string typed)
    {
        Assert.Equal(typed, Completions.Quote(name));
        using Session session = new();
        Assert.Equal(name, Assert.Single(session.Run($"Write-Output {typed}").Objects));
    }

    private static IEnumerable<(Type Type, XElement Item)> Items() =>
        from file in Files
        from view in XDocument.Load(file).Descendants("View")
        from name in view.Descendants("TypeName").Select(name => name.Value)
        let type = typeof(OneLine).Assembly.GetType(name) ?? typeof(TimeRange).Assembly.GetType(name)!
        from item in view.Descendants()
        where item.Name.LocalName is "TableColumnItem" or "ListItem" or "WideItem" or "ExpressionBinding"
        select (type, item);

    private static bool IsText(PropertyInfo property) => property.PropertyType == typeof(string) && property.CanWrite;

    // With what is of this module in it.
    private static object Make(Type type)
    {
        object made = RuntimeHelpers.GetUninitializedObject(type);
        foreach (PropertyInfo property in type.GetProperties().Where(property => property.CanWrite))
        {
            Type item = property.PropertyType;
            object? value = item == typeof(string) ? Hostile
                : item == typeof(IReadOnlyList<string>) ? (string[])[Hostile]
                : item.IsClass && OwnTypes.IsOwn(RuntimeHelpers.GetUninitializedObject(item)) ? Make(item)
                : null;
            if (value is not null)
            {
                property.SetValue(made, value);
            }
        }

        return made;
    }
}
