using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;
using StickyPi.Core.Remote.Api;
using StickyPi.Server.Configuration;

namespace StickyPi.Server.V1;

/// <summary>Describes the API in OpenAPI, from what is said where operations are mapped.</summary>
internal static class OpenApi
{
    /// <summary>The extension that names the least role that an operation is for.</summary>
    public const string Role = "x-role";

    private const string Scheme = "Password";
    private const string TokenScheme = "Token";

    /// <summary>Adds what makes the description.</summary>
    /// <param name="services">Where it goes.</param>
    public static void AddDescription(this IServiceCollection services)
    {
        // The description must say what ApiJson writes.
        _ = services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        _ = services.AddOpenApi("v1", options =>
        {
            // A HEAD is the GET without its body, and would bear the same name.
            options.ShouldInclude = description => description.HttpMethod != HttpMethods.Head && description.RelativePath?.StartsWith("v1", StringComparison.Ordinal) == true;
            _ = options.AddOperationTransformer(DescribeAsync);
            _ = options.AddDocumentTransformer(DescribeAsync);
        });
    }

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "StickyPi";
        document.Info.Description = "A store of sticky-card insect camera traps. Lists come as pages, or, with 'Accept: application/x-ndjson', as one "
            + "JSON value a line, streamed. Errors are problems of RFC 9457. All times are UTC.";
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic" };
        document.Components.SecuritySchemes[TokenScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenScheme, document)] = [] },
        ];
        return Task.CompletedTask;
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        string? role = metadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy;
        if (role is not null)
        {
            operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
            operation.Extensions[Role] = new JsonNodeExtension(JsonValue.Create(role));
        }

        operation.Parameters = [.. PathParameters(context), .. metadata.OfType<TakenParameters>().SelectMany(taken => taken.Parameters).Select(Describe)];
        foreach (TakenBody body in metadata.OfType<TakenBody>())
        {
            operation.RequestBody ??= new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType>() };
            foreach (string mediaType in body.MediaTypes)
            {
                bool isArray = body.Kind == BodyKind.Batch && mediaType != Streaming.Lines;
                operation.RequestBody.Content![mediaType] = await DescribeAsync(context, isArray ? typeof(IReadOnlyList<>).MakeGenericType(body.Type) : body.Type, cancellationToken);
            }
        }

        GivenAnswer[] answers = [.. metadata.OfType<GivenAnswer>()];
        if (answers.Length > 0)
        {
            operation.Responses = [];
        }

        foreach (IGrouping<int, GivenAnswer> status in answers.GroupBy(answer => answer.Status).OrderBy(group => group.Key))
        {
            OpenApiResponse response = new()
            {
                Description = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status.Key),
                Content = new Dictionary<string, OpenApiMediaType>(),
            };
            foreach (GivenAnswer answer in status)
            {
                response.Content[answer.MediaType] = await DescribeAsync(context, answer.Type, cancellationToken);
            }

            operation.Responses![status.Key.ToString(System.Globalization.CultureInfo.InvariantCulture)] = response;
        }
    }

    private static async Task<OpenApiMediaType> DescribeAsync(OpenApiOperationTransformerContext context, Type type, CancellationToken cancellationToken) => new()
    {
        Schema = type == typeof(Stream) ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }
            : type == typeof(JsonElement) ? new OpenApiSchema { Type = JsonSchemaType.Object }
            : await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken),
    };

    private static IEnumerable<OpenApiParameter> PathParameters(OpenApiOperationTransformerContext context) =>
        RoutePatternFactory.Parse(context.Description.RelativePath ?? "").Parameters.Select(part => new OpenApiParameter
        {
            Name = part.Name,
            In = ParameterLocation.Path,
            Required = true,
            Description = Parameters.OfPaths[part.Name],
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });

    private static OpenApiParameter Describe(Parameter parameter)
    {
        OpenApiSchema schema = new()
        {
            Type = parameter.Type,
            Format = parameter.Format,
            Enum = parameter.Values.Count == 0 ? null : [.. parameter.Values.Select(value => JsonValue.Create(value))],
            Minimum = parameter.Type == JsonSchemaType.Integer ? Cursor.Text(parameter.Minimum) : null,
            Maximum = parameter.Type == JsonSchemaType.Integer && parameter.Maximum < long.MaxValue ? Cursor.Text(parameter.Maximum) : null,
        };
        return new OpenApiParameter
        {
            Name = parameter.Name,
            In = parameter.In,
            Required = parameter.IsRequired,
            Description = parameter.Description,
            Schema = parameter.IsList ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = schema } : schema,
        };
    }
}
