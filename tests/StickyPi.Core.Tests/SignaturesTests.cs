using System.Buffers.Text;
using System.Security.Cryptography;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

public class SignaturesTests
{
    private static readonly byte[] Right = HMACSHA256.HashData("key"u8, "text"u8);

    [Fact]
    public void The_signature_as_it_was_written_is_good()
    {
        string text = Base64Url.EncodeToString(Right);

        Assert.True(Signatures.IsGood(text, Right));
        Assert.False(Signatures.IsGood(text, HMACSHA256.HashData("key"u8, "other"u8)));
        Assert.False(Signatures.IsGood(text.AsSpan(..^1), Right));
        Assert.False(Signatures.IsGood(text + "=", Right));
        Assert.False(Signatures.IsGood(text + " ", Right));
        Assert.False(Signatures.IsGood(text + "A", Right));
    }

    [Fact]
    public void Any_other_text_is_a_wrong_one()
    {
        Random random = new(4711);
        Assert.False(Signatures.IsGood(null, Right));
        Assert.False(Signatures.IsGood("", Right));
        for (int i = 0; i < 20_000; i++)
        {
            char last = (char)random.Next(1, char.MaxValue);
            string text = string.Concat(Enumerable.Range(0, random.Next(3) == 0 ? random.Next(100) : 43).Select(_ => (char)random.Next(1, last)));
            Assert.False(Signatures.IsGood(text, Right), text);
        }
    }
}
