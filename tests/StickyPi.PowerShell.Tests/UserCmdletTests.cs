using System.Collections;
using System.Security;
using System.Text;
using StickyPi.Core;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.PowerShell.Connections;
using StickyPi.PowerShell.Users;

namespace StickyPi.Tests;

/// <summary>The work of the cmdlets on users without an engine; Pester has the rest.</summary>
public sealed class UserCmdletTests : IDisposable
{
    private const string Password = "Xyzzy-6f1a-plugh";

    private readonly TestFolder _folder = new();
    private readonly StickyConnection _connection;
    private readonly RecordingSink _sink = new();

    public UserCmdletTests() => _connection = new StickyConnection(Store.OpenLocal(_folder["store"], Pictures.Providers), "Local", Store.GetDatabasePath(_folder["store"]));

    public void Dispose()
    {
        _connection.CloseAsync().AsTask().Wait();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("", "", "", false, true)]
    [InlineData("true", "", "", true, true)]
    [InlineData("Yes", "no", "", true, true)]
    [InlineData(" 1 ", "1", "", true, false)]
    [InlineData("FALSE", "YES", "", false, false)]
    [InlineData("0", "0", "", false, true)]
    [InlineData("", "", "False", false, false)]
    [InlineData("", "no", "False", false, true)]
    public async Task A_row_of_texts_is_a_user(string admin, string readOnly, string canWrite, bool isAdmin, bool writes)
    {
        await AddAsync(Row(("username", "ada"), ("PASSWORD", Password), ("Email", "ada@example.org"), ("IsAdmin", admin), ("ReadOnly", readOnly), ("CanWrite", canWrite)));

        Assert.Empty(_sink.Errors);
        StickyUser user = Assert.IsType<StickyUser>(Assert.Single(_sink.Objects));
        Assert.Equal(("ada", "ada@example.org", isAdmin, writes), (user.UserName, user.Email, user.IsAdmin, user.CanWrite));
        Assert.True(await TestAsync(("UserName", "Ada"), ("Password", Password)));
    }

    [Fact]
    public async Task A_bad_row_is_an_error_and_the_rest_goes_on()
    {
        await AddAsync(
            Row(("Name", "ada"), ("Password", Password), ("Email", "")),
            Row(("UserName", "bob"), ("Password", Password), ("Admin", "plugh maybe")),
            Row(("UserName", "bob"), ("Password", Password), ("Email", "plugh nonsense")),
            Row(("UserName", "bob"), ("Password", "")),
            Row(("UserName", "bob")),
            Row(("UserName", "b:b"), ("Password", Password)),
            Row(("UserName", "ADA"), ("Password", Password)),
            Row(("Nom", "bob"), ("Password", Password)),
            Row(("UserName", "carol"), ("Password", Secure(Password)), ("Admin", true)));

        Assert.Equal([("ada", null, false), ("carol", null, true)], _sink.Objects.Cast<StickyUser>().Select(user => (user.UserName, user.Email, user.IsAdmin)));
        Assert.Equal(
            ["InvalidSwitch", "InvalidEmail", "InvalidPassword", "InvalidPassword", "InvalidUserName", "UserExists", "InvalidUserName"],
            _sink.Errors.Select(error => error.ErrorId));
        Assert.Equal(["bob", "bob", "bob", "bob", "b:b", "ADA", ""], _sink.Errors.Select(error => error.Target));

        // One comma too many in a CSV file, and the cells hold what is left of the password.
        Assert.DoesNotContain(_sink.Errors, error => error.ToString().Contains("plugh", StringComparison.Ordinal));
        Assert.Equal(["ada", "bob", "bob", "ADA", "carol"], _sink.Questions.Select(question => question.Target));
    }

    [Fact]
    public async Task A_password_that_is_typed_goes_for_all_objects_of_the_pipeline()
    {
        using NewStickyUserCommand add = new() { Connection = _connection, Password = Secure(Password), Email = "" };
        add.Prepare();
        await add.ProcessAsync(Input(Row(("UserName", "ada"), ("Email", "ada@example.org")), new UserInput("bob", null)), _sink, default);

        Assert.Equal([("ada", ""), ("bob", "")], _sink.Objects.Cast<StickyUser>().Select(user => (user.UserName, user.Email ?? "")));
        Assert.True(await TestAsync(("UserName", "bob"), ("Password", Password)));
    }

    [Fact]
    public async Task A_test_says_true_or_false_and_nothing_else()
    {
        await AddAsync(Row(("UserName", "ada"), ("Password", Password)));

        Assert.True(await TestAsync(("UserName", "ada"), ("Password", Password)));
        Assert.False(await TestAsync(("UserName", "ada"), ("Password", "plover")));
        Assert.False(await TestAsync(("UserName", "ada")));
        Assert.False(await TestAsync(("UserName", "nobody"), ("Password", Password), ("Admin", "maybe")));
        Assert.False(await TestAsync(("Password", Password)));
    }

    [Fact]
    public void A_password_in_plain_text_is_refused_and_not_repeated()
    {
        SecureString? bound = SecurePasswordAttribute.Transform(Password) as SecureString;
        using NewStickyUserCommand add = new() { Connection = _connection, Password = bound };
        using SetStickyUserCommand set = new() { Connection = _connection, Password = bound };
        using TestStickyUserCommand test = new() { Connection = _connection, Password = bound };

        foreach (Action prepare in (Action[])[add.Prepare, set.Prepare, test.Prepare])
        {
            StickyException error = Assert.Throws<StickyException>(prepare);
            Assert.Equal("PlainTextPassword", error.ErrorId);
            Assert.Null(error.Target);
            Assert.Contains("Read-Host -AsSecureString", error.RecommendedAction, StringComparison.Ordinal);
            Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(0, bound!.Length);
        Assert.Same(bound, SecurePasswordAttribute.Transform(123456));
        SecureString secure = Secure(Password);
        Assert.Same(secure, SecurePasswordAttribute.Transform(secure));
        Assert.Null(SecurePasswordAttribute.Transform(null));
    }

    [Fact]
    public async Task What_is_given_changes_and_where_nothing_is_that_is_an_error()
    {
        await AddAsync(Row(("UserName", "ada"), ("Password", Password), ("Email", "ada@example.org")));
        using SetStickyUserCommand nothing = new() { Connection = _connection };
        Assert.Equal("NothingToChange", Assert.Throws<StickyException>(nothing.Prepare).ErrorId);

        using SetStickyUserCommand set = new() { Connection = _connection, Password = Secure("plover"), Email = "" };
        set.Prepare();
        await set.ProcessAsync(((string[])["nobody", "", "ADA"]).ToAsyncEnumerable(), _sink, default);

        Assert.Equal(["UserNotFound", "InvalidUserName"], _sink.Errors.Select(error => error.ErrorId));
        Assert.Equal("Change password, e-mail address of user in store '" + _connection.Location + "'", _sink.Questions[^1].Action);
        Assert.Null(Assert.Single(await UsersAsync()).Email);
        Assert.True(await TestAsync(("UserName", "ada"), ("Password", "plover")));
    }

    [Fact]
    public async Task Nobody_is_added_changed_or_removed_without_consent()
    {
        await AddAsync(Row(("UserName", "ada"), ("Password", Password), ("Email", "ada@example.org")), Row(("UserName", "bob"), ("Password", Password)));
        IReadOnlyList<StickyUser> before = await UsersAsync();
        string database = Path.Combine(_connection.Location, "database.db");
        byte[] bytes = await File.ReadAllBytesAsync(database);
        RecordingSink refusing = new(shouldProcess: false);

        using NewStickyUserCommand add = new() { Connection = _connection };
        using SetStickyUserCommand set = new() { Connection = _connection, Email = "" };
        using RemoveStickyUserCommand remove = new() { Connection = _connection };
        set.Prepare();
        await add.ProcessAsync(Input(Row(("UserName", "carol"), ("Password", Password))), refusing, default);
        await set.ProcessAsync(((string[])["ada", "bob"]).ToAsyncEnumerable(), refusing, default);
        await remove.ProcessAsync(((string[])["ada", "bob"]).ToAsyncEnumerable(), refusing, default);

        Assert.Equal(["carol", "ada", "bob", "ada", "bob"], refusing.Questions.Select(question => question.Target));
        Assert.Empty(refusing.Errors);
        Assert.Empty(refusing.Objects);
        Assert.Equal(before, await UsersAsync());
        Assert.Equal(bytes, await File.ReadAllBytesAsync(database));
    }

    [Fact]
    public async Task Removing_goes_by_exact_names_and_keeps_the_last_administrator()
    {
        await AddAsync(
            Row(("UserName", "ada"), ("Password", Password), ("Admin", "yes")), Row(("UserName", "a*"), ("Password", Password)),
            Row(("UserName", "abe"), ("Password", Password)));
        using RemoveStickyUserCommand remove = new() { Connection = _connection };

        await remove.ProcessAsync(((string[])["a*", "a?a", "", "ada"]).ToAsyncEnumerable(), _sink, default);

        Assert.Equal(["abe", "ada"], (await UsersAsync()).Select(user => user.UserName));
        Assert.Equal(["UserNotFound", "InvalidUserName", "LastAdministrator"], _sink.Errors.Select(error => error.ErrorId));
    }

    [Fact]
    public async Task An_empty_pipeline_of_names_means_nobody_and_not_all()
    {
        await AddAsync(Row(("UserName", "ada"), ("Password", Password)));
        using GetStickyUserCommand get = new() { Connection = _connection };
        RecordingSink sink = new();

        await get.ProcessAsync(AsyncEnumerable.Empty<string>(), sink, default);
        Assert.Empty(sink.Objects);

        await get.ProcessAsync(((string[])["b*", "A*"]).ToAsyncEnumerable(), sink, default);
        Assert.Equal("ada", Assert.IsType<StickyUser>(Assert.Single(sink.Objects)).UserName);
    }

    [Fact]
    public void Texts_and_numbers_are_names_as_they_were_typed()
    {
        Assert.Equal("ada", UserNameAttribute.Transform("ada"));
        Assert.Equal(42, UserNameAttribute.Transform(42));
        Assert.Equal(["ada", 42], Assert.IsType<object[]>(UserNameAttribute.Transform(new object[] { "ada", 42 })));
        Assert.Null(UserNameAttribute.Transform(null));
    }

    [Fact]
    public void The_entries_of_a_hashtable_are_like_the_properties_of_an_object()
    {
        Hashtable row = new(StringComparer.OrdinalIgnoreCase) { ["username"] = "ada", ["Password"] = Password };

        Assert.Equal("ada", UserNameAttribute.Transform(row));
        Assert.Equal("", UserNameAttribute.Transform(new Hashtable { ["Nom"] = "ada" }));
        Assert.Equal("ada", new UserInput(name => UserNameAttribute.GetProperty(row, name)).UserName);
        Assert.Null(UserNameAttribute.GetProperty(row, "Email"));
    }

    [Fact]
    public async Task No_password_leaves_the_commands_or_lies_in_the_store()
    {
        const string second = "Plover-93b2-xyzzy";
        await AddAsync(
            Row(("UserName", "ada"), ("Password", Password), ("Email", "ada@example.org"), ("Admin", "1")),
            Row(("UserName", "ADA"), ("Password", Password)),
            Row(("UserName", "b:b"), ("Password", Password)),
            Row(("UserName", "bob"), ("Password", Password), ("Admin", Password)),
            Row(("UserName", "bob"), ("Password", Password), ("ReadOnly", Password)),
            Row(("UserName", "bob"), ("Password", Password), ("Email", Password)),
            Row(("UserName", "bob"), ("Password", Password), ("Email", "ADA@example.org")),
            Row(("Password", Password)));
        using SetStickyUserCommand set = new() { Connection = _connection, Password = Secure(second) };
        set.Prepare();
        await set.ProcessAsync(((string[])["ada", "nobody", ""]).ToAsyncEnumerable(), _sink, default);
        _ = await TestAsync(("UserName", "ada"), ("Password", second));
        _ = await TestAsync(("UserName", "ada"), ("Password", Password));
        UserInput input = Row(("UserName", "ada"), ("Password", Password));
        await _connection.CloseAsync();
        using TestStickyUserCommand closed = new() { Connection = _connection };
        StickyException failure = Assert.Throws<StickyException>(closed.Prepare);

        Assert.Equal(9, _sink.Errors.Count);
        StringBuilder said = new();
        _ = said.AppendJoin('\n', _sink.Objects).AppendJoin('\n', _sink.Warnings).AppendJoin('\n', _sink.Questions).AppendJoin('\n', input, failure);
        for (Exception? error = failure; error is not null; error = error.InnerException)
        {
            _ = said.Append(error);
        }

        foreach (StickyException error in _sink.Errors)
        {
            Assert.Null(error.InnerException);
            Assert.True(error.Target is null or string);
            _ = said.Append(error).Append(error.Target).Append(error.RecommendedAction);
        }

        foreach (string file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            byte[] bytes = await File.ReadAllBytesAsync(file);
            _ = said.Append(Encoding.Latin1.GetString(bytes)).Append(Encoding.Unicode.GetString(bytes));
        }

        Assert.Contains("$pbkdf2-sha512$", said.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, said.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(second, said.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private async Task AddAsync(params UserInput[] rows)
    {
        using NewStickyUserCommand add = new() { Connection = _connection };
        add.Prepare();
        await add.ProcessAsync(Input(rows), _sink, default);
    }

    private async Task<bool> TestAsync(params (string Name, object Value)[] properties)
    {
        RecordingSink sink = new();
        using TestStickyUserCommand test = new() { Connection = _connection };
        test.Prepare();
        await test.ProcessAsync(Input(Row(properties)), sink, default);
        Assert.Empty(sink.Errors);
        Assert.Empty(sink.Warnings);
        return Assert.IsType<bool>(Assert.Single(sink.Objects));
    }

    private ValueTask<IReadOnlyList<StickyUser>> UsersAsync() => _connection.Store.GetUsersAsync(new UserQuery());

    private static UserInput Row(params (string Name, object Value)[] properties)
    {
        Dictionary<string, object> row = properties.ToDictionary(property => property.Name, property => property.Value, StringComparer.OrdinalIgnoreCase);
        return new UserInput(name => row.GetValueOrDefault(name));
    }

    private static IAsyncEnumerable<UserInput> Input(params UserInput[] rows) => rows.ToAsyncEnumerable();

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
