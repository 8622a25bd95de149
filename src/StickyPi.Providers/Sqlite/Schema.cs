using Microsoft.Data.Sqlite;
using StickyPi.Core;

namespace StickyPi.Providers.Sqlite;

/// <summary>
/// The tables of a store's catalog, as the existing Python client makes them with SQLAlchemy: same names, types, constraints and
/// order of columns. Neither program needs more, and neither may add columns.
/// </summary>
internal static class Schema
{
    private const string Common = "datetime_created DATETIME NOT NULL, api_version VARCHAR(8), api_user VARCHAR(32), id INTEGER NOT NULL";

    private static readonly string[] Tables = ["images", "uid_annotations", "users", "tuboid_series", "tiled_tuboids", "itc_labels"];

    private static readonly string[] ImageColumns =
    [
        "id", "device", "datetime", "md5", "device_version", "width", "height", "alt", "lat", "lng", "temp", "hum", "no_flash_shutter_speed",
        "no_flash_exposure_time", "no_flash_bv", "no_flash_iso", "datetime_created", "api_version", "api_user",
    ];

    private static readonly string Creation = $"""
        CREATE TABLE IF NOT EXISTS images ({Common}, device VARCHAR(8) NOT NULL, datetime DATETIME NOT NULL, md5 VARCHAR(32) NOT NULL,
            device_version VARCHAR(8), width SMALLINT NOT NULL, height SMALLINT NOT NULL, alt SMALLINT, lat DECIMAL(9, 6), lng DECIMAL(9, 6),
            temp FLOAT, hum FLOAT, no_flash_shutter_speed FLOAT NOT NULL, no_flash_exposure_time FLOAT NOT NULL, no_flash_bv FLOAT NOT NULL,
            no_flash_iso FLOAT NOT NULL, PRIMARY KEY (id), CONSTRAINT image_id UNIQUE (device, datetime));
        CREATE INDEX IF NOT EXISTS image_uid ON images (device, datetime);
        CREATE TABLE IF NOT EXISTS uid_annotations ({Common}, parent_image_id INTEGER NOT NULL, algo_name VARCHAR(64) NOT NULL,
            algo_version VARCHAR(46) NOT NULL, n_objects INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (id),
            CONSTRAINT annotation_id UNIQUE (parent_image_id, algo_name, algo_version),
            FOREIGN KEY(parent_image_id) REFERENCES images (id) ON DELETE CASCADE);
        CREATE TABLE IF NOT EXISTS users ({Common}, username VARCHAR(32) NOT NULL UNIQUE, email VARCHAR(64) UNIQUE,
            password_hash VARCHAR(128) NOT NULL, is_admin BOOLEAN DEFAULT 0, can_write BOOLEAN DEFAULT 1, PRIMARY KEY (id));
        CREATE UNIQUE INDEX IF NOT EXISTS ix_users_username ON users (username);
        CREATE UNIQUE INDEX IF NOT EXISTS ix_users_email ON users (email);
        CREATE TABLE IF NOT EXISTS tuboid_series ({Common}, device VARCHAR(8) NOT NULL, start_datetime DATETIME NOT NULL,
            end_datetime DATETIME NOT NULL, n_images INTEGER NOT NULL, n_tuboids INTEGER NOT NULL, algo_name VARCHAR(64) NOT NULL,
            algo_version VARCHAR(46) NOT NULL, PRIMARY KEY (id),
            CONSTRAINT tiled_series_id UNIQUE (device, start_datetime, end_datetime, algo_name, algo_version));
        CREATE TABLE IF NOT EXISTS tiled_tuboids ({Common}, parent_series_id INTEGER NOT NULL, tuboid_id VARCHAR(100) NOT NULL,
            id_in_series INTEGER NOT NULL, start_datetime DATETIME NOT NULL, end_datetime DATETIME NOT NULL, n_shots INTEGER NOT NULL,
            PRIMARY KEY (id), CONSTRAINT tuboid_id UNIQUE (tuboid_id),
            FOREIGN KEY(parent_series_id) REFERENCES tuboid_series (id) ON DELETE CASCADE);
        CREATE TABLE IF NOT EXISTS itc_labels ({Common}, parent_tuboid_id INTEGER NOT NULL, algo_name VARCHAR(32) NOT NULL,
            algo_version VARCHAR(46) NOT NULL, label INTEGER NOT NULL, pattern VARCHAR(128) NOT NULL, type VARCHAR(32) NOT NULL,
            "order" VARCHAR(32), family VARCHAR(32), genus VARCHAR(32), species VARCHAR(32), PRIMARY KEY (id),
            CONSTRAINT label_id UNIQUE (parent_tuboid_id, algo_name, algo_version),
            FOREIGN KEY(parent_tuboid_id) REFERENCES tiled_tuboids (id) ON DELETE CASCADE);
        """;

    /// <summary>
    /// The tables that only this program has, each made when it is written to first: opening a store of the Python client changes nothing.
    /// The properties that hang on a picture or a series go with its row.
    /// </summary>
    public const string Properties = $"""
        CREATE TABLE IF NOT EXISTS {PropertiesTable} ({Common}, kind VARCHAR(8) NOT NULL, target_id TEXT NOT NULL, image_id INTEGER,
            series_id INTEGER, parent_created DATETIME, json TEXT NOT NULL, PRIMARY KEY (id), CONSTRAINT property_id UNIQUE (kind, target_id),
            FOREIGN KEY(image_id) REFERENCES images (id) ON DELETE CASCADE, FOREIGN KEY(series_id) REFERENCES tuboid_series (id) ON DELETE CASCADE);
        CREATE INDEX IF NOT EXISTS property_image ON {PropertiesTable} (image_id);
        CREATE INDEX IF NOT EXISTS property_series ON {PropertiesTable} (series_id);
        """;

    /// <summary>The tokens that were revoked, see <see cref="Properties"/>.</summary>
    public const string RevokedTokens = $"""
        CREATE TABLE IF NOT EXISTS {RevokedTokensTable} (token_id VARCHAR(64) NOT NULL PRIMARY KEY, expires_at DATETIME NOT NULL);
        """;

    /// <summary>The secrets of servers of the store, see <see cref="Properties"/>.</summary>
    public const string ServerSecrets = $"""
        CREATE TABLE IF NOT EXISTS {ServerSecretsTable} (name VARCHAR(32) NOT NULL PRIMARY KEY, secret BLOB NOT NULL);
        """;

    /// <summary>The table of extra properties.</summary>
    public const string PropertiesTable = "properties";

    /// <summary>The table of revoked tokens.</summary>
    public const string RevokedTokensTable = "revoked_tokens";

    /// <summary>The table of secrets.</summary>
    public const string ServerSecretsTable = "server_secrets";

    /// <summary>Makes sure that a file is a catalog, or empty.</summary>
    /// <param name="connection">A connection within a transaction that has read already, so that nothing is waited for.</param>
    /// <param name="path">The file, for errors.</param>
    /// <returns>Whether it has all tables.</returns>
    /// <exception cref="StickyException"><c>NotAStore</c>: the file is another program's database.</exception>
    public static bool Check(SqliteConnection connection, string path)
    {
        // Texts are read as the bytes that the file holds.
        if (Query(connection, "PRAGMA encoding").FirstOrDefault() is string encoding && !encoding.Equals("UTF-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new StickyException(
                "NotAStore",
                StickyErrorKind.StoreUnavailable,
                $"The catalog '{path}' holds its texts as {encoding}, and not as UTF-8 as the catalogs of stores do.",
                path,
                "Write it anew, without its line PRAGMA encoding: 'sqlite3 <old file> .dump | sqlite3 <new file>'.");
        }

        HashSet<string> tables = Query(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
        if (tables.Count > 0 && !Tables.Any(tables.Contains))
        {
            throw NotAStore(path, $"it has the tables {string.Join(", ", tables.Order().Take(5))}, and none of a store");
        }

        if (tables.Contains("images"))
        {
            string[] missing = [.. ImageColumns.Except(Query(connection, "SELECT name FROM pragma_table_info('images')"))];
            if (missing.Length > 0)
            {
                throw NotAStore(path, $"its table 'images' has no {string.Join(", ", missing)}");
            }
        }

        return Tables.All(tables.Contains);
    }

    /// <summary>Makes the tables that a catalog lacks.</summary>
    /// <param name="connection">A connection outside of any transaction.</param>
    /// <param name="patience">How long to wait, on this thread, while another program is in the way.</param>
    public static void Create(SqliteConnection connection, TimeSpan patience)
    {
        // Several processes may find the same new file at once: the first one makes the tables, the others then have nothing to do.
        connection.RunPatiently("BEGIN IMMEDIATE", patience, CancellationToken.None);
        connection.Run(Creation);
        connection.RunPatiently("COMMIT", patience, CancellationToken.None);
    }

    /// <summary>Whether there is a table.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="table">Its name.</param>
    /// <returns>Whether there is.</returns>
    public static bool Has(SqliteConnection connection, string table)
    {
        using SqliteStatement statement = new(connection, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = @name");
        statement.Bind(1, table);
        return statement.Step();
    }

    private static HashSet<string> Query(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        while (reader.Read())
        {
            _ = names.Add(reader.GetString(0));
        }

        return names;
    }

    private static StickyException NotAStore(string path, string reason) => new(
        "NotAStore",
        StickyErrorKind.StoreUnavailable,
        $"'{path}' is not the catalog of a Sticky Pi store: {reason}.",
        path,
        "Name the folder of a store, or an empty or new folder to make one in.");
}
