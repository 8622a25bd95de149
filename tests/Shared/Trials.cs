using System.Globalization;

namespace StickyPi.Tests;

/// <summary>How much tests do whose whole size is for <c>trials/run.sh</c>, which sets the variables; the suite has a short form of each.</summary>
public static class Trials
{
    /// <summary>The trait of tests that only run as trials; <c>test.runsettings</c> leaves <see cref="Whole"/> ones out.</summary>
    public const string Trait = "Trial";

    /// <summary>The value of the trait of a test that has no short form.</summary>
    public const string Whole = "Whole";

    /// <summary>The number that a variable of the environment holds.</summary>
    /// <param name="variable">Its name.</param>
    /// <param name="shortForm">The number where the variable is not set.</param>
    /// <returns>The number.</returns>
    public static int Count(string variable, int shortForm) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
        ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
        : shortForm;
}
