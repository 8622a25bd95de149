using Microsoft.AspNetCore.Authentication;
using StickyPi.Core.Stores;
using StickyPi.Providers;
using StickyPi.Server.Access;
using StickyPi.Server.Errors;
using StickyPi.Server.Existing;
using StickyPi.Server.V1;

namespace StickyPi.Server;

/// <summary>The server: a store, and who may do what with it over HTTP.</summary>
public static class StickyServer
{
    /// <summary>Puts the server together, ready to run.</summary>
    /// <param name="args">The arguments of the command line, which are configuration: <c>--path ./store</c>.</param>
    /// <param name="configure">What a test or a host wants otherwise.</param>
    /// <returns>The server.</returns>
    public static async Task<WebApplication> BuildAsync(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);

        string folder = Path.GetFullPath(builder.Configuration["path"] ?? "store");
        Store store = Store.OpenLocal(folder, new StickyProviders());
        _ = builder.Services.AddSingleton(_ => store);
        _ = builder.Services.AddSingleton(_ => new Uploads(Path.Combine(folder, "cache", "uploads")));
        _ = builder.Services.AddAuthentication(StickyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, StickyAuthentication>(StickyAuthentication.SchemeName, configureOptions: null);
        _ = builder.Services.AddAuthorization(Roles.AddPolicies);
        _ = builder.Services.AddOpenApi("v1");

        WebApplication server = builder.Build();
        _ = server.UseMiddleware<ErrorAnswers>();
        _ = server.UseAuthentication();
        _ = server.UseAuthorization();
        server.MapExistingApi();
        server.MapV1();
        return await Task.FromResult(server);
    }
}
