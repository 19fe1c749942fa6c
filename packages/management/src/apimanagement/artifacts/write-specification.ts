import { createFolderReader, FolderInMemory } from '@lazuli/resources';
import type { JsonObject, JsonValue } from '@lazuli/store';
import { isJsonObject, sameJson } from '../../json/json.ts';
import { propertiesOf } from '../../json/properties.ts';
import { contentsOf } from '../import/openapi.ts';
import type { Artifact } from './read-artifacts.ts';

type Mutable = { [name: string]: JsonValue };

/**
 * Operations and schemas of an API as an OpenAPI document, or undefined where no such document says exactly the same: what is
 * written is read again and compared. `contents` are the API's operations and schemas.
 */
export async function writeSpecification(
  api: Artifact,
  contents: readonly Artifact[],
): Promise<JsonObject | undefined> {
  const operations = contents.filter(({ type }) => type === 'apis/operations');
  const schemas = contents.filter(({ type }) => type === 'apis/schemas');
  if (operations.length === 0 || schemas.length > 1) return undefined;
  // Schemas mean different things in the two: one of them may say what the service has.
  for (const version of ['3.0.3', '3.1.0']) {
    const specification = new Writer(api, operations, schemas[0]).document(version);
    if (await saysTheSame(api, contents, specification)) return specification;
  }
  return undefined;
}

async function saysTheSame(api: Artifact, contents: readonly Artifact[], specification: JsonObject): Promise<boolean> {
  const folder = new FolderInMemory({
    'apis/x/apiInformation.json': { properties: { path: 'x', displayName: 'x', protocols: ['https'] } },
    'apis/x/specification.json': specification,
  });
  const { model, diagnostics } = await createFolderReader(folder).read();
  const [read] = model.apis;
  if (!read || diagnostics.some(({ severity }) => severity === 'error')) return false;
  const again = contentsOf(read, api.path);
  if (again.length !== contents.length) return false;
  const known = new Map(contents.map(({ path, properties }) => [path.toLowerCase(), properties]));
  return again.every((one) => {
    const properties = known.get(one.id.toLowerCase());
    return one.operation === 'put' && properties !== undefined && isSame(propertiesOf(one.body), properties);
  });
}

/** As JSON, where a member that is null is one that is absent. */
function isSame(a: JsonObject, b: JsonObject): boolean {
  const plain = (value: JsonObject): JsonValue =>
    JSON.parse(JSON.stringify(value, (_, member) => (member === null ? undefined : member)));
  return sameJson(plain(a), plain(b));
}

class Writer {
  readonly #api: Artifact;
  readonly #operations: readonly Artifact[];
  readonly #schemas: JsonObject;
  /** Schemas that have a name only because they stand somewhere: written where they stand. */
  readonly #inline = new Set<string>();

  constructor(api: Artifact, operations: readonly Artifact[], schema: Artifact | undefined) {
    this.#api = api;
    this.#operations = operations;
    this.#schemas = objectOf(objectOf(objectOf(schema?.properties.document).components).schemas);
  }

  document(openapi: string): JsonObject {
    const paths = new Map<string, Map<string, JsonValue>>();
    for (const { path, properties } of this.#operations) {
      const [template = '/'] = String(properties.urlTemplate).split('?');
      const methods = paths.get(template) ?? new Map<string, JsonValue>();
      methods.set(String(properties.method).toLowerCase(), this.#operation(path.split('/').at(-1) ?? '', properties));
      paths.set(template, methods);
    }
    const { displayName, apiVersion, apiRevision } = this.#api.properties;
    const named = Object.entries(this.#schemas).filter(([name]) => !this.#inline.has(name));
    return {
      openapi,
      info: { title: String(displayName ?? ''), version: String(apiVersion ?? apiRevision ?? '1') },
      paths: Object.fromEntries([...paths].map(([path, methods]) => [path, Object.fromEntries(methods)])),
      ...(named.length === 0 ? {} : { components: { schemas: Object.fromEntries(named) as Mutable } }),
    };
  }

  #operation(name: string, properties: JsonObject): JsonValue {
    const { displayName, description, urlTemplate, templateParameters } = properties;
    const request = objectOf(properties.request);
    const path = String(urlTemplate).split('?')[0] ?? '';
    const placeOf = (parameter: JsonObject) =>
      path.includes(`{${String(parameter.name)}}`) || path.includes(`{*${String(parameter.name)}}`) ? 'path' : 'query';
    const parameters = [
      ...objectsOf(templateParameters).map((one) => this.#parameter(one, placeOf(one), name)),
      ...objectsOf(request.queryParameters).map((one) => this.#parameter(one, 'query', name)),
      ...objectsOf(request.headers).map((one) => this.#parameter(one, 'header', name)),
    ];
    const content = this.#content(request.representations, `${name}Request`);
    const responses = new Map<string, JsonValue>();
    for (const response of objectsOf(properties.responses)) {
      const code = String(response.statusCode);
      const headers = objectsOf(response.headers).map((one) => {
        const { name: header, in: _, ...rest } = objectOf(this.#parameter(one, 'header', name));
        return [String(header), rest as JsonValue] as const;
      });
      const body = this.#content(response.representations, `${name}${code}Response`);
      responses.set(code, {
        ...(typeof response.description === 'string' ? { description: response.description } : {}),
        ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
        ...(body === undefined ? {} : { content: body }),
      });
    }
    return {
      operationId: name,
      summary: String(displayName ?? name),
      ...(typeof description === 'string' ? { description } : {}),
      ...(parameters.length === 0 ? {} : { parameters }),
      ...(content === undefined ? {} : { requestBody: { content } }),
      responses: Object.fromEntries(responses),
    };
  }

  #parameter(parameter: JsonObject, place: 'path' | 'query' | 'header', operation: string): JsonValue {
    const { name, type, required, values, defaultValue } = parameter;
    const schema = this.#schema(parameter, `${operation}-${String(name)}`) ?? {
      type: String(type ?? 'string'),
      ...(Array.isArray(values) && values.length > 0 ? { enum: values } : {}),
      ...(typeof defaultValue === 'string' ? { default: defaultValue } : {}),
    };
    return { name: String(name), in: place, ...(required === true ? { required } : {}), schema };
  }

  #content(representations: JsonValue | undefined, place: string): JsonValue | undefined {
    const all = objectsOf(representations).map((one): [string, JsonValue] => {
      const schema = this.#schema(one, place);
      const examples = objectOf(one.examples);
      return [
        String(one.contentType),
        {
          ...(schema === undefined ? {} : { schema }),
          ...(Object.keys(examples).length === 0 ? {} : { examples: examples as Mutable }),
        },
      ];
    });
    return all.length === 0 ? undefined : Object.fromEntries(all);
  }

  #schema({ typeName }: JsonObject, place: string): JsonValue | undefined {
    if (typeof typeName !== 'string') return undefined;
    if (typeName !== place) return { $ref: `#/components/schemas/${pointer(typeName)}` };
    this.#inline.add(typeName);
    return this.#schemas[typeName];
  }
}

function pointer(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
