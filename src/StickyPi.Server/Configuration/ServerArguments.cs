using System.Data.Common;
using System.Text;

namespace StickyPi.Server.Configuration;

/// <summary>
/// The options of the server by their names: <c>--token-hours</c> as an argument is <c>STICKYPI_TOKEN_HOURS</c> in the environment and
/// <c>TokenHours</c> in the section <c>StickyPi</c> of <c>appsettings.json</c>.
/// </summary>
internal static class ServerArguments
{
    private const string Own = ServerOptions.Section + ":";
    private const string Certificate = "Kestrel:Certificates:Default:";

    private static readonly Option[] Options =
    [
        new(Own + nameof(ServerOptions.Path), "folder", "The store; made where it is missing. Default: store"),
        new(Own + nameof(ServerOptions.CatalogPath), "file", "The SQLite file of the rows, where it is not in the folder."),
        new(Own + nameof(ServerOptions.Database), "text", "A PostgreSQL database for the rows: 'Host=…;Database=…;Username=…'; its password not as an argument."),
        new(Own + nameof(ServerOptions.CacheFolder), "folder", "Caches on this machine, with --bucket and --database."),
        new(Own + nameof(ServerOptions.Bucket), "name", "A bucket for the files, instead of a folder."),
        new(Own + nameof(ServerOptions.Endpoint), "url", "The S3 server of the bucket. Default: AWS"),
        new(Own + nameof(ServerOptions.Region), "name", "The region of the bucket."),
        new(Own + nameof(ServerOptions.BasePath), "path", "The path in the bucket below which the store lies."),
        new(Own + nameof(ServerOptions.ProfileName), "name", "A profile of the AWS configuration files."),
        new(Own + nameof(ServerOptions.AccessKey), "id", "The access key for the bucket."),
        new(Own + nameof(ServerOptions.SecretKey), "text", "The secret key that belongs to it.", IsSecret: true),
        new(Own + nameof(ServerOptions.AdminUser), "name", "An administrator to add at the start, where there is no such user."),
        new(Own + nameof(ServerOptions.AdminPasswordFile), "file", "A file with the administrator's password."),
        new(Own + nameof(ServerOptions.AdminPassword), "text", "The administrator's password.", IsSecret: true),
        new("urls", "urls", "Where to listen, separated by semicolons. Default: http://localhost:5000"),
        new(Certificate + "Path", "file", "The TLS certificate for https:// addresses, PFX or PEM.", "certificate"),
        new(Certificate + "KeyPath", "file", "The private key of a PEM certificate.", "certificate-key"),
        new(Certificate + "Password", "text", "The password of the certificate's file.", "certificate-password", IsSecret: true),
        new(Own + nameof(ServerOptions.PublicUrl), "url", "The address that clients know, behind a proxy."),
        new(Own + nameof(ServerOptions.TrustedProxies), "addresses", "Proxies whose X-Forwarded-… headers are believed: 10.0.0.1,10.1.0.0/16"),
        new(
            Own + nameof(ServerOptions.AllowedHosts), "names",
            "Names that clients may call the server by: lab.example.org,*.lab.example.org. Default: any"),
        new(Own + nameof(ServerOptions.TokenHours), "hours", "How long tokens are good for. Default: 24"),
        new(Own + nameof(ServerOptions.LogInsPerUser), "number", "Log-ins by password tried for one user from one address in a minute. Default: 10"),
        new(Own + nameof(ServerOptions.LogInsPerAddress), "number", "Log-ins by password tried for one address in a minute. Default: 60"),
        new(Own + nameof(ServerOptions.MaxConnections), "number", "Connections that are open at once. Default: 1000"),
        new(
            Own + nameof(ServerOptions.MaxConnectionsPerAddress), "number",
            "Of these, from one address, but for trusted proxies. Default: 250"),
        new(Own + nameof(ServerOptions.HeaderSeconds), "seconds", "How long the head of a request may take. Default: 15"),
        new(Own + nameof(ServerOptions.MinBytesPerSecond), "bytes", "What a request's body must bring a second. Default: 240"),
        new(Own + nameof(ServerOptions.UnreadSeconds), "seconds", "How long an answer may stay unread. Default: 300"),
        new(Own + nameof(ServerOptions.MaxJsonSize), "MiB", "The size of a body of JSON. Default: 64"),
        new(Own + nameof(ServerOptions.MaxImageSize), "MiB", "The size of a body of pictures or tuboids. Default: 100"),
        new(Own + nameof(ServerOptions.MaxBatchSize), "MiB", "The size of a body of lines. Default: 2048"),
        new(Own + nameof(ServerOptions.MaxObjectSize), "MiB", "The size of a file of a bundle. Default: 5120"),
        new(Own + nameof(ServerOptions.JpegEngine), "name", "libvips; or managed, slower and not for pictures from strangers. Default: libvips"),
        new(Own + nameof(ServerOptions.LogFormat), "format", "text, or json for one object a line. Default: text"),
    ];

    /// <summary>What <c>--help</c> prints.</summary>
    public static string Help
    {
        get
        {
            StringBuilder text = new();
            _ = text.AppendLine("Serves a store of sticky-card insect camera traps over HTTP.").AppendLine()
                .AppendLine("  StickyPi.Server --path ./store [--admin-user ada] [--urls https://0.0.0.0:443 --certificate lab.pfx]").AppendLine();
            foreach (Option option in Options.Where(option => !option.IsSecret))
            {
                _ = text.AppendLine($"  {$"--{option.Name} <{option.Value}>",-36} {option.Help}");
            }

            _ = text.AppendLine().AppendLine("Secrets, in the environment only:");
            foreach (Option option in Options.Where(option => option.IsSecret))
            {
                _ = text.AppendLine($"  {option.Variable,-36} {option.Help}");
            }

            return text.AppendLine()
                .AppendLine("Every option can be given as an environment variable, too (STICKYPI_TOKEN_HOURS), and in the section StickyPi of")
                .AppendLine("appsettings.json (TokenHours). Settings of ASP.NET Core are taken by their full names: --Logging:LogLevel:Default Debug")
                .ToString();
        }
    }

    /// <summary>Reads arguments: <c>--name value</c> or <c>--name=value</c>.</summary>
    /// <param name="args">The arguments.</param>
    /// <returns>Keys of the configuration and their values; null where help was asked for.</returns>
    /// <exception cref="Core.StickyException"><c>InvalidOption</c>.</exception>
    public static Dictionary<string, string?>? Read(IReadOnlyList<string> args)
    {
        Dictionary<string, string?> values = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < args.Count; i++)
        {
            if (args[i] is "--help" or "-h" or "-?" or "/?")
            {
                return null;
            }

            // What is refused is not repeated beyond the name of the option: somebody may have typed a password.
            string[] parts = args[i].Split('=', 2);
            string name = parts[0].StartsWith("--", StringComparison.Ordinal) ? parts[0][2..] : "";
            if (name.Length == 0)
            {
                throw ServerOptions.Invalid($"Argument {i + 1}", "is no option: options begin with --");
            }

            string key = name.Contains(':', StringComparison.Ordinal) ? name
                : Options.FirstOrDefault(option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not Option known
                    ? throw ServerOptions.Invalid($"--{name}", $"is no option of this server{Similar(name)}")
                : known.IsSecret
                    ? throw ServerOptions.Invalid($"--{name}", $"is never taken as an argument, which every user of the machine can see: set {known.Variable}")
                : known.Key;
            string value = parts.Length == 2 ? parts[1]
                : i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[++i]
                : throw ServerOptions.Invalid($"--{name}", "needs a value");
            if (key == Own + nameof(ServerOptions.Database) && HoldsPassword(value))
            {
                throw ServerOptions.Invalid($"--{name}", "must not hold a password, which every user of the machine could see: set STICKYPI_DATABASE, or PGPASSFILE");
            }

            if (!values.TryAdd(key, value))
            {
                throw ServerOptions.Invalid($"--{name}", "is given twice");
            }
        }

        return values;
    }

    /// <summary>Reads environment variables.</summary>
    /// <returns>Keys of the configuration and their values.</returns>
    public static Dictionary<string, string?> ReadEnvironment() => Options
        .Select(option => new KeyValuePair<string, string?>(option.Key, Environment.GetEnvironmentVariable(option.Variable)))
        .Where(pair => !string.IsNullOrEmpty(pair.Value))
        .ToDictionary();

    /// <summary>Whether there is an option of our own.</summary>
    /// <param name="key">Its name in the configuration.</param>
    /// <returns>Whether there is.</returns>
    public static bool IsOption(string key) => Options.Any(option => option.Key.Equals(Own + key, StringComparison.OrdinalIgnoreCase));

    /// <summary>How the user writes an option.</summary>
    /// <param name="key">Its name in the configuration.</param>
    /// <returns>The argument; of a secret the environment variable.</returns>
    public static string NameOf(string key)
    {
        Option option = Options.First(option => option.Key.Equals(Own + key, StringComparison.OrdinalIgnoreCase));
        return option.IsSecret ? option.Variable : $"--{option.Name}";
    }

    private static string Similar(string name) =>
        Options.FirstOrDefault(option => option.Name.Replace("-", "", StringComparison.Ordinal)
            .Equals(name.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)) is Option option
                ? $"; did you mean --{option.Name}?"
                : "";

    private static bool HoldsPassword(string connectionString)
    {
        try
        {
            DbConnectionStringBuilder builder = new() { ConnectionString = connectionString };
            return builder.ContainsKey("Password") || builder.ContainsKey("Pwd") || builder.ContainsKey("Psw") || builder.ContainsKey("SSL Password");
        }
        catch (ArgumentException)
        {
            // What can't be read is refused later, without being repeated.
            return false;
        }
    }

    private sealed record Option(string Key, string Value, string Help, string? Given = null, bool IsSecret = false)
    {
        /// <summary>The argument without its dashes: <c>TokenHours</c> is <c>token-hours</c>.</summary>
        public string Name { get; } = Given ?? string.Concat(Key[(Key.LastIndexOf(':') + 1)..].Select((letter, i) =>
            char.IsAsciiLetterUpper(letter) ? $"{(i > 0 ? "-" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

        /// <summary>The environment variable.</summary>
        public string Variable => "STICKYPI_" + Name.Replace('-', '_').ToUpperInvariant();
    }
}
