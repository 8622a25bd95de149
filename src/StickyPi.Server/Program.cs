using StickyPi.Server;

await using WebApplication server = await StickyServer.BuildAsync(args);
await server.RunAsync();
