import type { JsonObject, ResourceRecord } from '@lazuli/store';
import { allRecords } from '../caching/record-cache.ts';
import type { ArmResponse, ListBehaviour } from '../contract.ts';
import { armError } from '../errors.ts';
import { defined } from '../json/json.ts';
import { matches } from '../odata/matches.ts';
import { sortBy } from '../odata/order-by.ts';
import { presentRecord } from './document.ts';
import { type Invocation, readContext } from './invocation.ts';
import { type ListOptions, nextLink, readListOptions } from './list-options.ts';

/** GET of a collection: filtered, sorted, in pages. */
export async function listResources(invocation: Invocation): Promise<ArmResponse> {
  const { call, type } = invocation;
  const behaviour = type.type.list === false ? undefined : (type.type.list ?? {});
  if (behaviour === undefined) throw armError('MethodNotAllowed', { method: call.method });
  const options = readListOptions(call.query, behaviour);
  const isSorted = behaviour.items !== undefined || options.orderBy !== undefined;
  const page = isSorted
    ? await sortedPage(invocation, behaviour, options)
    : await storedPage(invocation, behaviour, options);
  const link = page.next === undefined ? {} : { nextLink: nextLink(call, page.next) };
  const count = page.count === undefined ? {} : { count: page.count };
  return { status: 200, body: { value: page.items.map(defined), ...count, ...link } };
}

interface Page {
  readonly items: readonly JsonObject[];
  readonly next?: { readonly after?: string; readonly offset?: number };
  readonly count?: number;
}

/** In the order of the store: only as much is read as the page needs. */
async function storedPage(invocation: Invocation, behaviour: ListBehaviour, options: ListOptions): Promise<Page> {
  const { services } = invocation;
  const context = readContext(invocation);
  const filter = storeFilter(invocation);
  const items: JsonObject[] = [];
  let skip = options.token?.after === undefined ? options.skip : 0;
  let after: string | undefined;
  let next: Page['next'];
  for await (const record of allRecords(services.store, filter, options.token?.after)) {
    if (!(await isVisible(invocation, record))) continue;
    const document = await presentRecord(invocation.type, record, context);
    if (options.filter !== undefined && !matches(options.filter, options.reader(document), () => true)) continue;
    if (skip > 0) {
      skip--;
      continue;
    }
    if (items.length === options.pageSize) {
      next = { after };
      break;
    }
    items.push(document);
    after = record.key;
  }
  return { items, next, count: behaviour.count ? await countAll(invocation, options) : undefined };
}

async function countAll(invocation: Invocation, options: ListOptions): Promise<number> {
  const filter = storeFilter(invocation);
  if (options.filter === undefined) return invocation.services.store.count(filter);
  const context = readContext(invocation);
  let count = 0;
  for await (const record of allRecords(invocation.services.store, filter)) {
    const document = await presentRecord(invocation.type, record, context);
    if (matches(options.filter, options.reader(document), () => true)) count++;
  }
  return count;
}

async function sortedPage(invocation: Invocation, behaviour: ListBehaviour, options: ListOptions): Promise<Page> {
  const context = readContext(invocation);
  let items: readonly JsonObject[];
  if (behaviour.items !== undefined) items = await behaviour.items({ ...context, parentId: invocation.id.parentId });
  else {
    const found: JsonObject[] = [];
    for await (const record of allRecords(invocation.services.store, storeFilter(invocation)))
      if (await isVisible(invocation, record)) found.push(await presentRecord(invocation.type, record, context));
    items = found;
  }
  const { filter, orderBy, reader } = options;
  if (filter !== undefined) items = items.filter((item) => matches(filter, reader(item), () => true));
  if (orderBy !== undefined) items = sortBy(items, orderBy, reader);
  const from = options.token?.offset ?? options.skip;
  const to = from + options.pageSize;
  return {
    items: items.slice(from, to),
    next: to < items.length ? { offset: to } : undefined,
    count: behaviour.count ? items.length : undefined,
  };
}

/** Direct children of what the collection lies in; of a subscription everything of the type. */
function storeFilter({ id, type, services }: Invocation): { type: string; parent?: string; scope?: string } {
  const isWide = !isListedInPlace(services.registry.type(type.type.type) ?? type, id.resourceGroup, id.subscriptionId);
  return isWide ? { type: type.type.type, scope: id.parentId } : { type: type.type.type, parent: id.parentId };
}

function isListedInPlace(
  { type, parent }: Invocation['type'],
  resourceGroup: string | undefined,
  subscription: string | undefined,
): boolean {
  if (parent !== undefined || resourceGroup !== undefined) return true;
  return (
    subscription === undefined ||
    (type.scopes ?? ['resourceGroup']).some((scope) => scope === 'subscription' || scope === 'extension')
  );
}

/** Who has no right over the whole collection sees what there is one over. */
async function isVisible({ allowedBy, services, call, action }: Invocation, record: ResourceRecord): Promise<boolean> {
  return allowedBy !== undefined || services.authorizer.allows(call.principal, action, record.id);
}
