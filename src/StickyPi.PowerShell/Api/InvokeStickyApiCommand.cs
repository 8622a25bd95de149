using System.Collections;
using System.Management.Automation;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using StickyPi.Core;
using StickyPi.Core.Remote;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Api;

/// <summary>Asks a server for anything that its API can do, and returns objects.</summary>
[Cmdlet(
    VerbsLifecycle.Invoke, "StickyApi", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PSObject), typeof(string), typeof(byte[]), typeof(FileInfo))]
public sealed partial class InvokeStickyApiCommand : StoreCmdlet<object>
{
    private const string PathSet = "Path";
    private const string NameSet = "Name";
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";
    private const string Bytes = "application/octet-stream";

    private string? _inFile;
    private string? _outFile;
    private ReadOnlyMemory<byte>? _body;

    /// <summary>The path below the address of the server, with a query or without: <c>/v1/devices</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApiPathCompleter))]
    [Text]
    public string Path { get; set; } = "";

    /// <summary>The HTTP method; GET by default.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [ValidateSet("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")]
    public string Method { get; set; } = "GET";

    /// <summary>The name of an endpoint, which <c>Get-StickyApiEndpoint</c> lists.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApiEndpointCompleter))]
    [Text]
    public string Name { get; set; } = "";

    /// <summary>Parameters by their names; a list is one of values. With <see cref="Name"/>, those of the path too.</summary>
    [Parameter]
    [Given]
    [ArgumentCompleter(typeof(ApiParameterCompleter))]
    public IDictionary Parameter { get; set; } = new Hashtable();

    /// <summary>The body: a text or bytes as they are, anything else as JSON.</summary>
    [Parameter]
    [Given(EmptyCounts = true)]
    public object? Body { get; set; }

    /// <summary>A file that is the body.</summary>
    [Parameter]
    [Given]
    [FilePath]
    public string? InFile { get; set; }

    /// <summary>The media type of the body, where the one that it seems to have is not meant.</summary>
    [Parameter]
    [Given]
    [Text]
    public string? ContentType { get; set; }

    /// <summary>A file that gets the answer.</summary>
    [Parameter]
    [Given]
    [FilePath]
    public string? OutFile { get; set; }

    /// <summary>Whether <see cref="OutFile"/> may be there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Whether to return the answer as it comes: a text, or an array of bytes.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        _ = Open.Remote;
        if (Body is not null && InFile is not null)
        {
            throw Refuse("-Body and -InFile contradict each other.", InFile, "Leave one of them out.");
        }

        if (ContentType is not null && !MediaTypeHeaderValue.TryParse(ContentType, out _))
        {
            throw Refuse($"'{ContentType}' is not a media type.", ContentType, "Write one such as application/json.");
        }

        _inFile = InFile is null ? null : FilePaths.ResolveFolder(this, InFile);
        _outFile = OutFile is null ? null : FilePaths.ResolveFolder(this, OutFile);
        _body = PSObjectJson.Unwrap(Body) switch
        {
            // Without the type, null would be converted to an empty array of bytes.
            null => (ReadOnlyMemory<byte>?)null,
            string text => Encoding.UTF8.GetBytes(text),
            byte[] bytes => bytes,
            _ => ToJson(),
        };
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<object> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        ApiClient api = Open.Remote.Api;
        StickyApiEndpoint? endpoint = Name.Length == 0
            ? null
            : ApiEndpoints.Find(await Open.GetEndpointsAsync(cancellationToken).ConfigureAwait(false), Name);
        ApiRequest request = endpoint is null
            ? new ApiRequest(new HttpMethod(Method.ToUpperInvariant()), Path.TrimStart('/')) { Query = [.. ApiEndpoints.ToQuery(Parameter)] }
            : ApiEndpoints.ToRequest(endpoint, Parameter);
        string address = api.GetAddress(request).AbsoluteUri;
        bool changes = request.Method != HttpMethod.Get && request.Method != HttpMethod.Head;
        if ((changes && !await sink.ShouldProcessAsync(address, endpoint is null ? $"{request.Method}" : $"{endpoint.Name} ({request.Method})", cancellationToken)
                .ConfigureAwait(false))
            || (_outFile is not null && !await MaySaveAsync(_outFile, address, sink, cancellationToken).ConfigureAwait(false)))
        {
            return;
        }

        request = request with { Content = await MakeContentAsync(endpoint, cancellationToken).ConfigureAwait(false), Accept = new(ChooseAccept()) };
        await ReadAsync(api, request, sink, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override IEnumerable<object> ReadRecord() => [];

    private static StickyException Refuse(string message, object? target, string recommendedAction, Exception? cause = null) =>
        new("InvalidApiOptions", StickyErrorKind.InvalidData, message, target, recommendedAction, cause);

    private ReadOnlyMemory<byte> ToJson()
    {
        try
        {
            return PSObjectJson.ToUtf8(Body);
        }
        catch (InvalidDataException e)
        {
            throw Refuse(
                $"The body cannot be sent as JSON: {OneLine.Quote(e)}.",
                null,
                "Name what you need of it, such as @{ name = $it.Name }, or write JSON.",
                e);
        }
    }

    private async ValueTask<bool> MaySaveAsync(string path, string address, IPipelineSink sink, CancellationToken cancellationToken) =>
        new StoreFolders().WhyNot(path) is StickyException refusal ? throw refusal
            : File.Exists(path) && !Force ? throw new StickyException(
                "FileExists", StickyErrorKind.Conflict, $"'{path}' exists already.", path, "Use -Force to overwrite it, or choose another name.")
            : await sink.ShouldProcessAsync(path, $"Save the answer of '{address}'", cancellationToken).ConfigureAwait(false);

    // Lists come as lines, which need no paging. A user who asks for pages gets them.
    private string ChooseAccept() => Raw || _outFile is not null ? "*/*" : HasParameter("cursor") || HasParameter("pageSize") ? Json : Lines;

    private bool HasParameter(string name) =>
        Parameter.Keys.Cast<object>().Any(key => name.Equals(key.ToString(), StringComparison.OrdinalIgnoreCase))
        || Path.Contains($"{name}=", StringComparison.OrdinalIgnoreCase);

    private async ValueTask<Func<HttpContent>?> MakeContentAsync(StickyApiEndpoint? endpoint, CancellationToken cancellationToken)
    {
        if (_body is null && _inFile is null)
        {
            return null;
        }

        IReadOnlyList<string> taken = endpoint?.RequestTypes ?? [];
        if (endpoint is not null && taken.Count == 0)
        {
            throw Refuse($"The endpoint {endpoint.Name} takes no body.", endpoint.Name, "Leave -Body and -InFile out; what it takes are its parameters.");
        }

        string guess = _inFile is not null ? GuessType(_inFile) : PSObjectJson.Unwrap(Body) is byte[]? Bytes : Json;
        string type = ContentType ?? (taken.Count == 0 || taken.Contains(guess) ? guess : taken[0]);
        if (_body is ReadOnlyMemory<byte> body)
        {
            return () => WithHeaders(new ReadOnlyMemoryContent(body), type, MD5.HashData(body.Span));
        }

        byte[] md5;
        try
        {
            using FileStream file = OpenRead(_inFile!);
            md5 = await MD5.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StickyException(
                e is FileNotFoundException or DirectoryNotFoundException ? "FileNotFound" : "FileUnreadable",
                e is FileNotFoundException or DirectoryNotFoundException ? StickyErrorKind.NotFound : StickyErrorKind.ReadFailed,
                $"'{_inFile}' cannot be read: {OneLine.Quote(e)}.",
                _inFile,
                "Check the path.",
                e);
        }

        return () => WithHeaders(new StreamContent(OpenRead(_inFile!)), type, md5);

        static FileStream OpenRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
    }

    private static HttpContent WithHeaders(HttpContent content, string type, byte[] md5)
    {
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        content.Headers.ContentMD5 = md5;
        return content;
    }

    private static string GuessType(string path) => System.IO.Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".JPG" or ".JPEG" => "image/jpeg",
        ".JSON" => Json,
        ".NDJSON" or ".JSONL" => Lines,
        ".TXT" or ".CSV" => "text/plain",
        _ => Bytes,
    };
}
