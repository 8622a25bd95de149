using StickyPi.Tests;
using Xunit.Sdk;

namespace StickyPi.PowerShell.Tests;

public sealed class SessionTests : StoreCmdletTest
{
    [Fact]
    public void An_error_that_ends_a_script_fails_the_test_unless_the_test_expects_it()
    {
        Assert.Contains("plover", Assert.Throws<XunitException>(() => Run("throw 'plover'")).Message, StringComparison.Ordinal);
        Assert.Equal("plover", RunToFailure("throw 'plover'").FailureId);
        Assert.Contains("'plover'", Assert.Throws<XunitException>(() => RunToFailure("'plover'")).Message, StringComparison.Ordinal);
    }
}
