using System.Globalization;
using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Remote.Existing;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Server.Access;

namespace StickyPi.Server.Existing;

/// <summary>What the existing API does with users.</summary>
internal static class ExistingUsers
{
    // Every column but the hash: whoever could ask for hashes by a pattern would find them out.
    private static readonly Dictionary<string, Func<StickyUser, string?>> Columns = new()
    {
        ["id"] = user => user.Id.ToString(CultureInfo.InvariantCulture),
        ["username"] = user => user.UserName,
        ["email"] = user => user.Email,
        ["is_admin"] = user => user.IsAdmin ? "1" : "0",
        ["can_write"] = user => user.CanWrite ? "1" : "0",
        ["datetime_created"] = user => StickyTime.ToFileText(user.CreatedAt),
        ["api_version"] = user => user.ApiVersion,
        ["api_user"] = user => user.ApiUser,
    };

    /// <summary>
    /// <c>get_users</c>: all, where the body is empty; else, for one filter after the other, those whose columns match it by LIKE.
    /// </summary>
    public static async Task GetAsync(HttpContext context)
    {
        List<Func<StickyUser, bool>> filters = await JsonInput.ReadOptionalListAsync(context, ReadFilter) ?? [_ => true];
        StickyUser[] users = await AllAsync(context);
        await WriteAsync(context, filters.SelectMany(users.Where));
    }

    /// <summary><c>put_users</c>: nobody is added before all have been looked at; the answer has all of them.</summary>
    public static async Task PutAsync(HttpContext context)
    {
        Store store = context.GetStore();
        List<(NewUser User, Secret Password, string Path)> added = [];
        try
        {
            StickyUser[] users = await AllAsync(context);
            _ = await JsonInput.ReadListAsync(context, item =>
            {
                added.Add((Read(item), new Secret(item.Required("password").Text()), item.Path));
                Check(added, users);
                return item.Path;
            });

            List<StickyUser> stored = [];
            foreach ((NewUser user, Secret password, string path) in added)
            {
                Outcome<StickyUser> outcome = await store.AddUserAsync(user, password, context.RequestAborted);
                stored.Add(outcome.Value ?? throw outcome.Error!.At(path));
            }

            await WriteAsync(context, stored);
        }
        finally
        {
            added.ForEach(user => user.Password.Dispose());
        }
    }

    private static async Task<StickyUser[]> AllAsync(HttpContext context) =>
        [.. (await context.GetStore().GetUsersAsync(new UserQuery(), context.RequestAborted)).OrderBy(user => user.Id)];

    private static Task WriteAsync(HttpContext context, IEnumerable<StickyUser> users) =>
        ExistingAnswers.WriteListAsync(context, users.Select(ExistingUser.From).ToAsyncEnumerable(), ExistingJson.Default.ExistingUser);

    private static Func<StickyUser, bool> ReadFilter(JsonInput filter)
    {
        List<Func<StickyUser, bool>> conditions = [];
        foreach ((string name, JsonInput value) in filter.Fields())
        {
            Func<StickyUser, string?> column = Columns.GetValueOrDefault(name)
                ?? throw value.Invalid($"is no column of a user that can be asked for; there are {string.Join(", ", Columns.Keys)}");
            string pattern = LikePattern.ToNamePattern(value.Value.ValueKind switch
            {
                JsonValueKind.True => "1",
                JsonValueKind.False => "0",
                JsonValueKind.Number => value.Value.GetRawText(),
                _ => value.Text(),
            });
            conditions.Add(user => column(user) is string text && NamePattern.Matches(text, [pattern]));
        }

        return user => conditions.TrueForAll(condition => condition(user));
    }

    private static NewUser Read(JsonInput item)
    {
        foreach ((string name, JsonInput value) in item.Fields())
        {
            if (name is not ("username" or "password" or "email" or "is_admin" or "can_write"))
            {
                throw value.Invalid("is nothing that is said of a new user: username, password, email, is_admin and can_write are");
            }
        }

        return new NewUser
        {
            UserName = item.Required("username").Text(),
            Email = item.Optional("email")?.Text(),
            IsAdmin = item.Optional("is_admin")?.Flag() ?? false,
            CanWrite = item.Optional("can_write")?.Flag() ?? true,
        };
    }

    // Looks at the last one.
    private static void Check(List<(NewUser User, Secret Password, string Path)> added, StickyUser[] users)
    {
        (NewUser user, Secret password, string path) = added[^1];
        if ((UserRules.Check(user) ?? UserRules.CheckPassword(password, user.UserName)) is StickyException error)
        {
            string field = error.ErrorId switch { "InvalidUserName" => "username", "InvalidEmail" => "email", _ => "password" };
            throw error.At($"{path}.{field}");
        }

        if (users.Select(other => other.UserName).Concat(added.SkipLast(1).Select(other => other.User.UserName))
            .Contains(user.UserName, StringComparer.OrdinalIgnoreCase))
        {
            throw new StickyException(
                "UserExists", StickyErrorKind.Conflict, $"There is a user '{user.UserName}' already; names are unique, whatever their case.")
                .At($"{path}.username");
        }
    }
}
