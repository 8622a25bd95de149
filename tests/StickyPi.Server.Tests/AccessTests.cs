using System.Net;

namespace StickyPi.Tests;

/// <summary>Who may do what.</summary>
public sealed class AccessTests(LabServer server) : IClassFixture<LabServer>
{
    [Fact]
    public async Task A_user_with_the_right_password_is_let_in_and_nobody_else()
    {
        Assert.Equal(HttpStatusCode.OK, (await server.Client(LabServer.Reader).GetAsync("/v1")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client("nobody").GetAsync("/v1")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client().GetAsync("/v1")).StatusCode);
    }
}
