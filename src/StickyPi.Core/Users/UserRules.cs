using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace StickyPi.Core.Users;

/// <summary>What a user's name, e-mail address and password must be like.</summary>
public static class UserRules
{
    /// <summary>The length that a name may have, in characters (code points), as the catalog's column.</summary>
    public const int MaxUserNameLength = 32;

    /// <summary>The length that an e-mail address may have, in characters, as the catalog's column.</summary>
    public const int MaxEmailLength = 64;

    /// <summary>
    /// Checks a name: 1 to 32 characters, seen as they are (<see cref="VisibleName"/>), since names that look the same would be taken for each
    /// other, and no <c>:</c>, with which it could not be sent to a server.
    /// </summary>
    /// <param name="userName">Any text.</param>
    /// <returns>The error <c>InvalidUserName</c>, or null.</returns>
    public static StickyException? CheckUserName(string userName)
    {
        string? reason = userName.Length == 0 ? "is empty"
            : VisibleName.WhyNot(userName) is string unseen ? unseen
            : userName.EnumerateRunes().Count() > MaxUserNameLength ? $"is longer than {MaxUserNameLength} characters"
            : userName.Contains(':', StringComparison.Ordinal) ? "has a colon"
            : null;
        return InvalidName(userName, reason);
    }

    /// <summary>
    /// Checks a name to log in with. Another program may have made that user, so only what can't be sent to a server is refused.
    /// </summary>
    /// <param name="userName">Any text.</param>
    /// <returns>The error <c>InvalidUserName</c>, or null.</returns>
    public static StickyException? CheckLogInName(string userName) => InvalidName(
        userName,
        userName.Length == 0 ? "is empty"
            : !OneLine.IsPlain(userName) ? "has control characters"
            : userName.Contains(':', StringComparison.Ordinal) ? "has a colon"
            : null);

    /// <summary>Tells whether people would take two names for the same: they differ at most in case and in what is not seen.</summary>
    /// <param name="name">A name.</param>
    /// <param name="other">Another one.</param>
    /// <returns>Whether they would.</returns>
    public static bool AreAlike(string name, string other) => ToComparable(VisibleName.AsSeen(name)) == ToComparable(VisibleName.AsSeen(other));

    /// <summary>The form of a name that users are found by: whatever its case, and however the accents of its letters are written.</summary>
    /// <param name="name">Any text.</param>
    /// <returns>The form, which may be no good name.</returns>
    public static string ToComparable(string name)
    {
        // Half a character has no normal form.
        byte[] whole = Encoding.UTF8.GetBytes(name);
        return Encoding.UTF8.GetString(whole).Normalize().ToUpperInvariant();
    }

    /// <summary>Checks the name and the address of a user.</summary>
    /// <param name="user">The user.</param>
    /// <returns>The first error, <c>InvalidUserName</c> or <c>InvalidEmail</c>, or null.</returns>
    public static StickyException? Check(NewUser user) =>
        CheckUserName(user.UserName) ?? (string.IsNullOrEmpty(user.Email) ? null : CheckEmail(user.Email, user.UserName));

    /// <summary>Checks an e-mail address: at most 64 characters, of the shape <c>name@domain</c>.</summary>
    /// <param name="email">Any text.</param>
    /// <param name="userName">Whose it is, for the error.</param>
    /// <returns>The error <c>InvalidEmail</c>, or null.</returns>
    public static StickyException? CheckEmail(string email, string userName)
    {
        string? reason = VisibleName.WhyNot(email) is string unseen ? unseen
            : email.Length > MaxEmailLength ? $"is longer than {MaxEmailLength} characters"
            : !MailAddress.TryCreate(email, out MailAddress? address) || address.Address != email ? "is no address"
            : null;

        // The text is not repeated: it may be a part of the password, where a comma in that has moved the cells of a CSV file.
        return reason is null ? null : new StickyException(
            "InvalidEmail",
            StickyErrorKind.InvalidData,
            $"The e-mail address of the user '{userName}' {reason}.",
            userName,
            "Addresses look like name@example.org, without a display name, and have at most 64 characters.");
    }

    /// <summary>Checks a password: not empty, not longer than <see cref="Secret.MaxLength"/>, and without a character of code 0.</summary>
    /// <param name="password">Any password.</param>
    /// <param name="userName">Whose it is, for the error.</param>
    /// <returns>The error <c>InvalidPassword</c>, or null.</returns>
    public static StickyException? CheckPassword(Secret password, string userName)
    {
        string? reason = password.IsEmpty ? "is empty"
            : password.HasNul ? "has a character of code 0"
            : password.IsTooLong ? string.Create(CultureInfo.InvariantCulture, $"is longer than {Secret.MaxLength} bytes")
            : null;
        return reason is null ? null : new StickyException(
            "InvalidPassword", StickyErrorKind.InvalidData, $"The password of the user '{userName}' {reason}.", userName,
            "Give one with -Credential (Get-Credential), -Password (Read-Host -AsSecureString), or a column Password of a CSV file.");
    }

    private static StickyException? InvalidName(string userName, string? reason) => reason is null ? null : new StickyException(
        "InvalidUserName",
        StickyErrorKind.InvalidData,
        $"The user name {Quote(userName)}{reason}.",
        userName,
        "Names have 1 to 32 visible characters, no colon, and no blank at the beginning or the end.");

    // A text that cannot be seen is not put in front of anybody, or it would move the cursor and colour the screen.
    private static string Quote(string text) => text.Length is > 0 and <= 2 * MaxUserNameLength && VisibleName.FindInvisible(text) is null ? $"'{OneLine.Value(text)}' " : "";
}
