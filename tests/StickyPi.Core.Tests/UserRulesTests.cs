using StickyPi.Core;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

public class UserRulesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("ada")]
    [InlineData("Ada Lovelace")]
    [InlineData("ada@example.org")]
    [InlineData("Zoë 蝶")]
    [InlineData("'; DROP TABLE users;--")]
    [InlineData("a__%*?[x]`\\\"")]
    [InlineData("12345678901234567890123456789012")]
    [InlineData("🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋🦋")]
    public void Names_are_what_people_and_machines_are_called(string name) => Assert.Null(UserRules.CheckUserName(name));

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" ada", "blank")]
    [InlineData("ada ", "blank")]
    [InlineData("ada\u00A0", "U+00A0")]
    [InlineData("ada:b", "colon")]
    [InlineData("ada\n", "U+000A")]
    [InlineData("a\u001B[2Jda", "U+001B")]
    [InlineData("ada\u200B", "U+200B")]
    [InlineData("\u202Eada", "U+202E")]
    [InlineData("ada\uD83E", "U+FFFD")]
    [InlineData("Jose\u0301", "NFC")]
    [InlineData("ada\u3164", "U+3164")]
    [InlineData("a\u2800da", "U+2800")]
    [InlineData("ada\uFE0F", "U+FE0F")]
    [InlineData("a\u034Fda", "U+034F")]
    [InlineData("123456789012345678901234567890123", "32")]
    public void Other_names_are_refused_with_the_reason(string name, string reason)
    {
        StickyException? error = UserRules.CheckUserName(name);

        Assert.Equal("InvalidUserName", error?.ErrorId);
        Assert.Contains(reason, error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Theory]
    [InlineData("Jose\u0301", true)]
    [InlineData("Ada\u00A0Lovelace ", true)]
    [InlineData("", false)]
    [InlineData("ada:b", false)]
    [InlineData("ada\u001B[2J", false)]
    public void A_user_whom_another_program_has_named_can_log_in(string name, bool can) => Assert.Equal(can, UserRules.CheckLogInName(name) is null);

    [Theory]
    [InlineData("José", "Jose\u0301", true)]
    [InlineData("José", "JOSE\u0301", true)]
    [InlineData("ada", "a\u200Bda", true)]
    [InlineData("ada", "Ada", true)]
    [InlineData("ada", "adá", false)]
    [InlineData("ada", "ad a", false)]
    public void Names_are_compared_by_what_people_see(string name, string other, bool are) => Assert.Equal(are, UserRules.AreAlike(name, other));

    [Theory]
    [InlineData("ada@example.org")]
    [InlineData("o'brien+traps@lab.example.org")]
    [InlineData("a_b%c*@example.org")]
    public void Addresses_are_taken_as_they_are(string email) => Assert.Null(UserRules.CheckEmail(email, "ada"));

    [Theory]
    [InlineData("ada")]
    [InlineData("ada@")]
    [InlineData("@example.org")]
    [InlineData("Ada <ada@example.org>")]
    [InlineData(" ada@example.org")]
    [InlineData("ada@example.org\r\nBcc: all@example.org")]
    [InlineData("ada@example.org, bob@example.org")]
    [InlineData("ada.lovelace.of.a.very.long.name@department.university.example.org")]
    public void What_is_no_address_is_refused(string email)
    {
        StickyException? error = UserRules.CheckEmail(email, "ada");

        Assert.Equal("InvalidEmail", error?.ErrorId);
        Assert.Equal("ada", error!.Target);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact]
    public void Empty_and_endless_passwords_are_refused()
    {
        using Secret empty = new("");
        using Secret endless = new(new string('é', (Secret.MaxLength / 2) + 1));
        using Secret longest = new(new string('é', Secret.MaxLength / 2));

        Assert.Equal("InvalidPassword", UserRules.CheckPassword(empty, "ada")?.ErrorId);
        Assert.Equal("InvalidPassword", UserRules.CheckPassword(endless, "ada")?.ErrorId);
        Assert.Null(UserRules.CheckPassword(longest, "ada"));
    }
}
