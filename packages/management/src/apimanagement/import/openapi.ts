import {
  type Api,
  type Operation as ApiOperation,
  createFolderReader,
  FolderInMemory,
  type Parameter,
  type Representation,
} from '@lazuli/resources';
import type { JsonObject, JsonValue, Operation } from '@lazuli/store';
import { asJson } from '../../json/json.ts';
import { serviceType } from '../api-management-type.ts';
import { olderSchema } from '../older-schema.ts';
import { failed, type Imported, type ImportRequest, type ImportTarget, parsingError } from './import-api.ts';
import { schemaIdOf } from './imported-resources.ts';
import { LinkProblem } from './linked-documents.ts';
import { type OpenApiFiles, openApiFiles } from './openapi-links.ts';

const mostProblems = 100;

/** OpenAPI 3 or Swagger 2, JSON or YAML; documents that it refers to are read from where it came. */
export async function importOpenApi(text: string, request: ImportRequest, target: ImportTarget): Promise<Imported> {
  try {
    return await read(text, await openApiFiles(text, request.url), request, target);
  } catch (error) {
    if (error instanceof LinkProblem) return failed('properties.value', error.message);
    throw error;
  }
}

async function read(
  text: string,
  { texts, main, urls }: OpenApiFiles,
  { translateRequiredQueryParameters = 'template' }: ImportRequest,
  target: ImportTarget,
): Promise<Imported> {
  if (!['template', 'query'].includes(translateRequiredQueryParameters))
    return failed(
      'properties.translateRequiredQueryParameters',
      `The value '${translateRequiredQueryParameters}' is not valid: expected template or query.`,
    );
  const information = { properties: { path: 'x', translateRequiredQueryParameters } };
  const folder = new FolderInMemory({ 'apis/x/apiInformation.json': information });
  for (const [file, content] of texts) folder.set(`apis/x/${file}`, content);
  const { model, diagnostics } = await createFolderReader(folder).read();
  const errors = diagnostics.filter(
    ({ severity, file, code }) =>
      severity === 'error' &&
      texts.has(file.replace('apis/x/', '')) &&
      // Azure's import gives the second of two operations with one id another name.
      code !== 'DuplicateOperationName',
  );
  const api = model.apis[0];
  if (errors.length > 0 || !api)
    return {
      properties: {},
      operations: [],
      problems: errors.slice(0, mostProblems).map(({ line, column, message, file }) => {
        const url = file === `apis/x/${main}` ? undefined : urls.get(file.replace('apis/x/', ''));
        return {
          target: 'properties.value',
          message: parsingError(
            `${url === undefined ? 'The specification' : `The document '${url}'`} is not valid. Line ${line}, column ${column}: ${message}`,
          ),
        };
      }),
    };
  if (api.operations.length === 0 && !/["']?(openapi|swagger)["']?\s*:/.test(text))
    return failed('properties.value', parsingError('The value is no OpenAPI or Swagger document.'));
  return { properties: propertiesOf(api), operations: contentsOf(api, target.id), problems: [] };
}

/** Writes of the operations and schemas of an API as it was read from a specification. */
export function contentsOf(api: Api, apiId: string): Operation[] {
  return new Writer(api, apiId).operations();
}

function propertiesOf({ displayName, description, serviceUrl, protocols }: Api): JsonObject {
  return {
    ...(displayName === 'x' ? {} : { displayName }),
    ...(description === null ? {} : { description }),
    ...(serviceUrl === null ? {} : { serviceUrl }),
    protocols,
  };
}

/** Operations and schemas of an API as resources. */
class Writer {
  readonly #api: Api;
  readonly #apiId: string;
  #schemaId = '';
  // Without a prototype `__proto__` is a name like any other.
  readonly #schemas: Record<string, JsonValue> = Object.create(null);

  constructor(api: Api, apiId: string) {
    this.#api = api;
    this.#apiId = apiId;
    for (const [name, schema] of api.schemas) this.#schemas[name] = asComponent(schema);
  }

  operations(): Operation[] {
    // Written twice: the name of the schemas follows from all of them, also from those that operations bring along.
    for (const operation of this.#api.operations) this.#operation(operation);
    const schemas = Object.entries(this.#schemas).sort(([a], [b]) => (a < b ? -1 : 1));
    this.#schemaId = schemaIdOf(JSON.stringify(schemas));
    const written = this.#api.operations.map((operation) => this.#operation(operation));
    return schemas.length === 0 ? written : [this.#schema(), ...written];
  }

  #schema(): Operation {
    return {
      operation: 'put',
      id: `${this.#apiId}/schemas/${this.#schemaId}`,
      type: `${serviceType}/apis/schemas`,
      body: {
        properties: {
          contentType: 'application/vnd.oai.openapi.components+json',
          document: { components: { schemas: this.#schemas } },
        },
      },
    };
  }

  #operation(operation: ApiOperation): Operation {
    const { request } = operation;
    return {
      operation: 'put',
      id: `${this.#apiId}/operations/${operation.name}`,
      type: `${serviceType}/apis/operations`,
      body: {
        properties: {
          displayName: operation.displayName,
          method: operation.method,
          urlTemplate: operation.urlTemplate,
          templateParameters: operation.templateParameters.map((one) => this.#parameter(one, operation.name)),
          ...(operation.description === null ? {} : { description: operation.description }),
          request: {
            queryParameters: request.queryParameters.map((one) => this.#parameter(one, operation.name)),
            headers: request.headers.map((one) => this.#parameter(one, operation.name)),
            representations: request.representations.map((one) =>
              this.#representation(one, `${operation.name}Request`),
            ),
          },
          responses: operation.responses.map((response) => ({
            statusCode: response.statusCode,
            ...(response.description === null ? {} : { description: response.description }),
            headers: response.headers.map((one) => this.#parameter(one, operation.name)),
            representations: response.representations.map((one) =>
              this.#representation(one, `${operation.name}${response.statusCode}Response`),
            ),
          })),
        },
      },
    };
  }

  #parameter(parameter: Parameter, operation: string): { readonly [name: string]: JsonValue } {
    const { name, type, required, values, defaultValue, description, schema } = parameter;
    return {
      name,
      type,
      required,
      values: [...values],
      ...(description === undefined ? {} : { description }),
      ...(defaultValue === null ? {} : { defaultValue }),
      ...this.#typeOf(schema, `${operation}-${name}`),
    };
  }

  #representation(
    { contentType, examples, schema }: Representation,
    name: string,
  ): { readonly [name: string]: JsonValue } {
    return {
      contentType,
      ...(examples.length === 0
        ? {}
        : { examples: Object.fromEntries(examples.map((one) => [one.name, { value: one.value as JsonValue }])) }),
      ...this.#typeOf(schema, name),
    };
  }

  /** A schema is named where it is used; one without a name gets that of its place. */
  #typeOf(schema: unknown, name: string): { readonly [name: string]: JsonValue } {
    if (schema === null || schema === undefined) return {};
    const reference =
      typeof schema === 'object' && '$ref' in schema ? /^#\/schemas\/([^/]+)$/.exec(String(schema.$ref)) : null;
    if (reference) return { schemaId: this.#schemaId, typeName: decodePointer(reference[1] as string) };
    this.#schemas[name] ??= asComponent(schema);
    return { schemaId: this.#schemaId, typeName: name };
  }
}

/** As OpenAPI 3.0 has it, which is what schemas of APIs are read as; references lead to the components that it is kept in. */
function asComponent(schema: unknown): JsonValue {
  return olderSchema(asJson(schema), 'stored');
}

function decodePointer(text: string): string {
  return decodeURIComponent(text).replaceAll('~1', '/').replaceAll('~0', '~');
}
