using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StickyPi.Tests;

/// <summary>What a client may cost: slow ones, large ones, and TLS.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private readonly LabServer _server = new() { Arguments = ["--header-seconds", "3", "--max-json-size", "1", "--max-image-size", "1", "--max-batch-size", "1", "--max-object-size", "1"] };

    private static readonly string LogIn =
        "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LabServer.Administrator}:{LabServer.Password}"));

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Whoever_sends_a_byte_a_second_is_cut_and_others_are_served_meanwhile()
    {
        List<TcpClient> slow = [];
        for (int i = 0; i < 20; i++)
        {
            slow.Add(new TcpClient(_server.Uri.Host, _server.Uri.Port));
            await slow[i].GetStream().WriteAsync("GET /v1 HTTP/1.1\r\nX-Slow: "u8.ToArray());
        }

        // Each byte would restart a limit on the time between bytes.
        Task<int>[] cut = [.. slow.Select(async client =>
        {
            byte[] answer = new byte[4096];
            Task<int> end = ReadToEndAsync(client.GetStream(), answer);
            while (!end.IsCompleted)
            {
                try
                {
                    await client.GetStream().WriteAsync("x"u8.ToArray());
                }
                catch (IOException)
                {
                    break;
                }

                _ = await Task.WhenAny(end, Task.Delay(TimeSpan.FromSeconds(1)));
            }

            return await end;
        })];
        using HttpClient client = _server.Client(LabServer.Reader);
        while (!cut.All(task => task.IsCompleted))
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1")).StatusCode);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        _ = await Task.WhenAll(cut).WaitAsync(TimeSpan.FromMinutes(1));
        slow.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task A_body_of_ten_gigabytes_is_refused_before_it_is_sent()
    {
        foreach ((string method, string path) in _server.Routes()
            .Where(route => route.Method is "POST" or "PUT" or "PATCH")
            .Select(route => (route.Method, ServerRoutes.Fill(route.Pattern, ServerRoutes.Absent))))
        {
            using TcpClient client = new(_server.Uri.Host, _server.Uri.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"{method} {Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)} HTTP/1.1\r\nHost: localhost\r\n{LogIn}\r\n"
                + "Expect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 10737418240\r\n\r\n"));
            using StreamReader reader = new(client.GetStream());
            string? line = await reader.ReadLineAsync();
            Assert.Equal($"{method} {path}: HTTP/1.1 413 Payload Too Large", $"{method} {path}: {line}");
            Assert.Contains("BodyTooLarge", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_body_that_does_not_say_its_size_is_refused_when_it_is_too_large()
    {
        // What reads no body reads none; the others stop soon after the limit of 1 MiB.
        using TcpClient client = new(_server.Uri.Host, _server.Uri.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/labels HTTP/1.1\r\nHost: localhost\r\n{LogIn}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"));
        byte[] chunk = [.. "10000\r\n"u8, .. new byte[0x10000].Select(_ => (byte)' '), .. "\r\n"u8];
        byte[] answer = new byte[4096];
        Task<int> reading = ReadToEndAsync(stream, answer);
        long sent = 0;
        try
        {
            for (; sent < 10L * 1024 * 1024 * 1024 && !reading.IsCompleted; sent += chunk.Length)
            {
                await stream.WriteAsync(chunk);
            }
        }
        catch (IOException)
        {
            // Cut by the server.
        }

        Assert.InRange(sent, 0, 256L * 1024 * 1024);
        Assert.DoesNotContain("HTTP/1.1 2", Encoding.ASCII.GetString(answer, 0, await reading), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/_put_new_images")]
    [InlineData("/_put_tiled_tuboids")]
    public async Task The_existing_api_takes_pictures_up_to_the_size_that_the_server_is_told_and_no_larger_ones(string path)
    {
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(_server, 1.5));

        // More than is taken by default. What it is refused for is that it is no picture.
        await using LabServer large = new() { Arguments = ["--max-image-size", "130"] };
        await large.InitializeAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(large, 120));

        async Task<HttpStatusCode> SendAsync(LabServer server, double mebibytes)
        {
            using MultipartFormDataContent body = [];
            body.Add(new ByteArrayContent(new byte[(int)(mebibytes * 1024 * 1024)]), "tuboid", "5c173ff2.2021-06-01_00-00-00.jpg");
            using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = body };
            request.Headers.ExpectContinue = true;
            using HttpClient client = server.Client(LabServer.Writer);
            using HttpResponseMessage answer = await client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Tls_is_a_certificate_and_an_address()
    {
        using TestFolder folder = new();
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(folder["lab.pem"], certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(folder["lab.key"], key.ExportPkcs8PrivateKeyPem());
        LabServer server = new() { Urls = "https://127.0.0.1:0", Arguments = ["--certificate", folder["lab.pem"], "--certificate-key", folder["lab.key"]] };
        try
        {
            await server.InitializeAsync();
            using SocketsHttpHandler handler = new()
            {
                SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, errors) =>
                    errors == SslPolicyErrors.RemoteCertificateChainErrors && shown!.GetCertHashString() == certificate.GetCertHashString() },
            };
            using HttpClient client = new(handler) { BaseAddress = server.Uri };
            client.DefaultRequestHeaders.Authorization = new("Basic", LogIn.Split(' ')[^1]);

            using HttpResponseMessage answer = await client.GetAsync("/v1");

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("https", server.Uri.Scheme);
            Assert.Equal("max-age=2592000", answer.Headers.GetValues("Strict-Transport-Security").Single());

            // Not trusted without a word.
            using HttpClient careful = new() { BaseAddress = server.Uri };
            _ = await Assert.ThrowsAsync<HttpRequestException>(() => careful.GetAsync("/v1"));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Addresses_that_a_header_tells_are_believed_from_trusted_proxies_alone()
    {
        foreach ((string[] arguments, string believed) in (IEnumerable<(string[], string)>)
            [([], "127.0.0.1"), (["--trusted-proxies", "10.0.0.0/8"], "127.0.0.1"), (["--trusted-proxies", "10.0.0.0/8, 127.0.0.1"], "192.0.2.7")])
        {
            LabServer server = new() { Arguments = arguments };
            try
            {
                await server.InitializeAsync();
                using HttpClient client = server.Client(LabServer.Reader);
                client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.7");
                _ = await client.GetAsync("/v1");
                Assert.Contains(server.Log.Lines, line => line.Contains($"rita logged in from {believed}", StringComparison.Ordinal));
            }
            finally
            {
                await server.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Urls_are_of_http_and_of_hosts_that_are_configured_whatever_a_proxy_says()
    {
        await CheckAsync(
            [],
            ("X-Forwarded-Proto", "https", "https://127.0.0.1:"), ("X-Forwarded-Proto", "javascript", "http://127.0.0.1:"),
            ("X-Forwarded-Proto", "https, file", "http://127.0.0.1:"), ("X-Forwarded-Host", "evil.example", "http://127.0.0.1:"),
            ("X-Forwarded-Prefix", "//evil.example", "http://127.0.0.1:"), ("X-Forwarded-Prefix", "/\\evil.example", "http://127.0.0.1:"));
        await CheckAsync(
            ["--allowed-hosts", "lab.example.org, *.example.net, 127.0.0.1"],
            ("X-Forwarded-Host", "lab.example.org", "http://lab.example.org/"),
            ("X-Forwarded-Host", "a.example.net:8443", "http://a.example.net:8443/"),
            ("X-Forwarded-Host", "evil.example", "http://127.0.0.1:"),
            ("Host", "evil.example", null),
            ("Host", "lab.example.org", "http://lab.example.org/"));

        static async Task CheckAsync(string[] arguments, params (string Header, string Value, string? Expected)[] requests)
        {
            await using LabServer server = new() { Arguments = ["--trusted-proxies", "127.0.0.1", .. arguments] };
            await server.InitializeAsync();
            using HttpClient client = server.Client(LabServer.Administrator);
            _ = await client.PutAsync("/v1/objects/ml/a", new ByteArrayContent([1]));
            foreach ((string header, string value, string? expected) in requests)
            {
                using HttpRequestMessage request = new(HttpMethod.Get, "/v1/object-url?key=ml/a");
                Assert.True(request.Headers.TryAddWithoutValidation(header, value));
                using HttpResponseMessage answer = await client.SendAsync(request);
                string text = await answer.Content.ReadAsStringAsync();
                bool isRight = expected is null
                    ? answer.StatusCode == HttpStatusCode.BadRequest
                    : text.Contains($"\"url\":\"{expected}", StringComparison.Ordinal) && !text.Contains("evil", StringComparison.Ordinal);
                Assert.True(isRight, $"{header} {value}: {text}");
            }

            // Whether it runs may be asked by its address.
            using HttpRequestMessage health = new(HttpMethod.Get, "/health/live") { Headers = { Host = "10.0.0.7" } };
            Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(health)).StatusCode);
        }
    }

    [Fact]
    public async Task One_address_can_not_take_all_connections_and_a_proxy_can()
    {
        foreach ((string[] arguments, bool isBounded) in
            (IEnumerable<(string[], bool)>)[([], true), (["--trusted-proxies", "127.0.0.1"], false)])
        {
            await using LabServer server = new() { Arguments = ["--max-connections-per-address", "3", .. arguments] };
            await server.InitializeAsync();
            List<TcpClient> idle = [];
            for (int i = 0; i < 3; i++)
            {
                idle.Add(new TcpClient(server.Uri.Host, server.Uri.Port));
                Assert.StartsWith("HTTP/1.1 200", await AskAsync(idle[i]), StringComparison.Ordinal);
            }

            using TcpClient fourth = new(server.Uri.Host, server.Uri.Port);
            Assert.Equal(isBounded, await AskAsync(fourth) is "");
            Assert.Equal(isBounded, server.Log.Lines.Any(line => line.Contains("--max-connections-per-address", StringComparison.Ordinal)));

            // Whoever goes makes room.
            idle.ForEach(one => one.Dispose());
            string answer = "";
            for (int i = 0; i < 1000 && answer.Length == 0; i++)
            {
                using TcpClient next = new(server.Uri.Host, server.Uri.Port);
                answer = await AskAsync(next);
            }

            Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        }

        static async Task<string> AskAsync(TcpClient client)
        {
            byte[] answer = new byte[4096];
            try
            {
                await client.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
                return Encoding.ASCII.GetString(answer, 0, await client.GetStream().ReadAsync(answer));
            }
            catch (IOException)
            {
                return "";
            }
        }
    }

    [Fact]
    public async Task A_form_that_nobody_has_signed_is_not_waited_for()
    {
        await using LabServer server = new() { Arguments = ["--header-seconds", "1"] };
        await server.InitializeAsync();
        const string Field = "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nml/";
        await Task.WhenAll(((string[])["", "nothing yet", Field, Field + "a\r\n--x\r\n"]).Select(async begun =>
        {
            using TcpClient client = new(server.Uri.Host, server.Uri.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                "POST /files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                + $"Content-Length: 1000000\r\n\r\n{begun}"));
            byte[] answer = new byte[4096];
            int length = await client.GetStream().ReadAsync(answer).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
            Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
        }));
    }

    private static async Task<int> ReadToEndAsync(Stream stream, byte[] answer)
    {
        int length = 0;
        try
        {
            while (length < answer.Length && await stream.ReadAsync(answer.AsMemory(length)) is > 0 and int read)
            {
                length += read;
            }
        }
        catch (IOException)
        {
            // Cut by the server.
        }

        return length;
    }
}
