using System.Diagnostics.CodeAnalysis;
using System.Security;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

public class PasswordHashTests
{
    private const string Vector =
        "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1";

    // The salts and rounds as the definition's tests give them, with the hashes that these must yield.
    [Theory]
    [InlineData("Hello world!", Vector)]
    [InlineData(
        "Hello world!",
        "$6$rounds=10000$saltstringsaltstring$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.")]
    [InlineData(
        "This is just a test",
        "$6$rounds=5000$toolongsaltstring$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0")]
    [InlineData(
        "a very much longer text to encrypt.  This one even stretches over morethan one line.",
        "$6$rounds=1400$anotherlongsaltstring$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1")]
    [InlineData(
        "we have a short salt string but not a short password",
        "$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0")]
    [InlineData(
        "a short string",
        "$6$rounds=123456$asaltof16chars..$BtCwjqMJGx5hrJhZywWvt0RLE8uZ4oPwcelCjmw2kSYu.Ec6ycULevoBK25fs2xXgMNrCzIMVcgEJAstJeonj1")]
    [InlineData(
        "the minimum number is still observed",
        "$6$rounds=10$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.")]
    public void The_published_vectors_of_sha_crypt_verify(string password, string hash) => AssertVerifies(password, hash);

    // Made with crypt(3) of glibc.
    [Theory]
    [InlineData("", "$6$rounds=1000$emptyPassword$q6nBXJvxJpchpkxApGMqpXyC.Q6cAQtnrotfmA3Lw8cbZbzfJfazLDLgiBv04MigFQYCNExDS2y/bNirj3ipR0")]
    [InlineData("hunter2", "$6$rounds=1000$$KgMyHJJqo9T4ejXBJ4RoNQoOtrVKionq25RqRWqUcw6HyBGAbsMuP97F.YI3MZ4L2/rPH4v4VFIj9EKIRXASY/")]
    [InlineData(
        "Käfer-Ω-蝶-🦋", "$6$rounds=1000$utf8$Y0jv.wd8L0k6IB29s3khHiXZYdWbHzTX5WmFlEeIVyPunN0A9t9TJdTOu31Q.OmpUKG4Hmugt.UK7IXn.2Isf0")]
    [InlineData(
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy",
        "$6$rounds=1000$len64$dS8tuk033eqcSHdo4KlzWPptB0NbgVHNtarpFjUOTEfdBrsLvBErjpdO7RekcXUOtT/LU1VWZt8GaUPILDjNC.")]
    [InlineData(
        "ababababababababababababababababababababababababababababababababababababababababababababababababababc",
        "$6$rounds=1000$longpass101$qj2fIRZdrIarMHuCMEGAZKvrk/6TVinxbg4Yg2m.5NeBe/yyFiD8zqmQRTBr6VUeRnEwewJAi1Ngw9DR22YYF/")]
    [InlineData(
        "Tr0ub4dor&3-distinct",
        "$6$rounds=656000$8Jz0eS2QpWbLr1Xk$7qCJsZnIpyq5DaBpkszzl/QwKWIundKrZHNlCTznHhgAIU1OQ5GhreQEwe7g3ktSair0QPFTuoFp9MZUv5KHr.")]
    public void Hashes_of_the_python_client_verify(string password, string hash) => AssertVerifies(password, hash);

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("Käfer-Ω-蝶-🦋")]
    [InlineData(" $6$ \"';-- ")]
    public void A_new_hash_verifies_fits_its_column_and_is_never_the_same(string password)
    {
        using Secret secret = new(password);
        string hash = PasswordHash.Hash(secret);

        Assert.Matches(@"^\$pbkdf2-sha512\$i=210000\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$", hash);
        Assert.InRange(hash.Length, 1, 128);
        Assert.NotEqual(hash, PasswordHash.Hash(secret));
        Assert.False(PasswordHash.NeedsUpgrade(hash));
        AssertVerifies(password, hash);
    }

    // Made with Python's hashlib.pbkdf2_hmac.
    [Fact]
    public void A_hash_of_another_implementation_verifies_and_one_of_fewer_iterations_is_made_anew()
    {
        const string hash = "$pbkdf2-sha512$i=1000$AAECAwQFBgcICQoLDA0ODw$y/eRj2FwHgs6A0d8wKheOWOR5PjlKZUVEID5K8lrpY0";

        AssertVerifies("pässword", hash);
        Assert.True(PasswordHash.NeedsUpgrade(hash));
        Assert.True(PasswordHash.NeedsUpgrade(Vector));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hunter2")]
    [InlineData("$")]
    [InlineData("$6$")]
    [InlineData("$6$$")]
    [InlineData("$6$salt")]
    [InlineData("$6$salt$")]
    [InlineData("$6$salt$tooshort")]
    [InlineData("$6$rounds=$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("$6$rounds=-1$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("$6$rounds=999999999$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("$6$rounds=99999999999999999999$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35in!1")]
    [InlineData("$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inzz")]
    [InlineData("$6$sält$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW")]
    [InlineData("$pbkdf2-sha512$")]
    [InlineData("$pbkdf2-sha512$i=1$$")]
    [InlineData("$pbkdf2-sha512$i=1$AAAA$")]
    [InlineData("$pbkdf2-sha512$i=1$AAAA$AAAA")]
    [InlineData("$pbkdf2-sha512$i=0$AAECAwQFBgcICQoLDA0ODw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha512$i=-5$AAECAwQFBgcICQoLDA0ODw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha512$i=2000000000$AAECAwQFBgcICQoLDA0ODw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha512$i=1000$AAECAwQFBgcICQoLDA0ODw$AAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha512$i=1000$AAECAwQFBgcICQoLDA0ODw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA$more")]
    [InlineData("$pbkdf2-sha512$i=1000$A$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_hash_or_wants_absurdly_much_work_is_the_hash_of_no_password(string hash)
    {
        foreach (string password in (string[])["", hash])
        {
            using Secret secret = new(password);
            Assert.False(PasswordHash.Verify(secret, hash));
        }

        Assert.True(PasswordHash.NeedsUpgrade(hash));
    }

    [Fact]
    public void Whether_a_user_exists_makes_no_difference_to_the_work()
    {
        using Secret secret = new("hunter2");
        string right = PasswordHash.Hash(secret);
        using Secret other = new("hunter3");
        string?[] hashes = [right, PasswordHash.Hash(other), null, "", "$2b$12$no hash of ours", "$pbkdf2-sha512$i=9999999$AAAA$AAAA"];
        List<int> iterations = [];

        bool[] verified = [.. hashes.Select(hash => PasswordHash.Verify(secret, hash, (known, password) =>
        {
            iterations.Add(known.Iterations);
            return known.Matches(password);
        }))];

        Assert.Equal([true, false, false, false, false, false], verified);
        Assert.Equal(Enumerable.Repeat(Pbkdf2Hash.NewIterations, hashes.Length), iterations);
    }

    [Fact]
    public void The_long_computation_of_an_old_hash_can_be_stopped()
    {
        using Secret secret = new("Hello world!");

        _ = Assert.Throws<OperationCanceledException>(() => PasswordHash.Verify(secret, Vector, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_password_longer_than_passlib_takes_is_right_for_no_old_hash()
    {
        using Secret secret = new(new string('x', Secret.MaxLength + 1));

        Assert.False(PasswordHash.Verify(secret, Vector));
    }

    [Fact]
    [SuppressMessage("Reliability", "CA2000", Justification = "Disposing of it is what is tested.")]
    public void A_secret_says_nothing_and_is_wiped()
    {
        using SecureString text = new();
        foreach (char c in "Käfer")
        {
            text.AppendChar(c);
        }

        Secret secret = Secret.From(text);
        ReadOnlySpan<byte> bytes = secret.Bytes;

        Assert.True(bytes.SequenceEqual("Käfer"u8));
        Assert.Equal("Secret", $"{secret}");
        Assert.DoesNotContain("Käfer", $"{new UserChange { Password = secret }}", StringComparison.Ordinal);

        secret.Dispose();
        Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)0));
        _ = Assert.Throws<ObjectDisposedException>(() => PasswordHash.Hash(secret));
    }

    [Fact]
    public void A_user_with_a_hash_does_not_print_the_hash()
    {
        UserRow row = new(new StickyUser { Id = 1, UserName = "ada", CreatedAt = DateTime.UnixEpoch }, Vector);

        Assert.Equal("ada", $"{row}");
        Assert.DoesNotContain("$6$", $"{row.User}", StringComparison.Ordinal);
    }

    private static void AssertVerifies(string password, string hash)
    {
        using Secret right = new(password);
        using Secret longer = new(password + "x");
        using Secret shorter = new(password.Length == 0 ? "y" : password[..^1]);
        using Secret cased = new(password.Length == 0 ? " " : password.ToUpperInvariant() == password ? "z" : password.ToUpperInvariant());

        Assert.True(PasswordHash.Verify(right, hash));
        Assert.False(PasswordHash.Verify(longer, hash));
        Assert.False(PasswordHash.Verify(shorter, hash));
        Assert.False(PasswordHash.Verify(cased, hash));
    }
}
