import type { JsonObject, Operation, ResourceRecord } from '@lazuli/store';
import type { ArmResponse, LongRunning, PutBehaviour, WriteContext } from '../contract.ts';
import { armError } from '../errors.ts';
import { defined, isJsonObject, keyOf, mergePatch } from '../json/json.ts';
import { operationHeaders } from '../operations/operation-headers.ts';
import type { LongOperation } from '../operations/operation-store.ts';
import { normalise } from '../schema/normalise.ts';
import { commit, retryStale } from './commit.ts';
import { checkConditions, quotedTag, readConditions } from './conditions.ts';
import { presentRecord, systemData } from './document.ts';
import { notFound } from './get-resource.ts';
import { type Invocation, readContext } from './invocation.ts';
import { writeWork } from './long-work.ts';
import { checkLocation, tagProblems } from './tracked.ts';
import { validationError } from './validation-error.ts';

/** PUT: creates the resource or replaces it. */
export async function putResource(invocation: Invocation, raw: JsonObject): Promise<ArmResponse> {
  const { type, call, services, id } = invocation;
  const behaviour = type.type.put;
  if (behaviour === undefined) throw armError('MethodNotAllowed', { method: 'PUT' });
  return retryStale(id.text, async () => {
    const existing = await services.store.get(id.text);
    checkConditions(
      readConditions(call.headers),
      id.text,
      existing,
      existing !== undefined && behaviour.ifMatch === 'required' && !call.unconditional,
    );
    const status = existing === undefined ? (behaviour.created ?? 201) : (behaviour.replaced ?? 200);
    return write(invocation, { raw, existing, status, behaviour, longRunning: behaviour.longRunning, isMerged: false });
  });
}

/** PATCH: merge-patch over what is stored, then as PUT. */
export async function patchResource(invocation: Invocation, patch: JsonObject): Promise<ArmResponse> {
  const { type, call, services, id } = invocation;
  const behaviour = type.type.patch;
  if (behaviour === undefined) throw armError('MethodNotAllowed', { method: 'PATCH' });
  return retryStale(id.text, async () => {
    const existing = await services.store.get(id.text);
    if (existing === undefined) throw notFound(id);
    checkConditions(
      readConditions(call.headers),
      id.text,
      existing,
      behaviour.ifMatch === 'required' && !call.unconditional,
    );
    const raw = (behaviour.merge ?? mergePatch)(existing.body, withoutEnvelope(patch));
    return write(invocation, {
      raw,
      existing,
      status: behaviour.status ?? 200,
      behaviour: { prepare: behaviour.prepare ?? type.type.put?.prepare },
      longRunning: behaviour.longRunning ?? type.type.put?.longRunning,
      isMerged: true,
    });
  });
}

interface Write {
  readonly raw: JsonObject;
  readonly existing?: ResourceRecord;
  readonly status: number;
  readonly behaviour: Pick<PutBehaviour, 'prepare'>;
  readonly longRunning?: LongRunning;
  readonly isMerged: boolean;
}

async function write(invocation: Invocation, request: Write): Promise<ArmResponse> {
  const { type, call, services, id } = invocation;
  const { existing } = request;
  const context = await checkedBody(invocation, request);
  const prepared = (await request.behaviour.prepare?.(context)) ?? {};
  const problems = (prepared.problems ?? []).filter(({ isReference }) => !(call.preflight && isReference));
  if (problems.length > 0) throw validationError(type.provider, problems);

  const body = { ...(prepared.body ?? context.body), systemData: systemData(call.principal, call.now, existing?.body) };
  const longRunning = request.longRunning;
  const status = prepared.status ?? request.status;
  const kind = request.isMerged ? 'patch' : 'put';
  const started =
    longRunning === undefined
      ? undefined
      : services.operations.create(longOperation(invocation, kind, longRunning, context.body));
  const stored = started === undefined ? body : withState(body, existing === undefined ? 'Creating' : 'Updating');
  const operations: Operation[] = [
    ...parentStands(invocation),
    ...(prepared.operations ?? []),
    {
      operation: 'put',
      id: existing?.id ?? id.text,
      type: type.type.type,
      body: stored,
      secrets: { ...Object.fromEntries(context.secrets), ...removed(context, request), ...prepared.secrets },
      // What the hooks have seen must still be what is there.
      ...(existing === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: existing.etag }),
    },
    ...(prepared.operationsAfter ?? []),
    ...(started === undefined ? [] : [started.write]),
  ];
  const result = await commit(invocation, id.text, operations, status);
  if (result === undefined) return { status, body: dryRunDocument(invocation, stored) };

  const record = result.results
    .map((one) => (one.operation === 'put' ? one.record : undefined))
    .find((one) => one?.key === (existing?.key ?? id.text.toLowerCase()));
  if (record === undefined) throw armError('InternalServerError', { correlationId: call.correlationId });
  const headers: Record<string, string> = { ETag: quotedTag(record.etag) };
  if (started !== undefined && longRunning !== undefined) {
    services.operations.run(started.operation, writeWork(services, longRunning, started.operation));
    Object.assign(headers, operationHeaders(call, started.operation, longRunning));
  }
  if (status === 204) return { status, headers };
  return { status, headers, body: await presentRecord(type, record, readContext(invocation)) };
}

/** The body checked and normalised; all its problems are reported together. */
async function checkedBody(
  invocation: Invocation,
  request: Write,
): Promise<WriteContext & { readonly removedSecrets: readonly string[] }> {
  const { type, services, id, call, parent } = invocation;
  const { existing, isMerged } = request;
  const raw = withoutEnvelope(type.type.upgradeBody?.(request.raw, id.name) ?? request.raw);
  const tracked = type.type.tracked ?? false;
  const location = tracked ? { location: checkLocation(raw, existing?.body, id, services.locations) } : {};
  const tagKey = keyOf(raw, 'tags');
  const tags = tagKey === undefined ? undefined : raw[tagKey];
  const normalised = normalise(type.type.body ?? {}, {
    raw,
    stored: existing?.body,
    storedSecrets: existing?.secretFields,
    isMerged,
  });
  const problems = [...normalised.problems, ...(tracked ? tagProblems(tags) : [])];
  if (problems.length > 0) throw validationError(type.provider, problems);
  return {
    ...readContext(invocation),
    kind: existing === undefined ? 'create' : isMerged ? 'update' : 'replace',
    name: id.name,
    body: { ...normalised.body, ...location },
    raw,
    secrets: normalised.secrets,
    removedSecrets: normalised.removedSecrets,
    existing,
    parent,
    dryRun: call.dryRun ?? false,
  };
}

function removed(context: { readonly removedSecrets: readonly string[] }, { existing }: Write): Record<string, null> {
  const fields = context.removedSecrets.filter((field) => existing?.secretFields.includes(field));
  return Object.fromEntries(fields.map((field) => [field, null]));
}

/** Members of the envelope that requests may carry and that the frame decides. */
function withoutEnvelope(raw: JsonObject): JsonObject {
  const own = new Set(['id', 'name', 'type', 'systemdata', 'apiversion', 'etag']);
  const isKept = ([key, value]: [string, unknown]) =>
    !own.has(key.toLowerCase()) && !(value === null && key.toLowerCase() === 'tags');
  return Object.fromEntries(Object.entries(raw).filter(isKept));
}

/** The parent may have been deleted since it was read: then nothing is written. */
function parentStands({ parent }: Invocation): Operation[] {
  return parent === undefined ? [] : [{ operation: 'require', id: parent.id, ifMatch: '*' }];
}

function withState(body: JsonObject, provisioningState: string): JsonObject {
  const properties = isJsonObject(body.properties) ? body.properties : {};
  return { ...body, properties: defined({ ...properties, provisioningState }) };
}

function longOperation(invocation: Invocation, kind: string, { onRestart }: LongRunning, body: JsonObject) {
  const { type, call, id, action } = invocation;
  return {
    namespace: type.provider.namespace,
    resourceId: id.text,
    resourceType: type.type.type,
    kind,
    action,
    principal: call.principal,
    correlationId: call.correlationId,
    onRestart,
    body: onRestart === 'repeat' ? body : undefined,
  } satisfies Omit<LongOperation, 'id' | 'status' | 'startTime'>;
}

function dryRunDocument({ id, type }: Invocation, body: JsonObject): JsonObject {
  return { id: id.text, name: id.name, type: type.type.type, ...body };
}
