import type { JsonObject, Operation, StoreReader } from '@lazuli/store';
import type { BodyProblem, Prepared, WriteContext } from '../../contract.ts';
import { lastSegment, propertiesOf } from '../../json/properties.ts';
import { importApi } from '../import/import-api.ts';
import { belowOf, splitRevision } from '../revisions.ts';
import { claimPath } from './api-paths.ts';
import { apiProblems } from './api-problems.ts';
import { apiTypes } from './api-types.ts';
import { copies, inherited, sourceOf } from './source-api.ts';

/**
 * What a PUT or PATCH of an API writes: the API itself, what an import or the source of a new revision puts below it, and the
 * claim to its path.
 */
export async function prepareApi(write: WriteContext): Promise<Prepared> {
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
      isReference: true,
    });
  if (source && !existing) {
    properties = { ...inherited(propertiesOf(source.body)), ...properties };
    operations = await copies(source, id.text, reader);
  }
  const format = given.format;
  // What is behind a link is known when the deployment runs, and with it what it says of the API.
  const isLater = write.call.preflight !== undefined && typeof format === 'string' && /-link\b/i.test(format);
  if (typeof format === 'string' && typeof given.value === 'string' && !isLater) {
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
  properties = withDefaults(properties, apiTypes.includes(type) ? type : 'http', asked.revision);
  // What a specification that cannot be read would have said is not missing.
  if (problems.length === 0 && !isLater) problems.push(...(await apiProblems(properties, write)));
  const claim = await claimPath(id.parentId, id.text, properties, existing && propertiesOf(existing.body), reader);
  if (claim.takenBy !== null)
    problems.push({
      target: 'properties.path',
      message: `Cannot create API '${lastSegment(id.text)}': path '${String(properties.path)}' is used by the API '${claim.takenBy}' already.`,
    });
  const stored = Object.fromEntries(Object.entries(properties).filter(([name]) => !onlyInRequests.includes(name)));
  return {
    body: { ...body, properties: stored as never },
    operations: claim.operations,
    operationsAfter: operations,
    problems,
  };
}

/** An import replaces operations and schemas; policies of operations that stay are kept. */
async function replaced(apiId: string, reader: StoreReader, imported: readonly Operation[]): Promise<Operation[]> {
  const kept = new Set(imported.flatMap((one) => ('id' in one ? [one.id.toLowerCase()] : [])));
  const below = await belowOf(apiId, reader);
  const gone: string[] = [];
  for (const record of below) {
    const isOwn = /\/apis\/(operations|schemas)$/i.test(record.type);
    if (isOwn && !kept.has(record.key)) gone.push(record.key);
  }
  // Each record by itself: a batch deletes only so many subtrees.
  return below
    .filter(({ key }) => gone.some((one) => key === one || key.startsWith(`${one}/`)))
    .map(({ id }) => ({ operation: 'delete', id }));
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

/** Members that say what to do, and are not kept. */
const onlyInRequests = [
  'format',
  'value',
  'wsdlSelector',
  'sourceApiId',
  'apiType',
  'translateRequiredQueryParameters',
];
