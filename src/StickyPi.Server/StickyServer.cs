using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using StickyPi.Core;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Providers;
using StickyPi.Server.Access;
using StickyPi.Server.Configuration;
using StickyPi.Server.Errors;
using StickyPi.Server.Existing;
using StickyPi.Server.Files;
using StickyPi.Server.Health;
using StickyPi.Server.Logging;
using StickyPi.Server.V1;

namespace StickyPi.Server;

/// <summary>The server: a store, and who may do what with it over HTTP.</summary>
public static partial class StickyServer
{
    private static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);

    // What is written at once when nobody reads is a few of Kestrel's buffers; the grace is what counts.
    private const double UnreadBytesPerSecond = 1024;

    /// <summary>Runs a server until it is told to stop, by a signal or Ctrl-C. Requests that are running then end first.</summary>
    /// <param name="args">The arguments of the command line.</param>
    /// <returns>The exit code: 0, 1 where the server can't run, 2 where an option is wrong.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        const int Failed = 1;
        const int WrongOption = 2;
        try
        {
            if (ServerArguments.Read(args) is null)
            {
                await Console.Out.WriteAsync(ServerArguments.Help);
                return 0;
            }

            await using WebApplication server = await BuildAsync(args);
            await server.RunAsync();
            return 0;
        }
        catch (StickyException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message}{(e.RecommendedAction is null ? "" : $"{Environment.NewLine}{e.RecommendedAction}")}");
            return e.ErrorId == "InvalidOption" ? WrongOption : Failed;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Addresses that are taken or not ours, certificates that can't be read: the message of each says so.
            await Console.Error.WriteLineAsync($"The server can't start: {OneLine.Quote(e)}.");
            return Failed;
        }
    }

    /// <summary>Puts the server together, ready to run.</summary>
    /// <param name="args">The arguments of the command line, see <c>--help</c>.</param>
    /// <param name="configure">What a test or a host wants otherwise.</param>
    /// <returns>The server.</returns>
    /// <exception cref="StickyException"><c>InvalidOption</c>; those of opening the store, and of adding its first administrator.</exception>
    public static async Task<WebApplication> BuildAsync(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        _ = builder.Configuration
            .AddInMemoryCollection(ServerArguments.ReadEnvironment())
            .AddInMemoryCollection(ServerArguments.Read(args) ?? []);
        _ = builder.Logging.ClearProviders();
        configure?.Invoke(builder);
        ServerOptions options = ServerOptions.Read(builder.Configuration);
        AddLogging(builder, options);
        _ = builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, options));

        // Before anything is made of what can't be served.
        using Secret? password = options.ReadAdminPassword();
        StickyProviders providers = new(options.JpegEngine);
        Store store = await OpenAsync(options, providers);
        try
        {
            AddServices(builder.Services, options);

            // Made by the container, so that it is closed when everything that uses it has ended.
            _ = builder.Services.AddSingleton(_ => store);
            WebApplication server = builder.Build();
            _ = server.Services.GetRequiredService<Store>();
            await PrepareAsync(server, store, options.AdminUser, password, WhyNoPictures(providers));
            AddPipeline(server, options);
            return server;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private static void AddLogging(WebApplicationBuilder builder, ServerOptions options)
    {
        // What others log of a request holds its query, and what the host logs of a failed start comes as an error anyway.
        _ = builder.Logging
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter(typeof(StickyAuthentication).FullName, LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Error);
        _ = options.LogFormat == "json"
            ? builder.Logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            })
            : builder.Logging
                .AddConsole(console => console.FormatterName = LogLine.FormatName)
                .AddConsoleFormatter<LogLine, ConsoleFormatterOptions>();
    }

    private static void Limit(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(options.HeaderSeconds);
        kestrel.Limits.MaxRequestBodySize = options.GetMaxSize(BodyKind.Json);
        kestrel.ConfigureEndpointDefaults(listen => listen.Use(next =>
            connection => kestrel.ApplicationServices.GetRequiredService<ConnectionLimits>().ServeAsync(connection, next)));
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(options.MinBytesPerSecond, BodyGrace);

        // Whoever works through a long series pauses between its pictures.
        kestrel.Limits.MinResponseDataRate = new MinDataRate(UnreadBytesPerSecond, TimeSpan.FromSeconds(options.UnreadSeconds));
    }

    private static void AddServices(IServiceCollection services, ServerOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        _ = services.AddSingleton(options)
            .AddSingleton<LogIns>()
            .AddSingleton<ErrorDescriptions>()
            .AddSingleton<FileUrls>()
            .AddSingleton<UploadForms>()
            .AddSingleton<BundleHashes>()
            .AddSingleton<ConnectionLimits>()
            .AddSingleton<StoreHealth>();

        // Without what AddAuthentication adds for cookies: it keeps keys in the home of who runs the server, and warns where it can't.
        _ = services.AddWebEncoders().AddAuthenticationCore(authentication => authentication.DefaultScheme = StickyAuthentication.SchemeName);
        _ = new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, StickyAuthentication>(StickyAuthentication.SchemeName, configureOptions: null);
        _ = services.AddAuthorization(Roles.AddPolicies);
        _ = services.AddHealthChecks().AddCheck<StoreHealth>("store");
        services.AddV1(options);

        // So that the answer names the parameter that can't be read, also where no developer looks.
        _ = services.Configure<RouteHandlerOptions>(handler => handler.ThrowOnBadRequest = true);
        _ = services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        _ = services.Configure<ForwardedHeadersOptions>(forwarded => Hosts.Configure(forwarded, options));
    }

    private static void AddPipeline(WebApplication server, ServerOptions options)
    {
        if (options.Proxies.Count > 0)
        {
            _ = server.Use(Hosts.CheckProxyAsync);
            _ = server.UseForwardedHeaders();
        }

        _ = server.UseMiddleware<RequestLog>();
        _ = server.Use(PrivateAnswers.MarkAsync);
        _ = server.UseMiddleware<ErrorAnswers>();
        _ = server.Use(AddressRules.RefuseMalformedAsync);
        _ = server.Use(Hosts.CheckHostAsync);
        _ = server.UseRouting();
        _ = server.Use(AnswerWithoutRouteAsync);
        _ = server.UseAuthentication();
        _ = server.UseAuthorization();
        _ = server.Use(RefuseLargeBodiesAsync);
        _ = server.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        _ = server.MapHealthChecks("/health/ready").AllowAnonymous();
        server.MapFiles();
        server.MapTokens();
        server.MapExistingApi();
        server.MapV1();
    }

    // What is not there and methods that are not taken need no log-in, as with the existing server, and no rights.
    private static Task AnswerWithoutRouteAsync(HttpContext context, RequestDelegate next)
    {
        switch (context.GetEndpoint())
        {
            case RouteEndpoint:
                return next(context);
            case null:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            case Endpoint other:
                return other.RequestDelegate!(context);
        }
    }

    private static Task RefuseLargeBodiesAsync(HttpContext context, RequestDelegate next) =>
        context.Request.ContentLength > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize
            ? throw new Microsoft.AspNetCore.Http.BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge)
            : next(context);

    private static async Task<Store> OpenAsync(ServerOptions options, StickyProviders providers)
    {
        StoreOptions where = options.ToStoreOptions();
        using (where.Bucket)
        using (where.Database)
        {
            return await Store.OpenAsync(where, providers);
        }
    }

    // Now, and not when the first picture comes.
    private static StickyException? WhyNoPictures(StickyProviders providers)
    {
        try
        {
            _ = providers.Jpeg.Describe();
            return null;
        }
        catch (StickyException e)
        {
            return e;
        }
    }

    private static async Task PrepareAsync(
        WebApplication server, Store store, string? administrator, Secret? password, StickyException? whyNoPictures)
    {
        ILogger log = server.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(StickyServer).FullName!);
        if (administrator is not null)
        {
            Outcome<StickyUser> added = await store.AddUserAsync(new NewUser { UserName = administrator, IsAdmin = true }, password!);
            if (added.Succeeded)
            {
                LogAdministrator(log, added.Value.UserName);
            }
            else if (added.Error.ErrorId != "UserExists")
            {
                throw added.Error;
            }
        }

        bool hasUsers = (await store.GetUsersAsync(new UserQuery())).Count > 0;
        _ = server.Lifetime.ApplicationStarted.Register(() =>
        {
            LogStarted(log, store.Location, string.Join(", ", server.Urls));
            if (!hasUsers)
            {
                LogNoUser(log);
            }

            if (whyNoPictures is not null)
            {
                LogNoPictures(log, OneLine.Quote(whyNoPictures), whyNoPictures.RecommendedAction);
            }

            foreach (string url in server.Urls.Where(IsOpenToOthers))
            {
                LogPlain(log, url);
            }
        });
    }

    private static bool IsOpenToOthers(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback;

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Serving the store {Location} at {Urls}")]
    private static partial void LogStarted(ILogger log, string location, string urls);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Added the administrator {User}.")]
    private static partial void LogAdministrator(ILogger log, string user);

    [LoggerMessage(
        EventId = 3, Level = LogLevel.Warning,
        Message = "The store has no user yet, so nobody can log in. Start with --admin-user <name> and the password in STICKYPI_ADMIN_PASSWORD, "
            + "or add one with New-StickyUser on the store.")]
    private static partial void LogNoUser(ILogger log);

    [LoggerMessage(
        EventId = 4, Level = LogLevel.Warning,
        Message = "{Url} is plain HTTP: whoever sees the network reads passwords and tokens. Use https:// with --certificate, or a proxy that does.")]
    private static partial void LogPlain(ILogger log, string url);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "This server takes no pictures. {Reason}. {Action}")]
    private static partial void LogNoPictures(ILogger log, string reason, string? action);
}
