import type { JsonValue } from '@lazuli/store';
import { olderSchema } from '../older-schema.ts';
import type { ExportedApi, ExportedOperation, ExportedParameter } from './exported-api.ts';
import { parameterSchema } from './parameter-schema.ts';
import { namedSchemas } from './schemas.ts';
import { byPath, type TemplatePlace } from './url-template.ts';

type Json = { readonly [name: string]: JsonValue };

/** An API as Swagger 2.0, as Azure exports it. */
export function swaggerDocument(api: ExportedApi): Json {
  const schemas = namedSchemas(api);
  const names = new Set(Object.keys(schemas));
  const url = new URL(api.url);
  const schemes = api.protocols.filter((one) => ['http', 'https', 'ws', 'wss'].includes(one));
  const { paths, extended } = byPath(api.operations, (operation, place) => operationOf(operation, place, names));
  return {
    swagger: '2.0',
    info: {
      title: api.displayName,
      ...(api.description ? { description: api.description } : {}),
      version: api.version,
    },
    host: url.host,
    basePath: url.pathname,
    schemes: schemes.length === 0 ? ['https'] : schemes,
    ...(api.subscriptionRequired
      ? {
          securityDefinitions: {
            apiKeyHeader: { type: 'apiKey', name: api.keyNames.header, in: 'header' },
            apiKeyQuery: { type: 'apiKey', name: api.keyNames.query, in: 'query' },
          },
          security: [{ apiKeyHeader: [] }, { apiKeyQuery: [] }],
        }
      : {}),
    paths,
    ...(Object.keys(extended).length === 0 ? {} : { 'x-ms-paths': extended }),
    ...(names.size === 0
      ? {}
      : {
          definitions: Object.fromEntries(
            Object.entries(schemas).map(([name, schema]) => [name, olderSchema(schema, 'swagger2')]),
          ),
        }),
  };
}

function operationOf(operation: ExportedOperation, { query }: TemplatePlace, names: ReadonlySet<string>): Json {
  const { representations } = operation;
  const body = representations[0];
  const isForm =
    body !== undefined && /^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(body.contentType);
  const parameters: Json[] = [
    ...operation.templateParameters.map((one) => parameterOf(one, query.has(one.name) ? 'query' : 'path')),
    ...operation.queryParameters.map((one) => parameterOf(one, 'query')),
    ...operation.headers.map((one) => parameterOf(one, 'header')),
  ];
  if (body && isForm && body.formParameters.length > 0)
    parameters.push(...body.formParameters.map((one) => parameterOf(one, 'formData')));
  else if (body) parameters.push({ name: 'body', in: 'body', schema: schemaOf(body.typeName, names) });
  const produced = new Set(
    operation.responses.flatMap((one) => one.representations.map(({ contentType }) => contentType)),
  );
  return {
    summary: operation.displayName,
    ...(operation.description ? { description: operation.description } : {}),
    operationId: operation.name,
    ...(body ? { consumes: [...new Set(representations.map(({ contentType }) => contentType))] } : {}),
    ...(produced.size === 0 ? {} : { produces: [...produced] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    responses: Object.fromEntries(
      operation.responses.map(({ statusCode, description, headers, representations: bodies }) => [
        String(statusCode),
        {
          description: description ?? '',
          ...(bodies[0] ? { schema: schemaOf(bodies[0].typeName, names) } : {}),
          ...(headers.length === 0
            ? {}
            : { headers: Object.fromEntries(headers.map((one) => [one.name, parameterSchema(one)])) }),
          ...examplesOf(bodies),
        },
      ]),
    ),
  };
}

function examplesOf(bodies: ExportedOperation['representations']): Json {
  const examples = bodies.flatMap(({ contentType, examples: given }): [string, JsonValue][] =>
    given[0] ? [[contentType, given[0][1]]] : [],
  );
  return examples.length === 0 ? {} : { examples: Object.fromEntries(examples) };
}

function parameterOf(one: ExportedParameter, place: string): Json {
  return {
    name: one.name,
    in: place,
    ...(one.description ? { description: one.description } : {}),
    ...(one.required || place === 'path' ? { required: true } : {}),
    ...parameterSchema(one),
  };
}

function schemaOf(typeName: string | null, names: ReadonlySet<string>): JsonValue {
  return typeName !== null && names.has(typeName)
    ? { $ref: `#/definitions/${encodeURIComponent(typeName.replaceAll('~', '~0').replaceAll('/', '~1'))}` }
    : {};
}
