using StickyPi.Core.Images;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Server.Access;

namespace StickyPi.Server.V1;

/// <summary>Devices, as their pictures tell of them.</summary>
internal static class Devices
{
    /// <summary>Maps the routes.</summary>
    /// <param name="v1">Where they go.</param>
    public static void MapDevices(this IEndpointRouteBuilder v1)
    {
        RouteGroupBuilder devices = v1.MapGroup("/devices").WithTags("Devices");
        _ = devices.MapOperation("GET", "", "ListDevices", Roles.Reader, List, "Lists the devices that have pictures, in order.")
            .GivesList<StickyDevice>(Parameters.Device);
        _ = devices.MapOperation("GET", "/names", "ListDeviceNames", Roles.Reader, ListNames, "Lists the names of the devices that have pictures, in order.")
            .Gives<IReadOnlyList<string>>();
    }

    private static IResult List(HttpContext context)
    {
        Store store = context.GetStore();
        IReadOnlyList<string> patterns = context.Texts(Parameters.Device);
        return Paging.ByKey(
            stop => store.GetDevicesAsync(patterns, stop),
            device => device.Device,
            ApiJson.Default.StickyDevice,
            ApiJson.Default.ApiPageStickyDevice);
    }

    private static async Task<IResult> ListNames(HttpContext context) => Operations.Answer(
        await context.GetStore().GetDeviceNamesAsync(context.RequestAborted), ApiJson.Default.IReadOnlyListString);
}
