import { HeaderList } from '@lazuli/policies';
import { AUDIT_LOG, type JsonObject, type JsonValue, type LogAppend, type NewLogEntry } from '@lazuli/store';
import { allRecords } from '../caching/record-cache.ts';
import { requirePermission } from '../engine/access.ts';
import { StaleReadError, writeBatch } from '../engine/commit.ts';
import { dispatch } from '../engine/dispatch.ts';
import { ArmError, armError } from '../errors.ts';
import { pathSegments } from '../http/path.ts';
import { parseQuery } from '../http/query.ts';
import { parseArmId } from '../ids/arm-id.ts';
import { isJsonObject, memberOf, objectAt, stringAt } from '../json/json.ts';
import { readJsonObject } from '../json/read-json.ts';
import type { Route } from '../routes/route.ts';
import type { Call, Method, Services } from '../services.ts';
import { describeChange, isChanged } from './describe-change.ts';
import { type StagedChange, StagedStore } from './staged-store.ts';

/** Bytes of a change set at most: the folder of a large service with its specifications. */
const bodyBytes = 64 * 1024 * 1024;
const mostRequests = 50_000;
/** Operations and log entries that a store takes in one batch. */
const batchOperations = 10_000;

interface ChangeRequest {
  readonly method: Method;
  /** Path and query, `api-version` in it. */
  readonly url: string;
  readonly body: JsonObject;
}

/**
 * Lazuli's own: many writes that happen together or not at all, each checked as if it had come alone after those before it.
 *
 *     POST /providers/Lazuli.Management/changeSets?api-version=2026-11-01
 *     { "mode": "Apply", "scope": "/subscriptions/…/service/x", "requests": [{ "method": "PUT", "url": "/…", "body": {} }] }
 *
 * answers what changes (`changes`: `Create`, `Modify` with the properties, `Delete`, `NoChange`) and which resources below
 * `scope` no request named (`unmentioned`). `"mode": "WhatIf"` writes nothing. Requests that change nothing are not written.
 * When any is refused, all problems are answered together and nothing is written.
 */
export const changeSet: Route = {
  methods: ['POST'],
  path: '/providers/Lazuli.Management/changeSets',
  apiVersions: ['2026-11-01'],
  async run({ services, call }) {
    const body = readJsonObject(await call.readBody(bodyBytes));
    const isApply = modeOf(body) === 'apply';
    const requests = requestsOf(body);
    const stage = new StagedStore(services.store, services.now);
    const staged: Services = { ...services, store: stage.asStore(), wrote: () => {} };
    await runAll(staged, call, requests);
    const changes = await stage.changes();
    const scope = stringAt(body, 'scope');
    const unmentioned = scope === undefined ? [] : await unmentionedBelow(staged, call, scope, requests);
    const changed = changes.filter(isChanged);
    if (isApply && changed.length > 0) await write(services, stage, changed);
    return {
      status: 200,
      body: {
        status: isApply ? 'Applied' : 'Predicted',
        // What providers keep for themselves is no resource to anybody else.
        changes: changes
          .filter(({ before, after }) => services.registry.type((after ?? before)?.type ?? '') !== undefined)
          .map((change) => describeChange(services.registry, change)),
        ...(scope === undefined ? {} : { unmentioned }),
      },
    };
  },
};

function modeOf(body: JsonObject): 'apply' | 'whatif' {
  const mode = stringAt(body, 'mode')?.toLowerCase() ?? 'apply';
  if (mode === 'apply' || mode === 'whatif') return mode;
  throw armError('InvalidRequestBody', { reason: `the mode is '${mode}'; expected 'Apply' or 'WhatIf'` });
}

function requestsOf(body: JsonObject): readonly ChangeRequest[] {
  const given = memberOf(body, 'requests') ?? [];
  if (!Array.isArray(given) || given.length > mostRequests)
    throw armError('InvalidRequestBody', { reason: `'requests' must be an array of at most ${mostRequests}` });
  return given.map((one: JsonValue, index) => {
    const request = isJsonObject(one) ? one : {};
    const method = (['PUT', 'PATCH', 'DELETE'] as const).find((each) => each === stringAt(request, 'method'));
    const url = stringAt(request, 'url');
    if (method === undefined || url === undefined || !url.startsWith('/'))
      throw armError('InvalidRequestBody', {
        reason: `requests[${index}] needs a method (PUT, PATCH or DELETE) and a url that begins with '/'`,
      });
    return { method, url, body: objectAt(request, 'body') };
  });
}

async function runAll(staged: Services, call: Call, requests: readonly ChangeRequest[]): Promise<void> {
  const problems: { code: string; message: string; target: string }[] = [];
  for (const request of requests) {
    try {
      await dispatch(staged, [], callOf(staged, call, request));
    } catch (error) {
      if (!(error instanceof ArmError) || error.status >= 500) throw error;
      const { code, message, details = [] } = error.body;
      const target = `/${pathSegments(request.url.split('?')[0] ?? '').join('/')}`;
      const inner = details.length > 0 ? details : [{ code, message }];
      for (const detail of inner)
        problems.push({
          code: detail.code,
          message: detail.target === undefined ? detail.message : `${detail.target}: ${detail.message}`,
          target,
        });
    }
  }
  if (problems.length === 0) return;
  // What lies in a resource that is refused cannot be there either: only the cause is worth a word.
  const causes = problems.filter(({ code }) => code !== 'ParentResourceNotFound');
  const told = causes.length > 0 ? causes : problems;
  const count = new Set(told.map(({ target }) => target)).size;
  throw armError('ChangeSetRefused', { count }, { details: told });
}

function callOf({ registry }: Services, call: Call, { method, url, body }: ChangeRequest): Call {
  const [path = '', ...query] = url.split('?');
  const segments = pathSegments(path);
  const id = parseArmId(`/${segments.join('/')}`);
  const type = registry.type(id?.type ?? '')?.type;
  // The frame's own types look at the store itself, and work that outlives a request begins at once: neither can be staged.
  const isStaged =
    type !== undefined &&
    !/^Microsoft\.(Resources|Authorization)\//i.test(type.type) &&
    [type.put, type.patch, type.delete].every((behaviour) => behaviour?.longRunning === undefined);
  if (!isStaged) throw armError('UnsupportedFeature', { feature: `'${path}' in a change set` });
  return {
    ...call,
    method,
    segments,
    query: parseQuery(query.join('?')),
    headers: new HeaderList(),
    readBody: async () => Buffer.from(JSON.stringify(body)),
    unconditional: true,
  };
}

async function unmentionedBelow(
  staged: Services,
  call: Call,
  scope: string,
  requests: readonly ChangeRequest[],
): Promise<JsonValue[]> {
  const type = parseArmId(scope)?.type ?? 'Microsoft.Resources';
  await requirePermission(staged, call, `${type}/read`, scope, type);
  const named = new Set<string>();
  for (const { url } of requests) {
    const id = parseArmId(`/${pathSegments(url.split('?')[0] ?? '').join('/')}`);
    if (id !== undefined) named.add(id.text.toLowerCase());
  }
  const found: JsonValue[] = [];
  for await (const record of allRecords(staged.store, { scope }))
    if (!named.has(record.key) && staged.registry.type(record.type) !== undefined)
      found.push({ id: record.id, type: record.type, isNew: record.sequence === 0 });
  return found;
}

/** One batch; what no batch can hold becomes visible at once all the same. */
async function write(services: Services, stage: StagedStore, changed: readonly StagedChange[]): Promise<void> {
  const operations = stage.operations(changed);
  const entries = entriesOf(stage.append, changed);
  try {
    if (operations.length + entries.length <= batchOperations) {
      await writeBatch(services, operations, entries);
      return;
    }
    const release = await services.holdPublishing('change set');
    try {
      for (let at = 0; at < Math.max(operations.length, entries.length); at += batchOperations / 2) {
        const end = at + batchOperations / 2;
        await writeBatch(services, operations.slice(at, end), entries.slice(at, end));
      }
    } finally {
      await release();
    }
  } catch (error) {
    if (error instanceof StaleReadError)
      throw armError('Conflict', { id: changed[0]?.after?.id ?? changed[0]?.before?.id ?? '' }, { cause: error });
    throw error;
  }
}

/** Entries about what changed, or what lies above it; a request that changed nothing leaves none. */
function entriesOf(appended: readonly LogAppend[], changed: readonly StagedChange[]): NewLogEntry[] {
  const subjects = new Set<string>();
  for (const { before, after } of changed) {
    const segments = (after ?? before)?.key.split('/') ?? [];
    for (let end = segments.length; end > 1; end--) subjects.add(segments.slice(0, end).join('/'));
  }
  return appended
    .filter(({ log }) => log === AUDIT_LOG)
    .flatMap(({ entries }) => entries)
    .filter(({ subject }) => subject === undefined || subjects.has(subject.toLowerCase()));
}
