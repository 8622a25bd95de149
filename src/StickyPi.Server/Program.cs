return await StickyPi.Server.StickyServer.RunAsync(args);
