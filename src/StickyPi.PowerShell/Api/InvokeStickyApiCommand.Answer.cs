using System.Management.Automation;
using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Remote;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Api;

public sealed partial class InvokeStickyApiCommand
{
    private async ValueTask ReadAsync(ApiClient api, ApiRequest request, IPipelineSink sink, CancellationToken cancellationToken)
    {
        for (string? cursor = ""; cursor is not null;)
        {
            ApiRequest page = cursor.Length == 0 ? request : request with { Query = [.. request.Query, KeyValuePair.Create("cursor", cursor)] };
            using HttpResponseMessage response = await api.SendAsync(page, cancellationToken).ConfigureAwait(false);
            cursor = await ReadAsync(response, request, sink, cancellationToken).ConfigureAwait(false);
        }
    }

    // Returns the cursor of the next page, or null.
    private async ValueTask<string?> ReadAsync(HttpResponseMessage response, ApiRequest request, IPipelineSink sink, CancellationToken cancellationToken)
    {
        string type = response.Content.Headers.ContentType?.MediaType ?? "";
        if (request.Method == HttpMethod.Head)
        {
            await sink.WriteAsync(ReadHeaders(response), cancellationToken).ConfigureAwait(false);
            return null;
        }

        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        if (_outFile is not null)
        {
            await SaveAsync(body, _outFile, cancellationToken).ConfigureAwait(false);
            await sink.WriteFileAsync(_outFile, cancellationToken).ConfigureAwait(false);
            return null;
        }

        bool isText = type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.EndsWith("json", StringComparison.OrdinalIgnoreCase);
        if (Raw && !isText)
        {
            await sink.WriteAsync(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (Raw || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
        {
            string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            if (text.Length > 0)
            {
                await sink.WriteAsync(text, cancellationToken).ConfigureAwait(false);
            }

            return null;
        }

        if (type == Lines)
        {
            await WriteLinesAsync(body, sink, cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (isText)
        {
            return await WriteJsonAsync(body, sink, cancellationToken).ConfigureAwait(false);
        }

        return response.Content.Headers.ContentLength is 0 || type.Length == 0
            ? null
            : throw Refuse($"The answer is {type}, of which no objects can be made.", type, "Use -OutFile to save it, or -Raw to get its bytes.");
    }

    private static async ValueTask WriteLinesAsync(Stream body, IPipelineSink sink, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(body);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is string line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            JsonElement item = Parse(line);
            if (item.ValueKind == JsonValueKind.Object
                && item.TryGetProperty("error", out JsonElement member)
                && !item.TryGetProperty("value", out _)
                && member.Deserialize(ApiJson.Default.ApiError) is ApiError error)
            {
                // With a status, it is why the whole answer ends here; without one, it is of a single item.
                StickyException failure = error.ToException();
                if (error.Status != 0)
                {
                    throw failure;
                }

                await sink.WriteErrorAsync(failure, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await WriteAsync(item, sink, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<string?> WriteJsonAsync(Stream body, IPipelineSink sink, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(body);
        string text = await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        if (text.Length == 0)
        {
            return null;
        }

        JsonElement answer = Parse(text);
        string? next = null;
        bool isPage = answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("items", out JsonElement items) && items.ValueKind == JsonValueKind.Array;
        if (isPage && !HasParameter("cursor") && answer.TryGetProperty("next", out JsonElement cursor))
        {
            next = cursor.GetString();
        }

        JsonElement list = isPage ? answer.GetProperty("items") : answer;
        IEnumerable<JsonElement> all = list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [list];
        foreach (JsonElement item in all)
        {
            await WriteAsync(item, sink, cancellationToken).ConfigureAwait(false);
        }

        return next;
    }

    private static ValueTask WriteAsync(JsonElement item, IPipelineSink sink, CancellationToken cancellationToken) =>
        PSObjectJson.FromJson(item) is object value ? sink.WriteAsync(value, cancellationToken) : ValueTask.CompletedTask;

    private static JsonElement Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException e)
        {
            throw new StickyException(
                "InvalidAnswer",
                StickyErrorKind.ReadFailed,
                $"The server says that its answer is JSON, and it is not: {OneLine.Quote(e)}.",
                null,
                "Use -Raw to see the answer as it comes.",
                e);
        }
    }

    private static PSObject ReadHeaders(HttpResponseMessage response)
    {
        PSObject headers = new();
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
        {
            headers.Properties.Add(new PSNoteProperty(name, string.Join(", ", values)));
        }

        return headers;
    }

    private async ValueTask SaveAsync(Stream body, string path, CancellationToken cancellationToken)
    {
        string temporary = UnfinishedFile.NewPath(path);
        try
        {
            try
            {
                using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
                {
                    await body.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
                }

                File.Move(temporary, path, overwrite: Force);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StickyException(
                "FileNotWritten",
                StickyErrorKind.WriteFailed,
                $"The answer cannot be saved as '{path}': {OneLine.Quote(e)}.",
                path,
                "Check the path and the room on the disk.",
                e);
        }
    }
}
