import type { JsonObject, JsonValue, ResourceRecord, StoreReader } from '@lazuli/store';
import { isJsonObject } from '../../json/json.ts';
import { lastSegment, propertiesOf } from '../../json/properties.ts';
import { serviceType } from '../api-management-type.ts';

/** An API as its export needs it. */
export interface ExportedApi {
  readonly name: string;
  readonly type: string;
  readonly displayName: string;
  readonly description: string | null;
  /** `1.0` where the API has no version. */
  readonly version: string;
  /** Where clients reach it: the gateway, the path and a version that stands in the path. */
  readonly url: string;
  readonly protocols: readonly string[];
  readonly subscriptionRequired: boolean;
  readonly keyNames: { readonly header: string; readonly query: string };
  readonly operations: readonly ExportedOperation[];
  readonly schemas: readonly ExportedSchema[];
}

export interface ExportedOperation {
  readonly name: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly method: string;
  readonly urlTemplate: string;
  readonly templateParameters: readonly ExportedParameter[];
  readonly queryParameters: readonly ExportedParameter[];
  readonly headers: readonly ExportedParameter[];
  readonly representations: readonly ExportedRepresentation[];
  readonly responses: readonly ExportedResponse[];
}

export interface ExportedParameter {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string | null;
  readonly values: readonly string[];
  readonly defaultValue: string | null;
  readonly typeName: string | null;
}

export interface ExportedRepresentation {
  readonly contentType: string;
  readonly typeName: string | null;
  readonly formParameters: readonly ExportedParameter[];
  readonly examples: readonly (readonly [name: string, value: JsonValue])[];
}

export interface ExportedResponse {
  readonly statusCode: number;
  readonly description: string | null;
  readonly headers: readonly ExportedParameter[];
  readonly representations: readonly ExportedRepresentation[];
}

export interface ExportedSchema {
  readonly contentType: string;
  readonly document: JsonObject;
}

/** Reads an API with its operations and schemas. */
export async function readExportedApi(record: ResourceRecord, reader: StoreReader): Promise<ExportedApi> {
  const serviceId = record.id.slice(0, record.id.length - '/apis/'.length - lastSegment(record.id).length);
  const properties = propertiesOf(record.body);
  const [service, operations, schemas] = [
    await reader.get(serviceId),
    await all(record.id, 'apis/operations', reader),
    await all(record.id, 'apis/schemas', reader),
  ];
  const { subscriptionKeyParameterNames: names } = properties;
  const keyNames = isJsonObject(names) ? names : {};
  return {
    name: lastSegment(record.id),
    type: text(properties.type) ?? 'http',
    displayName: text(properties.displayName) ?? lastSegment(record.id),
    description: text(properties.description),
    version: text(properties.apiVersion) || '1.0',
    url: await urlOf(properties, service, serviceId, reader),
    protocols: texts(properties.protocols),
    subscriptionRequired: properties.subscriptionRequired !== false,
    keyNames: {
      header: text(keyNames.header) ?? 'Ocp-Apim-Subscription-Key',
      query: text(keyNames.query) ?? 'subscription-key',
    },
    operations: operations.map((one) => operationOf(lastSegment(one.id), propertiesOf(one.body))),
    schemas: schemas.map(({ body }) => {
      const { contentType, document } = propertiesOf(body);
      return { contentType: text(contentType) ?? '', document: isJsonObject(document) ? document : {} };
    }),
  };
}

async function all(parent: string, path: string, reader: StoreReader): Promise<ResourceRecord[]> {
  const found: ResourceRecord[] = [];
  let after: string | undefined;
  do {
    const page = await reader.list({ parent, type: `${serviceType}/${path}`, after, limit: 1000 });
    found.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return found;
}

async function urlOf(
  { path, apiVersion, apiVersionSetId }: JsonObject,
  service: ResourceRecord | undefined,
  serviceId: string,
  reader: StoreReader,
): Promise<string> {
  const gateway = text(propertiesOf(service?.body ?? {}).gatewayUrl) ?? 'https://localhost';
  const parts = [gateway.replace(/\/+$/, ''), (text(path) ?? '').replace(/^\/+|\/+$/g, '')];
  const setId = text(apiVersionSetId);
  if (setId) {
    const set = await reader.get(`${serviceId}/apiVersionSets/${lastSegment(setId)}`);
    if (String(propertiesOf(set?.body ?? {}).versioningScheme).toLowerCase() === 'segment')
      parts.push(text(apiVersion) ?? '');
  }
  return parts.filter((part) => part !== '').join('/');
}

function operationOf(name: string, properties: JsonObject): ExportedOperation {
  const request = isJsonObject(properties.request) ? properties.request : {};
  return {
    name,
    displayName: text(properties.displayName) ?? name,
    description: text(properties.description),
    method: (text(properties.method) ?? 'GET').toUpperCase(),
    urlTemplate: text(properties.urlTemplate) ?? '/',
    templateParameters: objects(properties.templateParameters).map(parameterOf),
    queryParameters: objects(request.queryParameters).map(parameterOf),
    headers: objects(request.headers).map(parameterOf),
    representations: objects(request.representations).map(representationOf),
    responses: objects(properties.responses).map((one) => ({
      statusCode: Number(one.statusCode),
      description: text(one.description),
      headers: objects(one.headers).map(parameterOf),
      representations: objects(one.representations).map(representationOf),
    })),
  };
}

function parameterOf(one: JsonObject): ExportedParameter {
  return {
    name: text(one.name) ?? '',
    type: text(one.type) ?? 'string',
    required: one.required === true,
    description: text(one.description),
    values: texts(one.values),
    defaultValue: text(one.defaultValue),
    typeName: text(one.typeName),
  };
}

function representationOf(one: JsonObject): ExportedRepresentation {
  const examples = isJsonObject(one.examples) ? Object.entries(one.examples) : [];
  return {
    contentType: text(one.contentType) ?? 'application/json',
    typeName: text(one.typeName),
    formParameters: objects(one.formParameters).map(parameterOf),
    examples: examples.flatMap(([name, example]): [string, JsonValue][] =>
      isJsonObject(example) && example.value !== undefined ? [[name, example.value]] : [],
    ),
  };
}

const text = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null);

const texts = (value: JsonValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

const objects = (value: JsonValue | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];
