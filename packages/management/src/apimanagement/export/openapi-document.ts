import type { JsonValue } from '@lazuli/store';
import { olderSchema } from '../older-schema.ts';
import type {
  ExportedApi,
  ExportedOperation,
  ExportedParameter,
  ExportedRepresentation,
  ExportedResponse,
} from './exported-api.ts';
import { parameterSchema } from './parameter-schema.ts';
import { namedSchemas } from './schemas.ts';
import { byPath, type TemplatePlace } from './url-template.ts';

type Json = { readonly [name: string]: JsonValue };

/** An API as OpenAPI 3.0, as Azure exports it: its address is that of the gateway, its security the subscription key. */
export function openApiDocument(api: ExportedApi): Json {
  const schemas = namedSchemas(api);
  const writer = new Writer(new Set(Object.keys(schemas)));
  const { paths, extended } = byPath(api.operations, (operation, place) => writer.operation(operation, place));
  return {
    openapi: '3.0.1',
    info: {
      title: api.displayName,
      ...(api.description ? { description: api.description } : {}),
      version: api.version,
    },
    servers: [{ url: api.url }],
    paths,
    ...(Object.keys(extended).length === 0 ? {} : { 'x-ms-paths': extended }),
    components: {
      ...(Object.keys(schemas).length === 0
        ? {}
        : {
            schemas: Object.fromEntries(
              Object.entries(schemas).map(([name, schema]) => [name, olderSchema(schema, 'openapi30')]),
            ),
          }),
      ...(api.subscriptionRequired
        ? {
            securitySchemes: {
              apiKeyHeader: { type: 'apiKey', name: api.keyNames.header, in: 'header' },
              apiKeyQuery: { type: 'apiKey', name: api.keyNames.query, in: 'query' },
            },
          }
        : {}),
    },
    ...(api.subscriptionRequired ? { security: [{ apiKeyHeader: [] }, { apiKeyQuery: [] }] } : {}),
  };
}

class Writer {
  readonly #names: ReadonlySet<string>;

  constructor(names: ReadonlySet<string>) {
    this.#names = names;
  }

  operation(operation: ExportedOperation, { query }: TemplatePlace): Json {
    const parameters = [
      ...operation.templateParameters.map((one) => this.#parameter(one, query.has(one.name) ? 'query' : 'path')),
      ...operation.queryParameters.map((one) => this.#parameter(one, 'query')),
      ...operation.headers.map((one) => this.#parameter(one, 'header')),
    ];
    return {
      summary: operation.displayName,
      ...(operation.description ? { description: operation.description } : {}),
      operationId: operation.name,
      ...(parameters.length === 0 ? {} : { parameters }),
      ...(operation.representations.length === 0
        ? {}
        : { requestBody: { content: this.#content(operation.representations) } }),
      responses: Object.fromEntries(operation.responses.map((one) => [String(one.statusCode), this.#response(one)])),
    };
  }

  #response({ description, headers, representations }: ExportedResponse): Json {
    return {
      description: description ?? '',
      ...(headers.length === 0
        ? {}
        : {
            headers: Object.fromEntries(
              headers.map((one) => [
                one.name,
                { ...(one.required ? { required: true } : {}), schema: this.#schemaOf(one) },
              ]),
            ),
          }),
      ...(representations.length === 0 ? {} : { content: this.#content(representations) }),
    };
  }

  #parameter(one: ExportedParameter, place: string): Json {
    return {
      name: one.name,
      in: place,
      ...(one.description ? { description: one.description } : {}),
      ...(one.required || place === 'path' ? { required: true } : {}),
      schema: this.#schemaOf(one),
    };
  }

  #schemaOf(one: ExportedParameter): JsonValue {
    return one.typeName !== null && this.#names.has(one.typeName)
      ? { $ref: pointerTo(one.typeName) }
      : parameterSchema(one);
  }

  #content(representations: readonly ExportedRepresentation[]): Json {
    return Object.fromEntries(
      representations.map(({ contentType, typeName, formParameters, examples }) => {
        const schema: JsonValue | undefined =
          typeName !== null && this.#names.has(typeName)
            ? { $ref: pointerTo(typeName) }
            : formParameters.length > 0
              ? {
                  type: 'object',
                  required: formParameters.filter(({ required }) => required).map(({ name }) => name),
                  properties: Object.fromEntries(formParameters.map((one) => [one.name, parameterSchema(one)])),
                }
              : undefined;
        return [
          contentType,
          {
            ...(schema === undefined ? {} : { schema }),
            ...(examples.length === 0
              ? {}
              : { examples: Object.fromEntries(examples.map(([name, value]) => [name, { value }])) }),
          },
        ];
      }),
    );
  }
}

const pointerTo = (name: string): string =>
  `#/components/schemas/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
