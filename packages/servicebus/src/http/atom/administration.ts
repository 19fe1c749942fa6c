import type { EntityRecord } from '../../contract.ts';
import { ServiceBusError } from '../../errors.ts';
import { authorize, authorizeForwarding } from '../authorize.ts';
import type { HttpAnswer, HttpCall } from '../http-contract.ts';
import { readBody } from '../read-body.ts';
import type { Route } from '../route.ts';
import { pageOf } from './page.ts';
import { readEntry } from './read-entry.ts';
import { type EntryPlace, writeEntry, writeEntryDocument, writeFeed, writeNamespaceDocument } from './write-entry.ts';

/** Routes of the administration ("Service Bus management via REST, entities"). */
export type AdministrationRoute = Exclude<Route, { kind: 'messages' | 'head' | 'message' }>;

const entryType = 'application/atom+xml;type=entry;charset=utf-8';
const feedType = 'application/atom+xml;type=feed;charset=utf-8';

/** @throws {ServiceBusError} */
export async function administer(call: HttpCall, route: AdministrationRoute): Promise<HttpAnswer> {
  const { method } = call.request;
  switch (route.kind) {
    case 'namespaceInformation':
      requireMethod(method, ['GET']);
      await authorize(call, 'Manage', '$namespaceinfo');
      return {
        status: 200,
        contentType: entryType,
        body: writeNamespaceDocument(call.namespace.information, call.authority, apiVersionOf(call)),
      };
    case 'entities': {
      const name = route.of === 'queue' ? 'Queues' : 'Topics';
      requireMethod(method, ['GET']);
      await authorize(call, 'Manage', `$Resources/${name}`);
      return feed(call, name, await call.namespace.directory.list(route.of));
    }
    case 'subscriptions':
      requireMethod(method, ['GET']);
      await authorize(call, 'Manage', `${route.topic}/Subscriptions`);
      return feed(call, 'Subscriptions', await call.namespace.directory.subscriptions(route.topic));
    case 'rules': {
      const { topic, subscription } = route;
      requireMethod(method, ['GET']);
      await authorize(call, 'Manage', `${topic}/Subscriptions/${subscription}/Rules`);
      return feed(call, 'Rules', await call.namespace.directory.rules(topic, subscription));
    }
    default:
      requireMethod(method, ['GET', 'PUT', 'DELETE']);
      await authorize(call, 'Manage', route.path);
      if (method === 'PUT') return put(call, route);
      if (method === 'DELETE') {
        await call.namespace.directory.delete(route.path);
        return { status: 200 };
      }
      return get(call, route.path);
  }
}

/** An entity that is not there is a feed without entries. */
async function get(call: HttpCall, path: string): Promise<HttpAnswer> {
  const record = await call.namespace.directory.get(path);
  if (record === undefined) return feed(call, 'Publicly Listed Services', []);
  return { status: 200, contentType: entryType, body: writeEntryDocument(record, placeOf(call)) };
}

async function put(
  call: HttpCall,
  { kind, path }: Extract<AdministrationRoute, { kind: 'entity' | 'subscription' | 'rule' }>,
): Promise<HttpAnswer> {
  const { request, namespace, limits, authority } = call;
  const ifMatch = request.headers.get('If-Match');
  if (ifMatch !== undefined && ifMatch.trim() !== '*')
    throw new ServiceBusError('BadRequest', { reason: "'If-Match' must be '*' (update) or absent (create)." });
  const mode = ifMatch === undefined ? 'create' : 'update';
  const described = readEntry(await readBody(request, limits.descriptionBytes), authority);
  const fits = kind === 'entity' ? described.kind === 'queue' || described.kind === 'topic' : described.kind === kind;
  if (!fits)
    throw new ServiceBusError('BadRequest', {
      reason: `A ${described.kind} cannot be put at '${path}', which is the place of a ${kind === 'entity' ? 'queue or topic' : kind}.`,
    });
  const { forwardTo, forwardDeadLetteredMessagesTo } = described.properties;
  if (typeof forwardTo === 'string') await authorizeForwarding(call, 'ServiceBusSupplementaryAuthorization', forwardTo);
  if (typeof forwardDeadLetteredMessagesTo === 'string')
    await authorizeForwarding(call, 'ServiceBusDlqSupplementaryAuthorization', forwardDeadLetteredMessagesTo);
  if (mode === 'update') {
    const existing = await namespace.directory.get(path);
    if (existing === undefined || existing.kind !== described.kind)
      throw new ServiceBusError('EntityNotFound', { entity: path });
  }
  const properties =
    mode === 'create' && described.defaultRule !== undefined
      ? { ...described.properties, defaultRule: described.defaultRule }
      : described.properties;
  const record = await namespace.directory.put(path, described.kind, properties, mode);
  return {
    status: mode === 'create' ? 201 : 200,
    contentType: entryType,
    body: writeEntryDocument(record, placeOf(call)),
  };
}

function feed(call: HttpCall, title: string, records: readonly EntityRecord[]): HttpAnswer {
  const place = placeOf(call);
  const page = pageOf(call, records);
  const entries = page.items.map((record) => writeEntry(record, place));
  const updated = new Date(call.clock.now()).toISOString();
  return { status: 200, contentType: feedType, body: writeFeed(title, page.self, page.next, updated, entries) };
}

function placeOf(call: HttpCall): EntryPlace {
  const { served } = call.namespace;
  return { authority: call.authority, apiVersion: apiVersionOf(call), runtime: (path) => served.runtime(path) };
}

/** @throws {ServiceBusError} `BadRequest` */
function apiVersionOf({ query }: HttpCall): string {
  const version = query.get('api-version') ?? '2017-04';
  if (!/^\d{4}-\d{2}$/.test(version))
    throw new ServiceBusError('BadRequest', {
      reason: `The api-version '${version.slice(0, 50)}' is not supported; supported are 2017-04 and 2021-05.`,
    });
  return version;
}

function requireMethod(method: string, allowed: readonly string[]): void {
  if (!allowed.includes(method))
    throw new ServiceBusError('BadRequest', {
      reason: `Method ${method} is not allowed here; allowed are ${allowed.join(', ')}.`,
    });
}
