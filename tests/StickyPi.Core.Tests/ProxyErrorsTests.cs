using System.Net;
using System.Net.Sockets;
using StickyPi.Core.Remote;

namespace StickyPi.Tests;

/// <summary>What is said where a proxy fails and not the server behind it.</summary>
public sealed class ProxyErrorsTests
{
    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task A_proxy_that_is_down_is_named_and_its_password_is_not(string scheme)
    {
        using Socket free = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)free.LocalEndPoint!).Port;

        string reason = await ExplainAsync(scheme, new WebProxy($"http://ada:secret@127.0.0.1:{port}"));

        Assert.Equal($"nothing listens at http://127.0.0.1:{port}, which is the proxy for traps.example.org", reason);
    }

    [Theory]
    [InlineData("407 Proxy Authentication Required")]
    [InlineData("503 Service Unavailable")]
    public async Task A_proxy_that_lets_nothing_through_is_named(string status)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task answering = AnswerAsync(listener, $"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        string place = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        string reason = await ExplainAsync("https", new WebProxy($"http://{place}"));

        Assert.StartsWith($"the proxy http://{place} lets nothing through to traps.example.org: ", reason, StringComparison.Ordinal);
        Assert.Contains(status[..3], reason, StringComparison.Ordinal);
        await answering;
    }

    [Fact]
    public void Without_a_proxy_the_server_is_what_fails()
    {
        HttpRequestException refused = new(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused));

        Assert.Null(ProxyErrors.Explain(refused, new Uri("http://traps.example.org"), new WebProxy()));
        Assert.Null(ProxyErrors.Explain(refused, new Uri("http://traps.example.org"), new WebProxy("http://127.0.0.1:1", false, ["traps.example.org"])));
        Assert.Null(ProxyErrors.Explain(new IOException("broke"), new Uri("http://traps.example.org"), new WebProxy("http://127.0.0.1:1")));
    }

    private static async Task<string> ExplainAsync(string scheme, IWebProxy proxy)
    {
        Uri server = new($"{scheme}://traps.example.org/v1");
        using HttpClient client = new(new SocketsHttpHandler { Proxy = proxy });
        HttpRequestException error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(server));
        return ProxyErrors.Explain(error, server, proxy)!.Value.Reason;
    }

    private static async Task AnswerAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        byte[] buffer = new byte[4096];
        _ = await stream.ReadAsync(buffer);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
    }
}
