using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;

namespace StickyPi.Server.Errors;

/// <summary>Refuses addresses that do not say exactly what is meant.</summary>
internal static class AddressRules
{
    /// <summary>
    /// Refuses an address with a percent sign that begins no escape, or with escapes that are no UTF-8. Kestrel leaves both as they are in
    /// a path, so that <c>%FF</c> would be the same name as <c>%25FF</c>, and queries get U+FFFD for the latter.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="next">What answers it.</param>
    /// <returns>A task that ends with the answer.</returns>
    public static Task RefuseMalformedAsync(HttpContext context, RequestDelegate next) =>
        IsWellFormed(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)
            ? next(context)
            : throw new BadHttpRequestException(
                "The address has a percent sign that does not stand for a character; write %25 for the sign itself");

    private static bool IsWellFormed(string target)
    {
        byte[] run = target.Contains('%') ? new byte[target.Length / 3] : [];
        int length = 0;
        for (int i = 0; i < target.Length; i++)
        {
            if (target[i] != '%')
            {
                if (!Utf8.IsValid(run.AsSpan(0, length)))
                {
                    return false;
                }

                length = 0;
                continue;
            }

            if (i + 2 >= target.Length || !char.IsAsciiHexDigit(target[i + 1]) || !char.IsAsciiHexDigit(target[i + 2]))
            {
                return false;
            }

            run[length++] = Convert.FromHexString(target.AsSpan(i + 1, 2))[0];
            i += 2;
        }

        return Utf8.IsValid(run.AsSpan(0, length));
    }
}
