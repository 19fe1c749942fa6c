import type { JsonObject, Operation, ResourceRecord, StoreReader } from '@lazuli/store';
import type { BodyProblem, DeleteContext, Prepared, WriteContext } from '../../contract.ts';
import { any, array, boolean, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { claimPath, releasePath } from '../api-paths.ts';
import { conflict } from '../errors.ts';
import { importApi } from '../import/import-api.ts';
import { longIdentifier } from '../names.ts';
import { lastSegment, propertiesOf, withProperties } from '../properties.ts';
import { apiType, belowOf, resolveRevision, revisionOf, revisionsOf, splitRevision } from '../revisions.ts';

const types = ['http', 'soap', 'websocket', 'graphql', 'odata', 'grpc'];

/** One revision of an API. */
export const api = apiManagementType('apis', {
  name: { pattern: /^[^*#&+:<>?/\\%]{1,256}$/, says: longIdentifier.says },
  resolveName: resolveRevision,
  body: {
    properties: object(
      {
        displayName: string({ minLength: 1, maxLength: 300, sticky: true }),
        description: string({ nullable: true }),
        path: string({ maxLength: 400, sticky: true }),
        serviceUrl: string({ maxLength: 2000, nullable: true }),
        protocols: array(string({ values: ['http', 'https', 'ws', 'wss'] })),
        type: string({ values: types, sticky: true }),
        apiRevision: string({ minLength: 1, maxLength: 100, sticky: true }),
        apiRevisionDescription: string({ maxLength: 256 }),
        apiVersion: string({ maxLength: 100, sticky: true }),
        apiVersionDescription: string({ maxLength: 256 }),
        apiVersionSetId: string({ sticky: true }),
        apiVersionSet: object({
          id: string(),
          name: string(),
          description: string(),
          versioningScheme: string(),
          versionQueryName: string(),
          versionHeaderName: string(),
        }),
        isCurrent: boolean(),
        isOnline: boolean({ readOnly: true }),
        subscriptionRequired: boolean({ sticky: true }),
        subscriptionKeyParameterNames: object({ header: string(), query: string() }, { sticky: true }),
        authenticationSettings: any({ nullable: true }),
        sourceApiId: string(),
        provisioningState: string({ readOnly: true }),
        contact: object({ name: string(), url: string(), email: string() }),
        license: object({ name: string(), url: string() }),
        termsOfServiceUrl: string(),
      },
      { required: true },
    ),
  },
  list: {
    count: true,
    async items({ parentId, reader, query, id }) {
      const expand = query.get('expandApiVersionSet') === 'true';
      const found: JsonObject[] = [];
      let after: string | undefined;
      do {
        const page = await reader.list({ parent: parentId, type: id.type, after, limit: 1000 });
        for (const record of page.items) {
          if (splitRevision(lastSegment(record.id)).revision !== null) continue;
          const document = presented(record);
          found.push(expand ? await withVersionSet(document, parentId, reader) : document);
        }
        after = page.next;
      } while (after !== undefined);
      return found;
    },
  },
  present: (_, record) => presented(record),
  put: { prepare },
  patch: { ifMatch: 'required', prepare },
  delete: { ifMatch: 'required', prepare: prepareDelete },
  actions: [
    {
      name: 'revisions',
      method: 'GET',
      async run({ resource, reader, id }) {
        if (!resource) return { body: { value: [], count: 0 } };
        const { api: name } = splitRevision(lastSegment(resource.id));
        const revisions = await revisionsOf(id.parentId, name, reader);
        const value = revisions.map((one) => {
          const revision = revisionOf(one);
          return {
            apiId: `/apis/${name};rev=${revision}`,
            apiRevision: revision,
            createdDateTime: one.createdAt,
            updatedDateTime: one.updatedAt,
            description: propertiesOf(one.body).apiRevisionDescription ?? null,
            privateUrl: `/${String(propertiesOf(one.body).path ?? '')};rev=${revision}`,
            isOnline: true,
            isCurrent: one === revisions[0],
          };
        });
        return { body: { value, count: value.length } };
      },
    },
    {
      name: 'products',
      method: 'GET',
      async run({ resource, reader, id }) {
        if (!resource) return { body: { value: [], count: 0 } };
        const { api: name } = splitRevision(lastSegment(resource.id));
        const { items } = await reader.list({
          parent: id.parentId,
          type: apiType.replace(/apis$/, 'products'),
          limit: 10_000,
        });
        const links = await reader.getMany(items.map((product) => `${product.id}/apis/${name}`));
        const ids = new Set(links.map((link) => link.key.replace(/\/apis\/[^/]+$/, '')));
        const value = items
          .filter((product) => ids.has(product.key))
          .map((product) => ({
            id: product.id,
            type: product.type,
            name: lastSegment(product.id),
            properties: propertiesOf(product.body) as JsonObject,
          }));
        return { body: { value, count: value.length } as JsonObject };
      },
    },
  ],
});

function presented(record: ResourceRecord): JsonObject {
  const name = lastSegment(record.id);
  const { systemData: _, ...body } = record.body;
  return {
    id: record.id,
    type: record.type,
    name,
    ...withProperties(body, {
      isCurrent: splitRevision(name).revision === null ? true : undefined,
      apiRevision: revisionOf(record),
    }),
  };
}

async function withVersionSet(document: JsonObject, serviceId: string, reader: StoreReader): Promise<JsonObject> {
  const { apiVersionSetId } = propertiesOf(document);
  if (typeof apiVersionSetId !== 'string') return document;
  const set = await reader.get(`${serviceId}/apiVersionSets/${lastSegment(apiVersionSetId)}`);
  if (!set) return document;
  return withProperties(document, {
    apiVersionSet: {
      id: set.id,
      name: String(propertiesOf(set.body).displayName ?? ''),
      ...withoutUndefined(propertiesOf(set.body)),
    },
  });
}

function withoutUndefined(value: JsonObject) {
  return JSON.parse(JSON.stringify(value));
}

async function prepare(write: WriteContext): Promise<Prepared> {
  const { body, existing, id, reader, raw } = write;
  const given = propertiesOf(raw);
  const problems: BodyProblem[] = [];
  const asked = splitRevision(lastSegment(write.id.text));
  let properties: JsonObject = { ...propertiesOf(body) };
  let operations: Operation[] = [];

  const source = await sourceOf(write);
  if (source === null)
    problems.push({
      target: 'properties.sourceApiId',
      message: `The API '${String(given.sourceApiId)}' was not found.`,
    });
  if (source && !existing) {
    properties = { ...inherited(propertiesOf(source.body)), ...properties };
    operations = await copies(source, id.text, reader);
  }
  const format = given.format;
  if (typeof format === 'string' && typeof given.value === 'string') {
    const imported = await importApi(
      {
        format,
        value: given.value,
        apiType: String(given.apiType ?? given.type ?? ''),
        wsdlSelector: given.wsdlSelector,
        translateRequiredQueryParameters: String(given.translateRequiredQueryParameters ?? 'template'),
      },
      { id: id.text, properties },
    );
    problems.push(...imported.problems);
    properties = { ...imported.properties, ...withoutNull(properties) };
    operations = [...(existing ? await replaced(id.text, reader, imported.operations) : []), ...imported.operations];
  }
  const type = String(given.apiType ?? given.type ?? properties.type ?? 'http').toLowerCase();
  properties = withDefaults(properties, types.includes(type) ? type : 'http', asked.revision);
  // What a specification that cannot be read would have said is not missing.
  if (problems.length === 0) problems.push(...(await problemsOf(properties, write)));
  const claim = await claimPath(id.parentId, id.text, properties, existing && propertiesOf(existing.body), reader);
  if (claim.takenBy !== null)
    problems.push({
      target: 'properties.path',
      message: `Cannot create API '${lastSegment(id.text)}': path '${String(properties.path)}' is used by the API '${claim.takenBy}' already.`,
    });
  const stored = Object.fromEntries(
    Object.entries(properties).filter(
      ([name]) =>
        !['format', 'value', 'wsdlSelector', 'sourceApiId', 'apiType', 'translateRequiredQueryParameters'].includes(
          name,
        ),
    ),
  );
  return {
    body: { ...body, properties: stored as never },
    operations: claim.operations,
    operationsAfter: operations,
    problems,
  };
}

/** The API that a new revision or version is made of; undefined: of none, null: it is not there. */
async function sourceOf({ raw, id, reader, existing }: WriteContext): Promise<ResourceRecord | null | undefined> {
  const { sourceApiId } = propertiesOf(raw);
  if (existing) return undefined;
  if (typeof sourceApiId === 'string' && sourceApiId !== '') {
    const name = lastSegment(sourceApiId.replace(/\/+$/, ''));
    const resolved = await resolveRevision(name, id.parentId, reader);
    return (await reader.get(`${id.parentId}/apis/${resolved}`)) ?? null;
  }
  const { api: name, revision } = splitRevision(lastSegment(id.text));
  return revision === null ? undefined : reader.get(`${id.parentId}/apis/${name}`);
}

function inherited(properties: JsonObject): JsonObject {
  const {
    apiRevision: _,
    apiRevisionDescription: __,
    isCurrent: ___,
    apiVersion: ____,
    apiVersionSetId: _____,
    ...rest
  } = properties;
  return rest;
}

async function copies(source: ResourceRecord, toId: string, reader: StoreReader): Promise<Operation[]> {
  const below = await belowOf(source.id, reader);
  return below
    .filter((record) => !/\/(releases|issues)(\/|$)/i.test(record.type.slice(apiType.length)))
    .map(
      (record): Operation => ({
        operation: 'put',
        id: `${toId}${record.id.slice(source.id.length)}`,
        type: record.type,
        body: record.body,
      }),
    );
}

/** An import replaces operations and schemas; policies of operations that stay are kept. */
async function replaced(apiId: string, reader: StoreReader, imported: readonly Operation[]): Promise<Operation[]> {
  const kept = new Set(imported.flatMap((one) => ('id' in one ? [one.id.toLowerCase()] : [])));
  const below = await belowOf(apiId, reader);
  const gone: Operation[] = [];
  for (const record of below) {
    const isOwn = /\/apis\/(operations|schemas)$/i.test(record.type);
    if (isOwn && !kept.has(record.key)) gone.push({ operation: 'deleteSubtree', id: record.id });
  }
  return gone;
}

function withDefaults(properties: JsonObject, type: string, revision: string | null): JsonObject {
  return {
    subscriptionRequired: true,
    subscriptionKeyParameterNames: { header: 'Ocp-Apim-Subscription-Key', query: 'subscription-key' },
    ...properties,
    type,
    apiRevision: revision ?? properties.apiRevision ?? '1',
    protocols: properties.protocols ?? [type === 'websocket' ? 'wss' : 'https'],
    isCurrent: undefined,
  };
}

function withoutNull(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined && value !== null));
}

async function problemsOf(properties: JsonObject, { id, reader }: WriteContext): Promise<BodyProblem[]> {
  const problems: BodyProblem[] = [];
  if (typeof properties.displayName !== 'string')
    problems.push({ target: 'properties.displayName', message: 'The member is required.' });
  if (typeof properties.path !== 'string')
    problems.push({ target: 'properties.path', message: 'The member is required.' });
  const { apiVersionSetId, apiVersion, serviceUrl } = properties;
  if (typeof serviceUrl === 'string' && serviceUrl !== '' && !/^(https?|wss?):\/\/[^/]/i.test(serviceUrl))
    problems.push({
      target: 'properties.serviceUrl',
      message: `The value '${serviceUrl}' is not an absolute http, https, ws or wss URL.`,
    });
  const setId = typeof apiVersionSetId === 'string' && apiVersionSetId !== '' ? apiVersionSetId : null;
  if (setId && !(await reader.get(`${id.parentId}/apiVersionSets/${lastSegment(setId)}`)))
    problems.push({ target: 'properties.apiVersionSetId', message: `The version set '${setId}' was not found.` });
  if (!setId && typeof apiVersion === 'string' && apiVersion !== '')
    problems.push({
      target: 'properties.apiVersionSetId',
      message: 'An API with an apiVersion needs an apiVersionSetId.',
    });
  return problems;
}

/** Without `deleteRevisions` the current revision cannot go while others are there. */
async function prepareDelete({ existing, id, query, reader }: DeleteContext): Promise<Prepared> {
  const { api: name, revision } = splitRevision(lastSegment(existing.id));
  const operations: Operation[] = [];
  if (revision === null) {
    const others = (await revisionsOf(id.parentId, name, reader)).slice(1);
    for (const other of others) operations.push({ operation: 'deleteSubtree', id: other.id });
    if (others.length > 0 && query.get('deleteRevisions') !== 'true')
      throw conflict(
        'ValidationError',
        `The API '${name}' has other revisions. Add deleteRevisions=true to delete them with it.`,
      );
    operations.push(
      ...(await linksTo(name, id.parentId, reader)),
      releasePath(id.parentId, propertiesOf(existing.body)),
    );
  }
  return { operations };
}

/** Products and gateways that hold the API. */
async function linksTo(name: string, serviceId: string, reader: StoreReader): Promise<Operation[]> {
  const links: Operation[] = [];
  for (const parent of ['products', 'gateways']) {
    const { items } = await reader.list({ parent: serviceId, type: apiType.replace(/apis$/, parent), limit: 10_000 });
    for (const link of await reader.getMany(items.map((one) => `${one.id}/apis/${name}`)))
      links.push({ operation: 'delete', id: link.id });
  }
  return links;
}
