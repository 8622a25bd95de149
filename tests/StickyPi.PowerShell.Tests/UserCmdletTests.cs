using System.Collections;
using System.Management.Automation;
using System.Security;
using System.Text;
using StickyPi.Core.Users;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Users;

namespace StickyPi.Tests;

/// <summary>The commands on users; Pester has the rest.</summary>
public sealed class UserCmdletTests : StoreCmdletTest
{
    private const string Password = "Xyzzy-6f1a-plugh";

    [Theory]
    [InlineData("", "", "", false, true)]
    [InlineData("true", "", "", true, true)]
    [InlineData("Yes", "no", "", true, true)]
    [InlineData(" 1 ", "1", "", true, false)]
    [InlineData("FALSE", "YES", "", false, false)]
    [InlineData("0", "0", "", false, true)]
    [InlineData("", "", "False", false, false)]
    [InlineData("", "yes", "False", false, false)]
    public void A_row_of_texts_is_a_user(string admin, string readOnly, string canWrite, bool isAdmin, bool writes)
    {
        Session.Said said = Add(
            Row(
                ("username", "ada"),
                ("PASSWORD", Password),
                ("Email", "ada@example.org"),
                ("IsAdmin", admin),
                ("ReadOnly", readOnly),
                ("CanWrite", canWrite)));

        Assert.Empty(said.Errors);
        StickyUser user = Assert.IsType<StickyUser>(Assert.Single(said.Objects));
        Assert.Equal(("ada", "ada@example.org", isAdmin, writes), (user.UserName, user.Email, user.IsAdmin, user.CanWrite));
        Assert.True(Test(("UserName", "Ada"), ("Password", Password)));
    }

    [Theory]
    [InlineData("1", "0", true, false)]
    [InlineData("false", "true", false, true)]
    [InlineData("", "no", false, false)]
    public void A_row_of_the_existing_api_is_a_user_with_the_same_rights(string isAdmin, string canWrite, bool admin, bool writes)
    {
        Session.Said said = Add(Row(("username", "ada"), ("password", Password), ("is_admin", isAdmin), ("can_write", canWrite)));

        Assert.Empty(said.Errors);
        Assert.Empty(said.Warnings);
        StickyUser user = Assert.IsType<StickyUser>(Assert.Single(said.Objects));
        Assert.Equal((admin, writes), (user.IsAdmin, user.CanWrite));
    }

    [Fact]
    public void A_column_that_a_command_on_users_makes_nothing_of_is_told_once()
    {
        Session.Said added = Run(
            "$rows | New-StickyUser",
            ("rows", (object[])
            [
                Row(("UserName", "ada"), ("Password", Password), ("can_wriet", "0")),
                new Hashtable { ["UserName"] = "bob", ["Password"] = Password, ["can_wriet"] = 0, ["Phone"] = "1" },
            ]));

        Assert.Equal(2, added.Objects.Count);
        Assert.Equal(2, added.Warnings.Count);
        Assert.StartsWith(
            "New-StickyUser does not use the column 'can_wriet' of its input. It understands Admin, CanWrite, Email,",
            added.Warnings[0],
            StringComparison.Ordinal);
        Assert.StartsWith("New-StickyUser does not use the column 'Phone' of its input.", added.Warnings[1], StringComparison.Ordinal);
        Assert.StartsWith(
            "Get-StickyUser does not use the column 'Email' of its input.",
            Assert.Single(Run("$row | Get-StickyUser", ("row", Row(("UserName", "ada"), ("Email", "x")))).Warnings),
            StringComparison.Ordinal);
        Assert.Empty(Run("Get-StickyUser | Set-StickyUser -ReadOnly").Warnings);
        Assert.Equal(
            ["Test-StickyUser does not use the columns 'Email', 'Admin' of its input. It understands Name, Password, UserName."],
            Run(
                "$row | Test-StickyUser",
                ("row", Row(("UserName", "ada"), ("Password", Password), ("Email", "x"), ("Admin", "1")))).Warnings);
    }

    [Fact]
    public void A_bad_row_is_an_error_and_the_rest_goes_on()
    {
        Session.Said said = Add(
            Row(("Name", "ada"), ("Password", Password), ("Email", "")),
            Row(("UserName", "bob"), ("Password", Password), ("Admin", "plugh maybe")),
            Row(("UserName", "bob"), ("Password", Password), ("Email", "plugh nonsense")),
            Row(("UserName", "bob"), ("Password", Password), ("ReadOnly", "no"), ("CanWrite", "False")),
            Row(("UserName", 42), ("Password", Password)),
            Row(("UserName", "bob"), ("Password", "")),
            Row(("UserName", "bob")),
            Row(("UserName", "b:b"), ("Password", Password)),
            Row(("UserName", "ADA"), ("Password", Password)),
            Row(("Nom", "bob"), ("Password", Password)),
            Row(("UserName", "carol"), ("Password", Secure(Password)), ("Admin", true)));

        Assert.Equal(
            [("ada", null, false), ("carol", null, true)], said.Objects.Cast<StickyUser>().Select(user => (user.UserName, user.Email, user.IsAdmin)));
        Assert.Equal(
            [
                "InvalidSwitch", "InvalidEmail", "InvalidSwitch", "InvalidUserName", "InvalidPassword", "InvalidPassword",
                "InvalidUserName", "UserExists", "InvalidUserName",
            ],
            said.ErrorIds);
        Assert.Equal(["bob", "bob", "bob", "42", "bob", "bob", "b:b", "ADA", ""], said.Errors.Select(error => error.TargetObject));

        // One comma too many in a CSV file, and the cells hold what is left of the password.
        Assert.DoesNotContain(said.Errors, error => Describe(error).Contains("plugh", StringComparison.Ordinal));
        Assert.Equal(["ada", "bob", "bob", "ADA", "carol"], said.Questions.Select(question => question.Target));
    }

    [Fact]
    public void A_password_that_is_typed_goes_for_all_objects_of_the_pipeline()
    {
        Session.Said said = Run(
            "$rows | New-StickyUser -Password $password -Email ''",
            ("rows", (object[])[Row(("UserName", "ada"), ("Email", "ada@example.org")), Row(("UserName", "bob"))]),
            ("password", Secure(Password)));

        Assert.Equal([("ada", ""), ("bob", "")], said.Objects.Cast<StickyUser>().Select(user => (user.UserName, user.Email ?? "")));
        Assert.True(Test(("UserName", "bob"), ("Password", Password)));
    }

    [Fact]
    public void A_test_says_true_or_false_and_nothing_else()
    {
        _ = Add(Row(("UserName", "ada"), ("Password", Password)));

        Assert.True(Test(("UserName", "ada"), ("Password", Password)));
        Assert.False(Test(("UserName", "ada"), ("Password", "plover")));
        Assert.False(Test(("UserName", "ada")));
        Assert.Equal(
            [false],
            Run("$row | Test-StickyUser", ("row", Row(("UserName", "nobody"), ("Password", Password), ("Admin", "maybe")))).Objects);
        Assert.False(Test(("Password", Password)));
    }

    [Fact]
    public void A_password_in_plain_text_is_refused_and_not_repeated()
    {
        foreach (string command in (string[])["New", "Set", "Test"])
        {
            Session.Said said = RunToFailure($"{command}-StickyUser ada -Password $password", ("password", Password));

            Assert.Equal("PlainTextPassword", said.FailureId);
            ErrorRecord error = said.Failure!;
            Assert.Null(error.TargetObject);
            Assert.Contains("Read-Host -AsSecureString", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
            Assert.DoesNotContain(Password, Describe(error), StringComparison.Ordinal);
        }

        SecureString? bound = SecurePasswordAttribute.Transform(Password) as SecureString;
        Assert.Equal(0, bound!.Length);
        Assert.Same(bound, SecurePasswordAttribute.Transform(123456));
        SecureString secure = Secure(Password);
        Assert.Same(secure, SecurePasswordAttribute.Transform(secure));
        Assert.Null(SecurePasswordAttribute.Transform(null));
    }

    [Fact]
    public async Task What_is_given_changes_and_where_nothing_is_that_is_an_error()
    {
        _ = Add(Row(("UserName", "ada"), ("Password", Password), ("Email", "ada@example.org")));
        Assert.Equal("NothingToChange", RunToFailure("Set-StickyUser ada").FailureId);

        Session.Said said = Run("'nobody', '', 'ADA' | Set-StickyUser -Password $password -Email ''", ("password", Secure("plover")));

        Assert.Equal(["UserNotFound", "InvalidUserName"], said.ErrorIds);
        Assert.Equal("Change password, e-mail address of user in store '" + Connection.Location + "'", said.Questions[^1].Action);
        Assert.Null(Assert.Single(await UsersAsync()).Email);
        Assert.True(Test(("UserName", "ada"), ("Password", "plover")));
    }

    [Fact]
    public async Task Nobody_is_added_changed_or_removed_without_consent()
    {
        _ = Add(Row(("UserName", "ada"), ("Password", Password), ("Email", "ada@example.org")), Row(("UserName", "bob"), ("Password", Password)));
        IReadOnlyList<StickyUser> before = await UsersAsync();
        string database = Path.Combine(Connection.Location, "database.db");
        byte[] bytes = await File.ReadAllBytesAsync(database);

        Session.Said refused = Refuse(
            """
            $row | New-StickyUser
            'ada', 'bob' | Set-StickyUser -Email ''
            'ada', 'bob' | Remove-StickyUser
            """,
            ("row", Row(("UserName", "carol"), ("Password", Password))));

        Assert.Equal(["carol", "ada", "bob", "ada", "bob"], refused.Questions.Select(question => question.Target));
        Assert.Empty(refused.Errors);
        Assert.Empty(refused.Objects);
        Assert.Equal(before, await UsersAsync());
        Assert.Equal(bytes, await File.ReadAllBytesAsync(database));
    }

    [Fact]
    public async Task Removing_goes_by_exact_names_and_keeps_the_last_administrator()
    {
        _ = Add(
            Row(("UserName", "ada"), ("Password", Password), ("Admin", "yes")),
            Row(("UserName", "a*"), ("Password", Password)),
            Row(("UserName", "abe"), ("Password", Password)));

        Session.Said said = Run("'a*', 'a?a', '', 'ada' | Remove-StickyUser");

        Assert.Equal(["abe", "ada"], (await UsersAsync()).Select(user => user.UserName));
        Assert.Equal(["UserNotFound", "InvalidUserName", "LastAdministrator"], said.ErrorIds);
    }

    [Fact]
    public void An_empty_pipeline_of_names_means_nobody_and_not_all()
    {
        _ = Add(Row(("UserName", "ada"), ("Password", Password)));

        Assert.Empty(Run("@() | Get-StickyUser").Objects);
        Assert.Equal("ada", Assert.IsType<StickyUser>(Assert.Single(Run("'b*', 'A*' | Get-StickyUser").Objects)).UserName);
    }

    [Fact]
    public void Texts_are_names_and_numbers_must_be_quoted()
    {
        Assert.Equal("ada", new UserNameAttribute().Transform("ada"));
        Assert.Equal(["ada", "042"], Assert.IsType<object[]>(new UserNameAttribute().Transform(new object[] { "ada", "042" })));
        foreach (object number in (object[])[42, new object[] { "ada", 42 }, Row(("UserName", 42))])
        {
            Assert.Contains(
                "Write it in quotes",
                Assert.Throws<ArgumentTransformationMetadataException>(() => new UserNameAttribute().Transform(number)).Message,
                StringComparison.Ordinal);
        }

        Assert.Null(new UserNameAttribute().Transform(null));
    }

    [Fact]
    public void The_entries_of_a_hashtable_are_like_the_properties_of_an_object()
    {
        Hashtable row = new(StringComparer.OrdinalIgnoreCase) { ["username"] = "ada", ["Password"] = Password };

        Assert.Equal("ada", new UserNameAttribute().Transform(row));
        Assert.Equal("", new UserNameAttribute().Transform(new Hashtable { ["Nom"] = "ada" }));
        Assert.Equal("ada", new UserInput(name => OwnTypes.Get(row, name)).UserName);
        Assert.Null(OwnTypes.Get(row, "Email"));
    }

    [Fact]
    public async Task No_password_leaves_the_commands_or_lies_in_the_store()
    {
        const string second = "Plover-93b2-xyzzy";
        List<Session.Said> all =
        [
            Add(
                Row(("UserName", "ada"), ("Password", Password), ("Email", "ada@example.org"), ("Admin", "1")),
                Row(("UserName", "ADA"), ("Password", Password)),
                Row(("UserName", "b:b"), ("Password", Password)),
                Row(("UserName", "bob"), ("Password", Password), ("Admin", Password)),
                Row(("UserName", "bob"), ("Password", Password), ("ReadOnly", Password)),
                Row(("UserName", "bob"), ("Password", Password), ("Email", Password)),
                Row(("UserName", "bob"), ("Password", Password), ("Email", "ADA@example.org")),
                Row(("Password", Password))),
            Run("'ada', 'nobody', '' | Set-StickyUser -Password $password", ("password", Secure(second))),
        ];
        _ = Test(("UserName", "ada"), ("Password", second));
        _ = Test(("UserName", "ada"), ("Password", Password));
        UserInput input = Assert.IsType<UserInput>(new UserInputAttribute().Transform(null!, Row(("UserName", "ada"), ("Password", Password))));
        await Connection.CloseAsync();
        Session.Said closed = RunToFailure("$row | Test-StickyUser", ("row", Row(("UserName", "ada"), ("Password", Password))));
        Assert.Equal("ConnectionClosed", closed.FailureId);

        ErrorRecord[] errors = [.. all.SelectMany(said => said.Errors)];
        Assert.Equal(9, errors.Length);
        StringBuilder said = new();
        _ = said.Append(input).Append(Describe(closed.Failure!)).AppendJoin('\n', closed.Errors.Select(Describe));
        foreach (Session.Said each in all)
        {
            _ = said.AppendJoin('\n', each.Objects).AppendJoin('\n', each.Warnings).AppendJoin('\n', each.Details).AppendJoin('\n', each.Questions);
        }

        for (Exception? error = closed.Failure!.Exception; error is not null; error = error.InnerException)
        {
            _ = said.Append(error);
        }

        foreach (ErrorRecord error in errors)
        {
            Assert.Null(error.Exception.InnerException);
            Assert.True(error.TargetObject is null or string);
            _ = said.Append(Describe(error));
        }

        foreach (string file in Directory.EnumerateFiles(Folder.Path, "*", SearchOption.AllDirectories))
        {
            byte[] bytes = await File.ReadAllBytesAsync(file);
            _ = said.Append(Encoding.Latin1.GetString(bytes)).Append(Encoding.Unicode.GetString(bytes));
        }

        Assert.Contains("$pbkdf2-sha512$", said.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, said.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(second, said.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private Session.Said Add(params PSObject[] rows) => Run("$rows | New-StickyUser", ("rows", rows));

    private bool Test(params (string Name, object Value)[] properties)
    {
        Session.Said said = Run("$row | Test-StickyUser", ("row", Row(properties)));
        Assert.Empty(said.Errors);
        Assert.Empty(said.Warnings);
        return Assert.IsType<bool>(Assert.Single(said.Objects));
    }

    private ValueTask<IReadOnlyList<StickyUser>> UsersAsync() => Connection.Store.GetUsersAsync(new UserQuery());

    /// <summary>A row of a table of users, such as Import-Csv returns.</summary>
    private static PSObject Row(params (string Name, object Value)[] properties)
    {
        PSObject row = new();
        foreach ((string name, object value) in properties)
        {
            row.Properties.Add(new PSNoteProperty(name, value));
        }

        return row;
    }

    private static string Describe(ErrorRecord error) =>
        $"{error} {error.Exception} {error.TargetObject} {error.ErrorDetails?.RecommendedAction} {error.CategoryInfo} {error.InvocationInfo?.PositionMessage}";

    private static SecureString Secure(string text)
    {
        SecureString secure = new();
        foreach (char c in text)
        {
            secure.AppendChar(c);
        }

        return secure;
    }
}
