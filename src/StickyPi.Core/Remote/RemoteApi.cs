using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Core.Remote;

/// <summary>Whether an answer that was kept may serve.</summary>
internal enum Freshness
{
    /// <summary>The server is asked; nothing is kept.</summary>
    Now,

    /// <summary>The server is asked; what was kept serves where it can't be reached.</summary>
    NowIfReachable,

    /// <summary>What was kept serves as long as it is new enough.</summary>
    OfLate,
}

/// <summary>Asks a server's <c>/v1</c> for things and not for bytes.</summary>
/// <param name="client">Sends the requests.</param>
/// <param name="cache">The answers that are kept; null to keep none.</param>
internal sealed class RemoteApi(ApiClient client, ResponseCache? cache)
{
    /// <summary>How many items go in one request. Its answer is as long, and a server may not wait to write it until all of the request is read.</summary>
    public const int BatchSize = 512;

    private static readonly MediaTypeWithQualityHeaderValue Lines = new(ApiLines.MediaType);

    /// <summary>The address of the server, with a slash at its end.</summary>
    public Uri Server => client.Uri;

    /// <summary>Sends a request for anything.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer.</returns>
    public ValueTask<HttpResponseMessage> SendAsync(ApiRequest request, CancellationToken cancellationToken) => client.SendAsync(request, cancellationToken);

    /// <summary>Sends a request whose answer is one thing.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="type">How that is read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The thing.</returns>
    public async ValueTask<T> AskAsync<T>(ApiRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using HttpResponseMessage response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await ReadAsync(body, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for one thing.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="path">The path.</param>
    /// <param name="query">The parameters.</param>
    /// <param name="type">How the thing is read.</param>
    /// <param name="freshness">Whether an answer that was kept may serve.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The thing.</returns>
    public async ValueTask<T> GetAsync<T>(
        string path, QueryParameters query, JsonTypeInfo<T> type, Freshness freshness, CancellationToken cancellationToken)
        where T : class
    {
        ApiRequest request = new(HttpMethod.Get, path) { Query = query.Pairs };
        for (int breaks = 0; ;)
        {
            using Stream body = await OpenAsync(request, default, freshness, cancellationToken).ConfigureAwait(false);
            try
            {
                return await ReadAsync(body, type, cancellationToken).ConfigureAwait(false);
            }
            catch (StickyException e) when (RemoteErrors.MayAskAgain(e, ref breaks))
            {
                // What breaks before the answer has begun is sent again already; it is only here that it is known to have broken in its middle.
                await ApiTransport.WaitAsync(breaks, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Asks for many things, which come in one answer.</summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="path">The path.</param>
    /// <param name="query">The parameters.</param>
    /// <param name="type">How one of them is read.</param>
    /// <param name="freshness">Whether an answer that was kept may serve.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The things, as they come.</returns>
    public async IAsyncEnumerable<T> ListAsync<T>(
        string path, QueryParameters query, JsonTypeInfo<T> type, Freshness freshness, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        Stream body = await OpenAsync(
            new ApiRequest(HttpMethod.Get, path) { Query = query.Pairs, Accept = Lines }, default, freshness, cancellationToken).ConfigureAwait(false);
        await foreach (T item in ApiLines.ReadAsync(body, type, Server, cancellationToken).ConfigureAwait(false))
        {
            yield return item;
        }
    }

    /// <summary>Asks for many things, which always come in the same order; where they break off, as <see cref="ReadPatientlyAsync"/> does.</summary>
    /// <inheritdoc cref="ListAsync"/>
    /// <inheritdoc cref="ReadPatientlyAsync" path="/param[@name='identityOf']"/>
    public IAsyncEnumerable<T> ListPatientlyAsync<T>(
        string path, QueryParameters query, JsonTypeInfo<T> type, Func<T, object> identityOf, Freshness freshness, CancellationToken cancellationToken)
        where T : class => ReadPatientlyAsync(
            fresh => ListAsync(path, query, type, fresh, cancellationToken), identityOf, freshness, cancellationToken);

    /// <summary>
    /// Reads many things that always come in the same order. Where they break off they are asked for again, and gone on with behind the last that came,
    /// so that nothing comes twice or is left out.
    /// </summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="ask">Asks for all of them.</param>
    /// <param name="identityOf">What tells one of them from all others.</param>
    /// <param name="freshness">Whether an answer that was kept may serve, where nothing broke.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The things, as they come.</returns>
    public static async IAsyncEnumerable<T> ReadPatientlyAsync<T>(
        Func<Freshness, IAsyncEnumerable<T>> ask, Func<T, object> identityOf, Freshness freshness, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        object? last = null;
        StickyException? broken = null;
        int breaks = 0;
        do
        {
            if (broken is not null)
            {
                await ApiTransport.WaitAsync(breaks, cancellationToken).ConfigureAwait(false);
            }

            StickyException? before = broken;
            broken = null;
            bool isNew = last is null;
            await using IAsyncEnumerator<T> items = ask(before is null ? freshness : Freshness.Now).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await items.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }
                }
                catch (StickyException e) when (RemoteErrors.MayAskAgain(e, ref breaks))
                {
                    broken = e;
                    break;
                }

                object identity = identityOf(items.Current);
                if (isNew)
                {
                    last = identity;
                    breaks = 0;
                    yield return items.Current;
                }

                isNew |= identity.Equals(last);
            }

            // Whoever removed it meanwhile has taken away the place to go on from.
            if (broken is null && !isNew && before is not null)
            {
                throw before;
            }
        }
        while (broken is not null);
    }

    /// <summary>Looks things up, which changes nothing.</summary>
    /// <typeparam name="TItem">What is told of each thing.</typeparam>
    /// <typeparam name="T">What the answer has.</typeparam>
    /// <param name="path">The path.</param>
    /// <param name="query">The parameters.</param>
    /// <param name="items">What to look for.</param>
    /// <param name="itemType">How that is written.</param>
    /// <param name="type">How the answer is read.</param>
    /// <param name="freshness">Whether an answer that was kept may serve.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What the answer has, line by line.</returns>
    public async IAsyncEnumerable<T> FindAsync<TItem, T>(
        string path,
        QueryParameters query,
        IReadOnlyList<TItem> items,
        JsonTypeInfo<IReadOnlyList<TItem>> itemType,
        JsonTypeInfo<T> type,
        Freshness freshness,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        foreach (TItem[] batch in items.Chunk(BatchSize))
        {
            byte[] content = JsonSerializer.SerializeToUtf8Bytes(batch, itemType);
            ApiRequest request = Post(path, query, content) with { Accept = Lines, IsIdempotent = true, ChangesNothing = true };
            Stream body = await OpenAsync(request, content, freshness, cancellationToken).ConfigureAwait(false);
            await foreach (T line in ApiLines.ReadAsync(body, type, Server, cancellationToken).ConfigureAwait(false))
            {
                yield return line;
            }
        }
    }

    /// <summary>Sends a request whose answer has a line for each thing.</summary>
    /// <typeparam name="T">What the answer has.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="type">How the answer is read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What the answer has, line by line.</returns>
    public async IAsyncEnumerable<T> AskLinesAsync<T>(ApiRequest request, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        using HttpResponseMessage response = await client.SendAsync(request with { Accept = Lines }, cancellationToken).ConfigureAwait(false);
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await foreach (T line in ApiLines.ReadAsync(body, type, Server, cancellationToken).ConfigureAwait(false))
        {
            yield return line;
        }
    }

    /// <summary>A request with a JSON body.</summary>
    /// <param name="path">The path.</param>
    /// <param name="query">The parameters.</param>
    /// <param name="content">The body in UTF-8.</param>
    /// <param name="mediaType">What the body is.</param>
    /// <returns>The request.</returns>
    public static ApiRequest Post(string path, QueryParameters query, byte[] content, string mediaType = "application/json") =>
        new(HttpMethod.Post, path) { Query = query.Pairs, Content = () => Json(content, mediaType) };

    /// <summary>A JSON body.</summary>
    /// <param name="content">The body in UTF-8.</param>
    /// <param name="mediaType">What it is.</param>
    /// <returns>The body.</returns>
    public static ByteArrayContent Json(byte[] content, string mediaType = "application/json") =>
        new(content) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

    /// <summary>A part of a path, whatever is in it.</summary>
    /// <param name="part">The part.</param>
    /// <returns>The part as it stands in an address.</returns>
    public static string Escape(string part) => Uri.EscapeDataString(part);

    /// <summary>Forgets the answers that are kept.</summary>
    public void ClearCache() => cache?.Clear();

    private async ValueTask<Stream> OpenAsync(ApiRequest request, ReadOnlyMemory<byte> content, Freshness freshness, CancellationToken cancellationToken)
    {
        if (cache is not null && freshness != Freshness.Now)
        {
            return await cache.GetAsync(request, content, isFresh: freshness != Freshness.OfLate, client.SendAsync, cancellationToken).ConfigureAwait(false);
        }

        HttpResponseMessage response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<T> ReadAsync<T>(Stream body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            T answer = await JsonSerializer.DeserializeAsync(body, type, cancellationToken).ConfigureAwait(false)
                ?? throw RemoteErrors.NotAServer(Server, "what it answers is nothing");
            return AnswerRules.Check(answer, Server);
        }
        catch (JsonException e)
        {
            throw RemoteErrors.NotAServer(Server, "what it answers is not what was asked for", e);
        }
    }
}

/// <summary>Parameters of a query; what is null is left out.</summary>
internal sealed class QueryParameters
{
    /// <summary>No parameters.</summary>
    public static readonly QueryParameters None = new();

    private readonly List<KeyValuePair<string, string>> _pairs = [];

    /// <summary>The parameters, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs => _pairs;

    /// <summary>Adds a text.</summary>
    public QueryParameters Add(string name, string? value)
    {
        if (value is not null)
        {
            _pairs.Add(new(name, value));
        }

        return this;
    }

    /// <summary>Adds several texts under one name.</summary>
    public QueryParameters Add(string name, IEnumerable<string> values)
    {
        _pairs.AddRange(values.Select(value => new KeyValuePair<string, string>(name, value)));
        return this;
    }

    /// <summary>Adds a time, as ISO 8601 in UTC.</summary>
    public QueryParameters Add(string name, DateTime? value) => Add(name, value is DateTime time ? StickyTime.ToUtc(time).ToString("O", CultureInfo.InvariantCulture) : null);

    /// <summary>Adds a number.</summary>
    public QueryParameters Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a name where it is true.</summary>
    public QueryParameters AddIf(string name, bool value) => Add(name, value ? "true" : null);
}
