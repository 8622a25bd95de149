using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Caching.Memory;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Server.Configuration;

namespace StickyPi.Server.Access;

/// <summary>
/// Verifies passwords and tokens. A password that was right is remembered for a few minutes as a token, which ends by itself when the password
/// changes; any other attempt costs a hash that is slow on purpose, and counts whether it succeeds or not: against its address, against its user
/// at this address, and, where this user has not logged in from there lately, against its user everywhere.
/// </summary>
internal sealed partial class LogIns(Store store, TimeProvider clock, ServerOptions options, ILogger<LogIns> log) : IDisposable
{
    private const int MostRemembered = 10_000;
    private const int MostKnown = 10_000;
    private const int Ipv6NetworkBytes = 8;

    // Somebody with many addresses has this many times the attempts of somebody with one.
    private const int StrangersPerUser = 10;

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Known = TimeSpan.FromDays(7);

    // Memory of this process must not tell a password, and neither may a key of a cache.
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly MemoryCache _tokens = new(new MemoryCacheOptions { SizeLimit = MostRemembered });

    // Where users have logged in from. Only a right password gets in here, so nobody else can fill it.
    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = MostKnown });
    private readonly ConcurrentDictionary<string, Lazy<Task<LogInAttempt>>> _running = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _hashing = new(Environment.ProcessorCount);

    // A limiter forgets whom it has not heard of for some seconds and who has all attempts again, so that names and addresses do not pile up.
    private readonly PartitionedRateLimiter<string> _users = CreateLimiter(StrangersPerUser * options.LogInsPerUser);
    private readonly PartitionedRateLimiter<string> _usersAtAddresses = CreateLimiter(options.LogInsPerUser);
    private readonly PartitionedRateLimiter<string> _addresses = CreateLimiter(options.LogInsPerAddress);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Looks whose token a text is.</summary>
    /// <param name="token">Any text.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>The log-in, or null.</returns>
    public async ValueTask<LogIn?> VerifyTokenAsync(string token, CancellationToken cancellationToken) =>
        await store.VerifyTokenAsync(token, Now, cancellationToken) is Signatory user ? new LogIn(token, user) : null;

    /// <summary>Looks whether a password is a user's, unless that was tried too often.</summary>
    /// <param name="userName">The name.</param>
    /// <param name="password">The password.</param>
    /// <param name="address">Where the attempt comes from.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>What became of it.</returns>
    public async ValueTask<LogInAttempt> VerifyPasswordAsync(
        string userName, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        string fingerprint = Fingerprint(userName, password);
        if (await FindRememberedAsync(fingerprint, cancellationToken) is LogIn known)
        {
            return new(known);
        }

        // A client that begins with many requests at once means one attempt.
        Lazy<Task<LogInAttempt>> attempt = _running.GetOrAdd(
            $"{fingerprint}@{NetworkOf(address)}",
            key => new Lazy<Task<LogInAttempt>>(() => Task.Run(() => TryAsync(key, fingerprint, userName, password, address), CancellationToken.None)));
        return await attempt.Value.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens.Dispose();
        _known.Dispose();
        _hashing.Dispose();
        _users.Dispose();
        _usersAtAddresses.Dispose();
        _addresses.Dispose();
    }

    private static PartitionedRateLimiter<string> CreateLimiter(int attempts) => PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = attempts,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / attempts,
            QueueLimit = 0,
        }));

    // Somebody with IPv6 has a network of addresses to choose from.
    internal static string NetworkOf(IPAddress? address)
    {
        address = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return address is { AddressFamily: AddressFamily.InterNetworkV6 }
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, Ipv6NetworkBytes))
            : address?.ToString() ?? "";
    }

    private static TimeSpan? Refuse(PartitionedRateLimiter<string> limiter, string key)
    {
        using RateLimitLease lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? after : TimeSpan.FromMinutes(1);
    }

    private string Fingerprint(string userName, string password) =>
        Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{userName.Length}:{userName}:{password}")));

    private async ValueTask<LogIn?> FindRememberedAsync(string fingerprint, CancellationToken cancellationToken) =>
        _tokens.TryGetValue(fingerprint, out string? token) ? await VerifyTokenAsync(token!, cancellationToken) : null;

    private async Task<LogInAttempt> TryAsync(string key, string fingerprint, string userName, string password, IPAddress? address)
    {
        try
        {
            // An attempt that ended between the look of this one and its beginning.
            if (await FindRememberedAsync(fingerprint, CancellationToken.None) is LogIn known)
            {
                return new(known);
            }

            // All names that find the same user count together. They are hashed because anybody may send very long ones.
            string user = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(UserRules.ToComparable(userName))));
            string network = NetworkOf(address);
            string userAtAddress = $"{user}@{network}";
            bool isKnown = _known.TryGetValue(userAtAddress, out _);
            if ((Refuse(_addresses, network) ?? Refuse(_usersAtAddresses, userAtAddress) ?? (isKnown ? null : Refuse(_users, user))) is TimeSpan after)
            {
                LogThrottled(await GetLogNameAsync(userName), address);
                return new(null, after);
            }

            await _hashing.WaitAsync();
            ApiToken? token;
            try
            {
                using Secret secret = new(password);
                token = await store.LogInAsync(userName, secret, Now + Remembered);
            }
            finally
            {
                _ = _hashing.Release();
            }

            string name = await GetLogNameAsync(userName);
            if (token is null)
            {
                LogRefused(name, address);
                return default;
            }

            _ = _tokens.Set(fingerprint, token.Token, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Remembered });
            _ = _known.Set(userAtAddress, true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Known });
            LogAccepted(name, address);
            return new(await VerifyTokenAsync(token.Token, CancellationToken.None));
        }
        finally
        {
            _ = _running.TryRemove(key, out _);
        }
    }

    // A name that is nobody's may be a password in the wrong field, or a token of another store.
    private async ValueTask<string> GetLogNameAsync(string userName)
    {
        IReadOnlyList<StickyUser> users = await store.GetUsersAsync(new UserQuery());
        string wanted = UserRules.ToComparable(userName);
        return users.FirstOrDefault(user => UserRules.ToComparable(user.UserName) == wanted)?.UserName ?? "(unknown)";
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "{User} logged in from {Address}.")]
    private partial void LogAccepted(string user, IPAddress? address);

    [LoggerMessage(EventId = 11, Level = LogLevel.Warning, Message = "A log-in as {User} from {Address} was refused.")]
    private partial void LogRefused(string user, IPAddress? address);

    [LoggerMessage(EventId = 12, Level = LogLevel.Warning, Message = "Too many log-ins as {User} from {Address}: not tried.")]
    private partial void LogThrottled(string user, IPAddress? address);
}
