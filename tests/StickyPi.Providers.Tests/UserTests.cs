using System.Text;
using Microsoft.Data.Sqlite;
using StickyPi.Core;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>Users of a real store: added and read back by us, by the sqlite3 program and by plain SQL.</summary>
public class UserTests
{
    private const string Password = "Tr0ub4dor&3-distinct";

    // What passlib's sha512_crypt makes of the password.
    private const string PythonHash =
        "$6$rounds=656000$8Jz0eS2QpWbLr1Xk$7qCJsZnIpyq5DaBpkszzl/QwKWIundKrZHNlCTznHhgAIU1OQ5GhreQEwe7g3ktSair0QPFTuoFp9MZUv5KHr.";

    private const string PythonRows =
        $"""
        INSERT INTO users VALUES ('2021-01-01 10:00:00.123456', '0.0.1', 'root', 7, 'Ada', 'ada@example.org', '{PythonHash}', 1, 0);
        INSERT INTO users VALUES ('2021-01-01 10:00:00.000000', NULL, NULL, 9, 'bob', NULL, '{PythonHash}', NULL, NULL);
        """;

    [SkippableFact]
    public async Task A_user_reads_back_with_the_sqlite3_program_as_the_schema_says()
    {
        await using LocalStore store = new();

        StickyUser ada = await AddAsync(store, new NewUser { UserName = "Ada Löv", Email = "ada@example.org", IsAdmin = true, CanWrite = false });
        StickyUser bob = await AddAsync(store, new NewUser { UserName = "bob", Email = "" });

        Assert.Equal(("Ada Löv", "ada@example.org", true, false), (ada.UserName, ada.Email, ada.IsAdmin, ada.CanWrite));
        Assert.Equal(("bob", null, false, true), (bob.UserName, bob.Email, bob.IsAdmin, bob.CanWrite));
        Assert.Equal(DateTimeKind.Utc, ada.CreatedAt.Kind);
        Assert.Equal(
            $"{ada.Id}|Ada Löv|text|ada@example.org|1|integer|0|integer|0.1.0|null",
            Sqlite3(store, "SELECT id, username, typeof(username), email, is_admin, typeof(is_admin), can_write, typeof(can_write), api_version, "
                + "typeof(api_user) FROM users WHERE id = 1"));
        Assert.Equal("bob|null|0|1", Sqlite3(store, "SELECT username, typeof(email), is_admin, can_write FROM users WHERE id = 2"));
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$", Sqlite3(store, "SELECT datetime_created FROM users WHERE id = 1"));
        Assert.Matches(@"^\$pbkdf2-sha512\$i=\d{6,}\$.{22}\$.{43}$", Sqlite3(store, "SELECT password_hash FROM users WHERE id = 1"));
        Assert.Equal([ada, bob], await AllAsync(store));
    }

    [Fact]
    public async Task Rows_of_the_python_client_are_users_and_null_means_the_default()
    {
        await using LocalStore store = new();
        Database.Execute(store.Folder, PythonRows);

        IReadOnlyList<StickyUser> users = await AllAsync(store);

        Assert.Equal(
            new StickyUser
            {
                Id = 7,
                UserName = "Ada",
                Email = "ada@example.org",
                IsAdmin = true,
                CanWrite = false,
                CreatedAt = new DateTime(2021, 1, 1, 10, 0, 0, DateTimeKind.Utc).AddMicroseconds(123456),
                ApiVersion = "0.0.1",
                ApiUser = "root",
            },
            users[0]);
        Assert.Equal((9L, "bob", null, false, true, null), (users[1].Id, users[1].UserName, users[1].Email, users[1].IsAdmin, users[1].CanWrite, users[1].ApiUser));
    }

    [Fact]
    public async Task A_right_password_makes_the_hash_of_the_python_client_anew_and_a_wrong_one_leaves_it()
    {
        await using LocalStore store = new();
        Database.Execute(store.Folder, PythonRows);
        const string others = "SELECT group_concat(quote(datetime_created) || quote(api_version) || quote(api_user) || id || username || quote(email) "
            + "|| quote(is_admin) || quote(can_write), ' ') FROM users";
        object? before = Database.Scalar(store.Folder, others);

        Assert.False(await VerifyAsync(store, "bob", Password + " "));
        Assert.Equal(PythonHash, HashOf(store, "bob"));

        Assert.True(await VerifyAsync(store, "bob", Password));
        string upgraded = HashOf(store, "bob");
        Assert.StartsWith("$pbkdf2-sha512$", upgraded, StringComparison.Ordinal);
        Assert.Equal(PythonHash, HashOf(store, "Ada"));
        Assert.Equal(before, Database.Scalar(store.Folder, others));

        Assert.True(await VerifyAsync(store, "bob", Password));
        Assert.Equal(upgraded, HashOf(store, "bob"));
    }

    [Fact]
    public async Task A_right_password_is_right_though_the_store_cannot_be_written_to()
    {
        await using LocalStore store = new();
        Database.Execute(store.Folder, PythonRows + "CREATE TRIGGER no BEFORE UPDATE ON users BEGIN SELECT RAISE(ABORT, 'read only'); END;");

        Assert.True(await VerifyAsync(store, "bob", Password));
        Assert.Equal(PythonHash, HashOf(store, "bob"));
    }

    [Fact]
    public async Task A_right_password_is_right_though_another_program_writes()
    {
        await using LocalStore store = new();
        Database.Execute(store.Folder, PythonRows);
        using SqliteConnection other = new($"Data Source={Path.Combine(store.Folder, "database.db")};Pooling=False");
        other.Open();
        using SqliteCommand hold = other.CreateCommand();
        hold.CommandText = "BEGIN IMMEDIATE";
        _ = hold.ExecuteNonQuery();

        Assert.True(await Task.Run(() => VerifyAsync(store, "bob", Password)));

        other.Close();
        Assert.Equal(PythonHash, HashOf(store, "bob"));
    }

    // Verifying the old hash takes longer than the wait. Where it does not, the change comes last, and nothing is shown; but nothing fails.
    [Fact]
    public async Task A_password_that_is_changed_while_it_is_verified_does_not_come_back()
    {
        await using LocalStore store = new();
        Database.Execute(store.Folder, PythonRows);

        Task<bool> verifying = Task.Run(() => VerifyAsync(store, "bob", Password));
        await Task.Delay(150);
        Database.Execute(store.Folder, "UPDATE users SET password_hash = 'changed' WHERE username = 'bob'");
        _ = await verifying;

        Assert.Equal("changed", HashOf(store, "bob"));
    }

    [Fact]
    public async Task A_password_is_right_for_its_user_alone()
    {
        await using LocalStore store = new();
        _ = await AddAsync(store, new NewUser { UserName = "ada" });
        _ = await AddAsync(store, new NewUser { UserName = "bob" }, "another");

        Assert.True(await VerifyAsync(store, "ada", Password));
        Assert.True(await VerifyAsync(store, "ADA", Password));
        Assert.False(await VerifyAsync(store, "bob", Password));
        Assert.False(await VerifyAsync(store, "nobody", Password));
        Assert.False(await VerifyAsync(store, "", Password));
        Assert.False(await VerifyAsync(store, "ada", ""));
        Assert.False(await VerifyAsync(store, "a*", Password));
        Assert.False(await VerifyAsync(store, "' OR 1=1 --", Password));
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("$6$rounds=999999999$salt$" + "svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("$pbkdf2-sha512$i=1$$")]
    [InlineData("")]
    public async Task A_hash_that_is_none_lets_nobody_in_and_a_new_password_mends_it(string hash)
    {
        await using LocalStore store = new();
        Database.Execute(store.Folder, PythonRows.Replace(PythonHash, hash, StringComparison.Ordinal));

        Assert.False(await VerifyAsync(store, "bob", ""));
        Assert.False(await VerifyAsync(store, "bob", hash));

        using Secret secret = new(Password);
        Assert.True((await store.Store.UpdateUserAsync("bob", new UserChange { Password = secret })).Succeeded);
        Assert.True(await VerifyAsync(store, "bob", Password));
    }

    [Fact]
    public async Task A_name_or_address_that_differs_only_in_case_is_refused()
    {
        await using LocalStore store = new();
        _ = await AddAsync(store, new NewUser { UserName = "Zoë", Email = "zoe@example.org" });

        StickyException name = await RefusedAsync(store, new NewUser { UserName = "ZOË" });
        StickyException email = await RefusedAsync(store, new NewUser { UserName = "bob", Email = "Zoe@Example.org" });

        Assert.Equal(("UserExists", StickyErrorKind.Conflict, "ZOË"), (name.ErrorId, name.Kind, name.Target));
        Assert.Contains("name 'Zoë'", name.Message, StringComparison.Ordinal);
        Assert.Equal(("UserExists", StickyErrorKind.Conflict, "bob"), (email.ErrorId, email.Kind, email.Target));
        Assert.Contains("'Zoe@Example.org'", email.Message, StringComparison.Ordinal);
        _ = Assert.Single(await AllAsync(store));
    }

    [Fact]
    public async Task Of_many_who_take_a_name_at_once_one_gets_it()
    {
        await using LocalStore store = new();
        string[] names = ["ada", "Ada", "ADA", "adA"];

        Outcome<StickyUser>[] outcomes = await Task.WhenAll(names.Select(name => Task.Run(async () =>
        {
            using Secret secret = new(Password);
            return await store.Store.AddUserAsync(new NewUser { UserName = name }, secret);
        })));

        _ = Assert.Single(outcomes, outcome => outcome.Succeeded);
        Assert.All(outcomes.Where(outcome => !outcome.Succeeded), outcome => Assert.Equal("UserExists", outcome.Error!.ErrorId));
        _ = Assert.Single(await AllAsync(store));
    }

    [Fact]
    public async Task What_breaks_a_rule_is_refused_and_nothing_is_stored()
    {
        await using LocalStore store = new();

        Assert.Equal("InvalidUserName", (await RefusedAsync(store, new NewUser { UserName = "a:b" })).ErrorId);
        Assert.Equal("InvalidUserName", (await RefusedAsync(store, new NewUser { UserName = "a\nb" })).ErrorId);
        Assert.Equal("InvalidEmail", (await RefusedAsync(store, new NewUser { UserName = "ada", Email = "nonsense" })).ErrorId);
        Assert.Equal("InvalidPassword", (await RefusedAsync(store, new NewUser { UserName = "ada" }, "")).ErrorId);
        Assert.Empty(await AllAsync(store));
    }

    [Fact]
    public async Task Only_what_is_named_changes()
    {
        await using LocalStore store = new();
        Database.Execute(store.Folder, PythonRows);

        Assert.Equal("b@example.org", (await UpdateAsync(store, "BOB", new UserChange { Email = "b@example.org" })).Email);
        Assert.Equal("1|1|" + PythonHash, Database.Scalar(
            store.Folder, "SELECT (is_admin IS NULL) || '|' || (can_write IS NULL) || '|' || password_hash FROM users WHERE username = 'bob'"));
        Assert.True((await UpdateAsync(store, "bob", new UserChange { IsAdmin = true })).IsAdmin);
        Assert.False((await UpdateAsync(store, "bob", new UserChange { CanWrite = false })).CanWrite);
        Assert.Equal("B@example.org", (await UpdateAsync(store, "bob", new UserChange { Email = "B@example.org" })).Email);
        StickyUser last = await UpdateAsync(store, "bob", new UserChange { Email = "" });
        Assert.Equal((null, true, false), (last.Email, last.IsAdmin, last.CanWrite));
        Assert.Equal(1L, Database.Scalar(store.Folder, "SELECT email IS NULL FROM users WHERE username = 'bob'"));

        using Secret secret = new("a new one");
        _ = await UpdateAsync(store, "bob", new UserChange { Password = secret });
        Assert.False(await VerifyAsync(store, "bob", Password));
        Assert.True(await VerifyAsync(store, "bob", "a new one"));
    }

    [Fact]
    public async Task A_change_that_breaks_a_rule_changes_nothing()
    {
        await using LocalStore store = new();
        Database.Execute(store.Folder, PythonRows);
        IReadOnlyList<StickyUser> before = await AllAsync(store);
        using Secret empty = new("");

        Assert.Equal("UserExists", await UpdateErrorAsync("bob", new UserChange { Email = "ADA@example.org", CanWrite = false }));
        Assert.Equal("InvalidEmail", await UpdateErrorAsync("bob", new UserChange { Email = "nonsense", CanWrite = false }));
        Assert.Equal("InvalidPassword", await UpdateErrorAsync("bob", new UserChange { Password = empty, CanWrite = false }));
        Assert.Equal("UserNotFound", await UpdateErrorAsync("carol", new UserChange { CanWrite = false }));
        Assert.Equal(before, await AllAsync(store));

        async Task<string?> UpdateErrorAsync(string name, UserChange change) => (await store.Store.UpdateUserAsync(name, change)).Error?.ErrorId;
    }

    [Fact]
    public async Task Two_names_of_the_python_client_that_differ_in_case_alone_are_two_users()
    {
        await using LocalStore store = new();
        Database.Execute(store.Folder, PythonRows + PythonRows.Replace("'Ada'", "'ada'", StringComparison.Ordinal)
            .Replace("'bob'", "'carol'", StringComparison.Ordinal).Replace("ada@", "ada2@", StringComparison.Ordinal)
            .Replace(", 7,", ", 17,", StringComparison.Ordinal).Replace(", 9,", ", 19,", StringComparison.Ordinal));

        Assert.Equal(7, (await UpdateAsync(store, "Ada", new UserChange { CanWrite = true })).Id);
        Assert.Equal(17, (await UpdateAsync(store, "ada", new UserChange { CanWrite = true })).Id);
        StickyException error = (await store.Store.RemoveUserAsync("ADA")).Error!;
        Assert.Equal("UserNotFound", error.ErrorId);
        Assert.Contains("'Ada' and 'ada'", error.Message, StringComparison.Ordinal);
        Assert.False(await VerifyAsync(store, "ADA", Password));
    }

    [Fact]
    public async Task The_last_administrator_stays_unless_forced()
    {
        await using LocalStore store = new();
        _ = await AddAsync(store, new NewUser { UserName = "ada", IsAdmin = true });
        _ = await AddAsync(store, new NewUser { UserName = "bob", IsAdmin = true });
        _ = await AddAsync(store, new NewUser { UserName = "carol" });

        Assert.True((await store.Store.RemoveUserAsync("carol")).Succeeded);
        Assert.False((await UpdateAsync(store, "ada", new UserChange { IsAdmin = false })).IsAdmin);

        Outcome<StickyUser> removed = await store.Store.RemoveUserAsync("Bob");
        Outcome<StickyUser> demoted = await store.Store.UpdateUserAsync("bob", new UserChange { IsAdmin = false });
        Assert.Equal(("LastAdministrator", StickyErrorKind.NotAllowed, "bob"), (removed.Error?.ErrorId, removed.Error!.Kind, removed.Error.Target));
        Assert.Equal("LastAdministrator", demoted.Error?.ErrorId);
        Assert.True((await UpdateAsync(store, "bob", new UserChange { IsAdmin = true, CanWrite = false })).IsAdmin);

        Assert.False((await UpdateAsync(store, "bob", new UserChange { IsAdmin = false, Force = true })).IsAdmin);
        _ = await UpdateAsync(store, "bob", new UserChange { IsAdmin = true });
        Assert.Equal("bob", (await store.Store.RemoveUserAsync("bob", force: true)).Value?.UserName);
        Assert.Equal("ada", Assert.Single(await AllAsync(store)).UserName);
        Assert.Equal("UserNotFound", (await store.Store.RemoveUserAsync("bob")).Error?.ErrorId);
    }

    [Fact]
    public async Task Of_two_administrators_who_go_at_once_one_stays()
    {
        await using LocalStore store = new();
        _ = await AddAsync(store, new NewUser { UserName = "ada", IsAdmin = true });
        _ = await AddAsync(store, new NewUser { UserName = "bob", IsAdmin = true });

        Outcome<StickyUser>[] outcomes = await Task.WhenAll(
            Task.Run(() => store.Store.RemoveUserAsync("ada").AsTask()),
            Task.Run(() => store.Store.UpdateUserAsync("bob", new UserChange { IsAdmin = false }).AsTask()));

        _ = Assert.Single(outcomes, outcome => outcome.Succeeded);
        _ = Assert.Single(await AllAsync(store), user => user.IsAdmin);
    }

    [Theory]
    [InlineData("ada", "ada")]
    [InlineData("ADA", "ada")]
    [InlineData("a*", @"a\b a__ a*c ada")]
    [InlineData("a??", @"a\b a__ a*c ada")]
    [InlineData("a__", "a__")]
    [InlineData("a%", "")]
    [InlineData("a`*c", "a*c")]
    [InlineData(@"a\b", @"a\b")]
    [InlineData("'; DROP TABLE users;--", "'; DROP TABLE users;--")]
    [InlineData("' OR 1=1 --", "")]
    [InlineData("*\"*", "o\"k")]
    [InlineData("[a]da", "")]
    [InlineData("", "")]
    public async Task Characters_that_mean_something_in_sql_or_like_are_data(string pattern, string expected)
    {
        await using LocalStore store = new();
        string[] names = ["ada", "a__", @"a\b", "a*c", "o\"k", "'; DROP TABLE users;--"];
        foreach (string name in names)
        {
            Database.Execute(
                store.Folder,
                $"INSERT INTO users (datetime_created, username, email, password_hash) VALUES ('2021-01-01 10:00:00', "
                + $"'{name.Replace("'", "''", StringComparison.Ordinal)}', '{name.Replace("'", "''", StringComparison.Ordinal)}', '')");
        }

        string found = string.Join(' ', (await AllAsync(store, new UserQuery { UserNames = [pattern] })).Select(user => user.UserName));
        string byEmail = string.Join(' ', (await AllAsync(store, new UserQuery { Emails = [pattern] })).Select(user => user.Email));
        Assert.Equal(expected.Split(' ').Order(), found.Split(' ').Order());
        Assert.Equal(found, byEmail);

        StickyUser? exact = (await store.Store.UpdateUserAsync(pattern, new UserChange { CanWrite = false })).Value;
        Assert.Equal(names.FirstOrDefault(name => name.Equals(pattern, StringComparison.OrdinalIgnoreCase)), exact?.UserName);
        Assert.Equal(names.Length, (await AllAsync(store)).Count);
    }

    [Theory]
    [InlineData("'; DROP TABLE users;--", "x'/**/OR/**/1=1--@example.org", "'; UPDATE users SET is_admin = 1;--")]
    [InlineData("%", "a_b%@example.org", "%")]
    [InlineData("`*\\\"", "*?`@example.org", "\u0001\r\n")]
    public async Task Names_addresses_and_passwords_come_back_as_they_went_in(string name, string email, string password)
    {
        await using LocalStore store = new();
        _ = await AddAsync(store, new NewUser { UserName = "ada" });

        _ = await AddAsync(store, new NewUser { UserName = name, Email = email }, password);

        Assert.Equal([(name, email), ("ada", null)], (await AllAsync(store)).OrderBy(user => user.Email is null).Select(user => (user.UserName, user.Email)));
        Assert.True(await VerifyAsync(store, name, password));
        Assert.False(await VerifyAsync(store, "ada", password));
        Assert.True((await store.Store.RemoveUserAsync(name)).Succeeded);
        Assert.Equal("ada", Assert.Single(await AllAsync(store)).UserName);
    }

    [Fact]
    public async Task Patterns_of_one_kind_unite_and_both_kinds_must_match()
    {
        await using LocalStore store = new();
        Database.Execute(store.Folder, PythonRows);
        _ = await AddAsync(store, new NewUser { UserName = "zoe", Email = "zoe@lab.example.org" });

        Assert.Equal(["Ada", "bob"], await NamesAsync(new UserQuery { UserNames = ["bob", "a*"] }));
        Assert.Equal(["Ada", "zoe"], await NamesAsync(new UserQuery { Emails = ["*"] }));
        Assert.Equal(["zoe"], await NamesAsync(new UserQuery { UserNames = ["a*", "z*"], Emails = ["*@lab.*", "nobody"] }));
        Assert.Equal(["Ada", "bob", "zoe"], await NamesAsync(new UserQuery()));

        async Task<IEnumerable<string>> NamesAsync(UserQuery query) => (await AllAsync(store, query)).Select(user => user.UserName);
    }

    [Fact]
    public async Task No_password_is_in_any_file_message_or_result()
    {
        const string secret = "Xyzzy-6f1a-plugh";
        const string second = "Plover-93b2-xyzzy";
        await using LocalStore store = new();
        List<object?> said = [];
        using Secret password = new(secret);
        using Secret other = new(second);

        said.Add(await store.Store.AddUserAsync(new NewUser { UserName = "ada", Email = "ada@example.org", IsAdmin = true }, password));
        said.Add(await store.Store.AddUserAsync(new NewUser { UserName = "ADA" }, password));
        said.Add(await store.Store.AddUserAsync(new NewUser { UserName = "bob", Email = "ada@example.org" }, password));
        said.Add(await store.Store.AddUserAsync(new NewUser { UserName = "a:b" }, password));
        said.Add(await store.Store.AddUserAsync(new NewUser { UserName = "bob", Email = "nonsense" }, password));
        said.Add(await store.Store.UpdateUserAsync("ada", new UserChange { Password = other }));
        said.Add(await store.Store.UpdateUserAsync("nobody", new UserChange { Password = other }));
        said.Add(await store.Store.UpdateUserAsync("ada", new UserChange { Password = other, IsAdmin = false }));
        said.Add(await store.Store.VerifyUserAsync("ada", password));
        said.Add(await store.Store.VerifyUserAsync("ada", other));
        said.Add(await store.Store.VerifyUserAsync("nobody", password));
        Database.Execute(store.Folder, "CREATE TRIGGER no BEFORE INSERT ON users BEGIN SELECT RAISE(ABORT, 'no'); END");
        said.Add(await Assert.ThrowsAsync<StickyException>(
            async () => await store.Store.AddUserAsync(new NewUser { UserName = "carol" }, password)));
        Database.Execute(store.Folder, "UPDATE users SET datetime_created = 'broken'");
        said.Add(await Assert.ThrowsAsync<StickyException>(async () => await store.Store.VerifyUserAsync("ada", other)));
        said.Add(password);
        said.Add(new UserChange { Password = other });
        await store.Store.DisposeAsync();

        Assert.Equal(6, said.OfType<Outcome<StickyUser>>().Count(outcome => !outcome.Succeeded));
        foreach (string text in said.SelectMany(Describe))
        {
            Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(second, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("$pbkdf2", text, StringComparison.Ordinal);
        }

        string[] files = Directory.GetFiles(store.Folder, "*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (byte[] bytes in files.Select(File.ReadAllBytes))
        {
            foreach (Encoding encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode])
            {
                Assert.Equal(-1, bytes.AsSpan().IndexOf(encoding.GetBytes(secret)));
                Assert.Equal(-1, bytes.AsSpan().IndexOf(encoding.GetBytes(second)));
            }
        }
    }

    private static IEnumerable<string> Describe(object? said)
    {
        for (object? part = said; part is not null; part = part switch
        {
            Outcome<StickyUser> outcome => outcome.Error,
            Exception error => error.InnerException,
            _ => null,
        })
        {
            yield return part.ToString()!;
            if (part is StickyException error)
            {
                yield return $"{error.Message} {error.Target} {error.RecommendedAction}";
            }
        }
    }

    private static async Task<StickyUser> AddAsync(LocalStore store, NewUser user, string password = Password)
    {
        using Secret secret = new(password);
        Outcome<StickyUser> outcome = await store.Store.AddUserAsync(user, secret);
        Assert.Null(outcome.Error);
        return outcome.Value!;
    }

    private static async Task<StickyException> RefusedAsync(LocalStore store, NewUser user, string password = Password)
    {
        using Secret secret = new(password);
        return Assert.IsType<StickyException>((await store.Store.AddUserAsync(user, secret)).Error);
    }

    private static async Task<StickyUser> UpdateAsync(LocalStore store, string name, UserChange change)
    {
        Outcome<StickyUser> outcome = await store.Store.UpdateUserAsync(name, change);
        Assert.Null(outcome.Error);
        return outcome.Value!;
    }

    private static async Task<bool> VerifyAsync(LocalStore store, string name, string password)
    {
        using Secret secret = new(password);
        return await store.Store.VerifyUserAsync(name, secret) is not null;
    }

    private static async Task<IReadOnlyList<StickyUser>> AllAsync(LocalStore store, UserQuery? query = null) =>
        await store.Store.GetUsersAsync(query ?? new UserQuery());

    private static string HashOf(LocalStore store, string name) =>
        (string)Database.Scalar(store.Folder, $"SELECT password_hash FROM users WHERE username = '{name}'")!;

    private static string Sqlite3(LocalStore store, string sql) => CatalogFileTests.Sqlite3(store.Folder, sql);
}
