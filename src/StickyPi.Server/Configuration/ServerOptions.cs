using System.Data.Common;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Primitives;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.Server.Configuration;

/// <summary>
/// How a server is to run. Bound from the section <c>StickyPi</c> of <c>appsettings.json</c>, from environment variables and from arguments,
/// see <see cref="ServerArguments"/>; later ones win.
/// </summary>
public sealed class ServerOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "StickyPi";

    private const long MebiByte = 1024 * 1024;

    /// <summary>The folder of the store; relative to where the server was started.</summary>
    public string? Path { get; set; }

    /// <summary>The SQLite file of the rows, where it is not <c>database.db</c> in the folder.</summary>
    public string? CatalogPath { get; set; }

    /// <summary>The connection string of a PostgreSQL database for the rows, instead of SQLite. It may hold a password.</summary>
    public string? Database { get; set; }

    /// <summary>The folder of caches on this machine, where there is neither a folder nor a SQLite file that it could be beside.</summary>
    public string? CacheFolder { get; set; }

    /// <summary>The bucket of the files, instead of a folder.</summary>
    public string? Bucket { get; set; }

    /// <summary>Where the S3 server of the bucket is; none for AWS.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The region of the bucket.</summary>
    public string? Region { get; set; }

    /// <summary>The path in the bucket below which the store lies.</summary>
    public string BasePath { get; set; } = "";

    /// <summary>The access key id for the bucket; none for what the AWS configuration provides.</summary>
    public string? AccessKey { get; set; }

    /// <summary>The secret access key.</summary>
    public string? SecretKey { get; set; }

    /// <summary>A profile of the AWS configuration files.</summary>
    public string? ProfileName { get; set; }

    /// <summary>The name of an administrator, who is added at the start where there is no such user.</summary>
    public string? AdminUser { get; set; }

    /// <summary>The administrator's password. Where the user exists already, it changes nothing.</summary>
    public string? AdminPassword { get; set; }

    /// <summary>A file that holds the administrator's password, instead of <see cref="AdminPassword"/>; one line break at its end is no part of it.</summary>
    public string? AdminPasswordFile { get; set; }

    /// <summary>The address that clients know the server by, where that is not the one that their requests arrive at.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Proxies, by address or network such as <c>10.0.0.0/8</c>, separated by commas, whose <c>X-Forwarded-…</c> headers are believed.</summary>
    public string? TrustedProxies { get; set; }

    /// <summary>
    /// Names that clients may call the server by, separated by commas; <c>*.example.org</c> stands for all below it. Requests for others
    /// are refused. None means any name, but none of a header <c>X-Forwarded-Host</c>.
    /// </summary>
    public string? AllowedHosts { get; set; }

    /// <summary>How long tokens are good for, in hours.</summary>
    public double TokenHours { get; set; } = 24;

    /// <summary>
    /// Log-ins by password that are tried for one user from one address in a minute, right or wrong; those that were right a moment ago don't
    /// count. From all addresses at which the user has not logged in for a week, ten times as many are tried.
    /// </summary>
    public int LogInsPerUser { get; set; } = 10;

    /// <summary>Log-ins by password that are tried for one address in a minute.</summary>
    public int LogInsPerAddress { get; set; } = 60;

    /// <summary>Connections that are open at once.</summary>
    public int MaxConnections { get; set; } = 1000;

    /// <summary>
    /// Connections that are open at once from one address, or from one network of IPv6; trusted proxies may have any number.
    /// </summary>
    public int MaxConnectionsPerAddress { get; set; } = 250;

    /// <summary>
    /// How long the head of a request may take to arrive, in seconds; of a form that is uploaded without a log-in, also its fields.
    /// </summary>
    public double HeaderSeconds { get; set; } = 15;

    /// <summary>What a request's body must bring a second once it has begun, in bytes.</summary>
    public double MinBytesPerSecond { get; set; } = 240;

    /// <summary>How long a client may leave an answer unread, in seconds, before it is cut.</summary>
    public double UnreadSeconds { get; set; } = 300;

    /// <summary>The size of a body of JSON, in MiB.</summary>
    public int MaxJsonSize { get; set; } = 64;

    /// <summary>The size of a body that holds pictures or tuboids, in MiB.</summary>
    public int MaxImageSize { get; set; } = 100;

    /// <summary>The size of a body of any number of lines, which is streamed, in MiB.</summary>
    public int MaxBatchSize { get; set; } = 2048;

    /// <summary>The size of a file of a bundle, in MiB.</summary>
    public int MaxObjectSize { get; set; } = 5120;

    /// <summary>
    /// What decodes pictures: <c>libvips</c>, or <c>managed</c>. The managed engine has reported flaws with crafted files, so it is used
    /// only on request.
    /// </summary>
    public string JpegEngine { get; set; } = "libvips";

    /// <summary>How the log is written: <c>text</c>, or <c>json</c> for one object a line.</summary>
    public string LogFormat { get; set; } = "text";

    /// <summary>How long tokens are good for.</summary>
    internal TimeSpan TokenLifetime => TimeSpan.FromHours(TokenHours);

    /// <summary>The proxies and networks of <see cref="TrustedProxies"/>.</summary>
    internal IReadOnlyList<IPNetwork> Proxies { get; private set; } = [];

    /// <summary>The names of <see cref="AllowedHosts"/>.</summary>
    internal IReadOnlyList<string> Hosts { get; private set; } = [];

    /// <summary>The same, as they are compared.</summary>
    internal IReadOnlyList<StringSegment> HostSegments { get; private set; } = [];

    /// <summary>Whether an address is that of a trusted proxy.</summary>
    /// <param name="address">The address.</param>
    /// <returns>Whether it is.</returns>
    internal bool IsProxy(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Proxies.Any(network => network.Contains(plain));
    }

    /// <summary>Reads and checks the options.</summary>
    /// <param name="configuration">All configuration.</param>
    /// <returns>The options.</returns>
    /// <exception cref="StickyException"><c>InvalidOption</c>, with the name of the option and what is wrong with it.</exception>
    public static ServerOptions Read(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(Section);
        foreach (IConfigurationSection value in section.GetChildren())
        {
            if (!ServerArguments.IsOption(value.Key))
            {
                throw Invalid($"{Section}:{value.Key}", "is no option of this server");
            }
        }

        ServerOptions options = new();
        foreach (IConfigurationSection value in section.GetChildren())
        {
            try
            {
                // One by one, so that what can't be read is named.
                new ConfigurationBuilder().AddInMemoryCollection([new(value.Key, value.Value)]).Build().Bind(options);
            }
            catch (InvalidOperationException e)
            {
                throw Invalid(ServerArguments.NameOf(value.Key), $"can't be '{value.Value}'", e);
            }
        }

        options.Check();
        return options;
    }

    /// <summary>Where the store is.</summary>
    /// <returns>What opens it; its secrets are the caller's to dispose of.</returns>
    internal StoreOptions ToStoreOptions() => new()
    {
        Folder = Bucket is null ? System.IO.Path.GetFullPath(Path ?? "store") : null,
        CatalogPath = CatalogPath is null ? null : System.IO.Path.GetFullPath(CatalogPath),
        Database = Database is null ? null : new Secret(Database),
        CacheFolder = CacheFolder is null ? null : System.IO.Path.GetFullPath(CacheFolder),

        // A client that waits longer has given up, or should come again later.
        LockPatience = TimeSpan.FromSeconds(5),
        Bucket = Bucket is null ? null : new BucketOptions
        {
            Bucket = Bucket,
            Endpoint = Endpoint,
            Region = Region,
            BasePath = BasePath,
            AccessKey = AccessKey,
            SecretKey = SecretKey is null ? null : new Secret(SecretKey),
            ProfileName = ProfileName,
            GivesUpSoon = true,
        },
    };

    /// <summary>The size that a body of a kind may have.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>Bytes.</returns>
    internal long GetMaxSize(BodyKind kind) => MebiByte * kind switch
    {
        BodyKind.Image => MaxImageSize,
        BodyKind.Batch => MaxBatchSize,
        BodyKind.Object => MaxObjectSize,
        _ => MaxJsonSize,
    };

    /// <summary>The password of the first administrator.</summary>
    /// <returns>The password, or null where none is given.</returns>
    /// <exception cref="StickyException"><c>InvalidOption</c>: its file can't be read.</exception>
    internal Secret? ReadAdminPassword()
    {
        if (AdminPasswordFile is null)
        {
            return AdminPassword is null ? null : new Secret(AdminPassword);
        }

        try
        {
            string text = File.ReadAllText(AdminPasswordFile);
            return new Secret(text.EndsWith("\r\n", StringComparison.Ordinal) ? text.AsSpan(..^2) : text.EndsWith('\n') ? text.AsSpan(..^1) : text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid("--admin-password-file", $"can't be read: {OneLine.Quote(e)}", e);
        }
    }

    /// <summary>The error for an option that can't be used.</summary>
    /// <param name="name">The option.</param>
    /// <param name="reason">What is wrong, as the end of a sentence that begins with the option.</param>
    /// <param name="cause">The cause.</param>
    /// <returns>The error <c>InvalidOption</c>.</returns>
    internal static StickyException Invalid(string name, string reason, Exception? cause = null) => new(
        "InvalidOption", StickyErrorKind.InvalidData, $"{name} {reason}.", name, "--help lists the options.", cause);

    private void Check()
    {
        Refuse(Path is not null && Bucket is not null, nameof(Bucket), "can't be given with --path: files lie in a folder or in a bucket");
        Refuse(Path is "", nameof(Path), "is empty");
        Refuse(Bucket is not null && CatalogPath is null && Database is null, nameof(Bucket), "needs --catalog-path or --database, where the rows are to be");
        Refuse(Bucket is not null && CatalogPath is null && CacheFolder is null, nameof(Bucket), "with --database needs --cache-folder, on this machine");
        Refuse(CatalogPath is not null && Database is not null, nameof(Database), "can't be given with --catalog-path: rows lie in one of them");
        Refuse(AccessKey is null != SecretKey is null, nameof(AccessKey), "and STICKYPI_SECRET_KEY belong together");
        Refuse(AdminPassword is not null && AdminPasswordFile is not null, nameof(AdminPasswordFile), "can't be given with STICKYPI_ADMIN_PASSWORD");
        Refuse(
            AdminUser is not null && AdminPassword is null && AdminPasswordFile is null,
            nameof(AdminUser),
            "needs a password, in the environment variable STICKYPI_ADMIN_PASSWORD or in a file, --admin-password-file");
        Refuse(AdminUser is not null && UserRules.CheckUserName(AdminUser) is not null, nameof(AdminUser), "can't be the name of a user");
        Refuse(
            PublicUrl is { IsAbsoluteUri: false } or { Scheme: not ("http" or "https") } || PublicUrl?.Query is { Length: > 0 },
            nameof(PublicUrl),
            "must be an address such as https://stickypi.example.org/");
        Refuse(Endpoint is { IsAbsoluteUri: false }, nameof(Endpoint), "must be an address such as https://s3.example.org");
        Refuse(JpegEngine is not ("libvips" or "managed"), nameof(JpegEngine), $"can't be '{JpegEngine}': it is libvips or managed");
        Refuse(LogFormat is not ("text" or "json"), nameof(LogFormat), $"can't be '{LogFormat}': it is text or json");
        CheckRange(TokenHours, nameof(TokenHours), 1.0 / 60, 24 * 366);
        CheckRange(HeaderSeconds, nameof(HeaderSeconds), 1, 600);
        CheckRange(UnreadSeconds, nameof(UnreadSeconds), 5, 24 * 3600);
        CheckRange(MinBytesPerSecond, nameof(MinBytesPerSecond), 1, 1e9);
        CheckRange(LogInsPerUser, nameof(LogInsPerUser), 1, 1e6);
        CheckRange(LogInsPerAddress, nameof(LogInsPerAddress), 1, 1e6);
        CheckRange(MaxConnections, nameof(MaxConnections), 1, 1e6);
        CheckRange(MaxConnectionsPerAddress, nameof(MaxConnectionsPerAddress), 1, 1e6);
        CheckRange(MaxJsonSize, nameof(MaxJsonSize), 1, 1e6);
        CheckRange(MaxImageSize, nameof(MaxImageSize), 1, 1e6);
        CheckRange(MaxBatchSize, nameof(MaxBatchSize), 1, 1e6);
        CheckRange(MaxObjectSize, nameof(MaxObjectSize), 1, 1e6);
        Proxies = [.. (TrustedProxies ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ReadProxy)];
        const StringSplitOptions Plain = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        Hosts = [.. (AllowedHosts ?? "").Split(',', Plain).Select(ReadHost)];
        HostSegments = [.. Hosts.Select(host => new StringSegment(host))];
        if (Database is not null)
        {
            try
            {
                _ = new DbConnectionStringBuilder { ConnectionString = Database };
            }
            catch (ArgumentException)
            {
                // The text is not repeated, and neither is the cause, which repeats it: it may hold a password.
                throw Invalid(ServerArguments.NameOf(nameof(Database)), "is no connection string, such as 'Host=localhost;Database=stickypi'");
            }
        }
    }

    private static void Refuse(bool isWrong, string key, string reason)
    {
        if (isWrong)
        {
            throw Invalid(ServerArguments.NameOf(key), reason);
        }
    }

    private static void CheckRange(double value, string key, double least, double most) => Refuse(
        !(value >= least && value <= most),
        key,
        string.Create(CultureInfo.InvariantCulture, $"can't be {value}: it is from {least:0.##} to {most:0}"));

    private static string ReadHost(string text)
    {
        string name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        return Uri.CheckHostName(name) is UriHostNameType.Unknown or UriHostNameType.Basic
            ? throw Invalid(
                ServerArguments.NameOf(nameof(AllowedHosts)),
                $"can't hold '{text}', which is no name such as lab.example.org or *.example.org")
            : text;
    }

    private static IPNetwork ReadProxy(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out IPNetwork network) ? network
        : throw Invalid(ServerArguments.NameOf(nameof(TrustedProxies)), $"can't hold '{text}', which is neither an address nor a network");
}
