using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace StickyPi.Core.Remote.Existing;

/// <summary>Calls the operations of the existing API: each is a POST whose answer is a JSON list.</summary>
/// <param name="client">Sends the requests.</param>
internal sealed class ExistingCalls(ApiClient client)
{
    /// <summary>How many items go in one request; what the existing server looks up at once.</summary>
    public const int BatchSize = 1024;

    /// <summary>The address of the server, with a slash at its end.</summary>
    public Uri Server => client.Uri;

    /// <summary>Asks for something, and changes nothing: it is safe to ask again.</summary>
    /// <typeparam name="TItem">What the body holds.</typeparam>
    /// <typeparam name="TRow">What the answer is a list of.</typeparam>
    /// <param name="operation">The operation, with what is asked for behind a slash.</param>
    /// <param name="body">The body.</param>
    /// <param name="bodyType">How it becomes JSON.</param>
    /// <param name="rowType">How a row is read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The rows, as they come.</returns>
    public IAsyncEnumerable<TRow> AskAsync<TItem, TRow>(
        string operation, TItem body, JsonTypeInfo<TItem> bodyType, JsonTypeInfo<TRow> rowType, CancellationToken cancellationToken)
        where TRow : class
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, bodyType);
        ApiRequest request = new(HttpMethod.Post, operation)
        {
            IsIdempotent = true,
            ChangesNothing = true,
            Content = () => Json(json),
            Patience = ApiRequest.LongPatience,
        };
        return SendAsync(request, rowType, cancellationToken);
    }

    /// <summary>Asks for all users: with no body at all.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The users.</returns>
    public IAsyncEnumerable<ExistingUser> ListUsersAsync(CancellationToken cancellationToken) => SendAsync(
        new ApiRequest(HttpMethod.Post, "get_users") { IsIdempotent = true, ChangesNothing = true }, ExistingJson.Default.ExistingUser, cancellationToken);

    /// <summary>Changes something. Where the answer is lost, nobody knows whether it was done, and it is not asked again.</summary>
    /// <typeparam name="TRow">What the answer is a list of.</typeparam>
    /// <param name="operation">The operation.</param>
    /// <param name="content">Makes the body.</param>
    /// <param name="rowType">How a row is read.</param>
    /// <param name="target">What is to be changed, for errors.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The rows that the server answered with.</returns>
    /// <exception cref="StickyException"><c>RefusedByServer</c>; those of <see cref="ApiClient.SendAsync"/>.</exception>
    public async ValueTask<List<TRow>> ChangeAsync<TRow>(
        string operation, Func<HttpContent> content, JsonTypeInfo<TRow> rowType, object? target, CancellationToken cancellationToken)
        where TRow : class
    {
        ApiRequest request = new(HttpMethod.Post, operation) { Content = content, Target = target, Patience = ApiRequest.LongPatience };
        try
        {
            List<TRow> rows = [];
            await foreach (TRow row in SendAsync(request, rowType, cancellationToken).ConfigureAwait(false))
            {
                rows.Add(row);
            }

            return rows;
        }
        catch (StickyException e) when (e.Service?.Status == (int)HttpStatusCode.InternalServerError)
        {
            throw new StickyException(
                "RefusedByServer",
                StickyErrorKind.WriteFailed,
                $"{Server.GetLeftPart(UriPartial.Authority)} refused '{request}' with status 500. That is what the existing server says of all that it does not take, and not why.",
                target ?? Server,
                "What is there already, or is not of its format, is refused. The log of the server says more.",
                e)
            {
                Service = e.Service,
            };
        }
    }

    /// <summary>A JSON body.</summary>
    /// <param name="json">UTF-8.</param>
    /// <returns>The body.</returns>
    public static ByteArrayContent Json(byte[] json) => new(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private async IAsyncEnumerable<TRow> SendAsync<TRow>(
        ApiRequest request, JsonTypeInfo<TRow> type, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRow : class
    {
        using HttpResponseMessage response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using IAsyncEnumerator<TRow?> rows = JsonSerializer
            .DeserializeAsyncEnumerable(body, type, topLevelValues: false, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await ReadAsync(rows).ConfigureAwait(false))
        {
            yield return AnswerRules.Check(
                rows.Current ?? throw RemoteErrors.NotAServer(Server, $"a row of its answer to '{request}' is null"), Server);
        }
    }

    private async ValueTask<bool> ReadAsync<TRow>(IAsyncEnumerator<TRow?> rows)
    {
        try
        {
            return await rows.MoveNextAsync().ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            throw RemoteErrors.NotAServer(Server, "what it answers is not what was asked for", e);
        }
    }
}
