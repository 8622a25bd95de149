using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.Tests;

/// <summary>What others wrote must not reach the terminal as it is: it may hold codes that move the cursor or turn the text round.</summary>
public sealed class ViewTests
{
    private const string Hostile = "\u001b]0;evil\u0007\u202Ex\u009B31m\u200F";
    private const string Escape = "[StickyPi.Core.OneLine]::Of(";

    // Numbers and fixed texts.
    private static readonly string[] Harmless =
        ["if ($_.IsDefault) { '*' }", "$_.Image.Temperature", "$_.Tuboid.ShotCount", "$_.Tuboid.IdInSeries.ToString('0000')"];

    private static readonly string[] Files =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "StickyPi.PowerShell", "Formatting"), "*.ps1xml").Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_column_with_text_of_others_goes_through_the_escape()
    {
        Assert.Equal(11, Files.Length);
        foreach ((Type type, XElement item) in Items())
        {
            string? property = item.Element("PropertyName")?.Value;
            string script = item.Element("ScriptBlock")?.Value ?? "";
            Type? shown = property is null ? null : type.GetProperty(property)!.PropertyType;
            bool isSafe = shown is not null
                ? shown != typeof(string) && shown != typeof(object) && shown != typeof(Uri)
                : script.StartsWith(Escape, StringComparison.Ordinal)
                    || script.Contains("Base.ByteSize]::Format(", StringComparison.Ordinal)
                    || script.Contains("[cultureinfo]::InvariantCulture)", StringComparison.Ordinal)
                    || script.EndsWith(".Count", StringComparison.Ordinal)
                    || Harmless.Contains(script);

            Assert.True(isSafe, $"{type.Name}: {item}");
        }
    }

    [Fact]
    public void Hostile_text_is_shown_escaped_by_every_view_and_by_every_object_itself()
    {
        using Session session = new();
        Type[] types = [.. Items().Select(item => item.Type).Distinct().Where(type => type.GetProperties().Any(IsText) && type != typeof(StickySyncSummary))];
        Assert.True(types.Length > 15);
        object[] objects = [.. types.Select(Make)];

        Session.Said said = session.Run(
            "Update-FormatData -AppendPath $files; $PSStyle.OutputRendering = 'Ansi'; $objects | ForEach-Object { $_ | Out-String -Width 3000 }; $objects | ForEach-Object { \"$_\" }",
            ("files", Files),
            ("objects", objects));

        Assert.Equal(2 * objects.Length, said.Objects.Count);
        Assert.All(said.Objects.Cast<string>(), text => Assert.Equal(-1, text.AsSpan().IndexOfAny("\u0007\u202E\u009B\u200F")));
        Assert.All(said.Objects.Cast<string>(), text => Assert.DoesNotContain("\u001b]", text, StringComparison.Ordinal));

        // Some columns are narrow.
        Assert.All(said.Objects.Cast<string>().Take(objects.Length), text => Assert.Contains("\\u001B", text, StringComparison.Ordinal));
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
        let name = view.Descendants("TypeName").Single().Value
        let type = typeof(OneLine).Assembly.GetType(name) ?? typeof(TimeRange).Assembly.GetType(name)!
        from item in view.Descendants().Where(element => element.Name.LocalName is "TableColumnItem" or "ListItem")
        select (type, item);

    private static bool IsText(PropertyInfo property) => property.PropertyType == typeof(string) && property.CanWrite;

    private static object Make(Type type)
    {
        object made = RuntimeHelpers.GetUninitializedObject(type);
        foreach (PropertyInfo property in type.GetProperties().Where(IsText))
        {
            property.SetValue(made, Hostile);
        }

        return made;
    }
}
