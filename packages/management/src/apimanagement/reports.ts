import type { JsonObject, JsonValue, StoreReader } from '@lazuli/store';
import type { ActionContext, ActionResult, ResourceAction, ResourceType } from '../contract.ts';
import { nextLink, readListOptions } from '../engine/list-options.ts';
import { armError } from '../errors.ts';
import { textOf } from '../json/properties.ts';
import { sortBy } from '../odata/order-by.ts';
import { refusedAction } from '../refused/refused-action.ts';
import { serviceType } from './api-management-type.ts';
import type { GatewayRuntime } from './gateway-runtime.ts';
import { longIdentifier } from './names.ts';
import { isSelected, type ReportFilter, readReportFilter } from './report-filter.ts';
import {
  addCounts,
  emptyCounts,
  type ReportCounts,
  type ReportKey,
  type ReportRow,
  type ReportSource,
  type RequestRecord,
} from './report-source.ts';
import { serviceIdOf } from './service-id.ts';

/** Reports over the requests that the managed gateway of this process has served. */
export function reports({ reports: source }: GatewayRuntime): ResourceType {
  const action = (name: string, run: ResourceAction['run']): ResourceAction =>
    source
      ? { name, on: 'collection', method: 'GET', run }
      : { ...refusedAction(name, 'Analytics reports', 'collection'), method: 'GET' };
  const by = (name: string, report: Report) => action(name, (context) => grouped(context, required(source), report));
  return {
    type: `${serviceType}/reports`,
    name: longIdentifier,
    get: false,
    list: false,
    actions: [
      by('byApi', { by: ['apiId'], names: ({ apiId }) => apiId && `apis/${apiId}` }),
      by('byGeo', { by: [], more: { country: 'unknown', region: 'unknown', zip: 'unknown' } }),
      by('byOperation', {
        by: ['apiId', 'operationId'],
        names: ({ apiId, operationId }) => apiId && operationId && `apis/${apiId}/operations/${operationId}`,
      }),
      by('byProduct', { by: ['productId'], names: ({ productId }) => productId && `products/${productId}` }),
      by('bySubscription', {
        by: ['subscriptionId', 'productId', 'userId'],
        names: ({ subscriptionId }) => subscriptionId && `subscriptions/${subscriptionId}`,
      }),
      by('byUser', { by: ['userId'], names: ({ userId }) => userId && `users/${userId}` }),
      action('byTime', (context) => overTime(context, required(source))),
      action('byRequest', (context) => requestsOf(context, required(source))),
    ],
  };
}

interface Report {
  readonly by: readonly (keyof ReportKey)[];
  /** The resource, below the service, whose display name the row has. */
  readonly names?: (key: ReportKey) => string | null;
  readonly more?: JsonObject;
}

async function grouped(
  context: ActionContext,
  source: ReportSource,
  { by, names, more }: Report,
): Promise<ActionResult> {
  const serviceId = serviceIdOf(context.id.text);
  const groups = new Map<string, { readonly key: ReportKey; readonly counts: ReportCounts }>();
  for (const row of selected(source.rows(serviceId), readReportFilter(context.query.get('$filter')))) {
    const text = JSON.stringify(by.map((field) => row[field]?.toLowerCase() ?? null));
    const group = groups.get(text) ?? { key: row, counts: emptyCounts() };
    groups.set(text, group);
    addCounts(group.counts, row.counts);
  }
  const paths = names ? [...groups.values()].map(({ key }) => names(key)) : [];
  const titles = await titlesOf(serviceId, paths, context.reader);
  const items = [...groups.values()].map(({ key, counts }) => {
    const path = names?.(key);
    return {
      ...(names ? { name: path ? (titles.get(path.toLowerCase()) ?? path.slice(path.lastIndexOf('/') + 1)) : '' } : {}),
      ...more,
      ...shownKey(key, by),
      ...shownCounts(counts),
    };
  });
  return page(context, items);
}

/** Periods of `interval`, a multiple of 15 minutes. */
function overTime(context: ActionContext, source: ReportSource): ActionResult {
  const interval = context.query.get('interval') ?? '';
  const periodMs = intervalMs(interval);
  const periods = new Map<number, ReportCounts>();
  const serviceId = serviceIdOf(context.id.text);
  for (const row of selected(source.rows(serviceId), readReportFilter(context.query.get('$filter')))) {
    const start = Math.floor(row.start / periodMs) * periodMs;
    const counts = periods.get(start) ?? emptyCounts();
    periods.set(start, counts);
    addCounts(counts, row.counts);
  }
  const items = [...periods]
    .sort(([a], [b]) => a - b)
    .map(([start, counts]) => ({ timestamp: new Date(start).toISOString(), interval, ...shownCounts(counts) }));
  return page(context, items);
}

function requestsOf(context: ActionContext, source: ReportSource): ActionResult {
  const filter = readReportFilter(context.query.get('$filter'));
  const items: JsonObject[] = [];
  for (const one of source.requests(serviceIdOf(context.id.text)))
    if (one.timestamp >= filter.from && one.timestamp <= filter.to && isSelected(one, filter))
      items.push(shownRequest(one));
  return page(context, items);
}

/** A period counts as a whole when a part of it is asked for. */
function* selected(rows: Iterable<ReportRow>, filter: ReportFilter): Generator<ReportRow> {
  for (const row of rows)
    if (row.start <= filter.to && row.start + row.periodMs > filter.from && isSelected(row, filter)) yield row;
}

function page({ query, call }: ActionContext, items: readonly JsonObject[]): ActionResult {
  // The filter has its own grammar here.
  const others = query.entries.filter(([name]) => name.toLowerCase() !== '$filter');
  const get = (name: string) => others.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  const options = readListOptions({ entries: others, get }, { pageSize: 1000 });
  const sorted = options.orderBy ? sortBy(items, options.orderBy, options.reader) : items;
  const offset = options.token?.offset ?? options.skip;
  const value = sorted.slice(offset, offset + options.pageSize);
  const end = offset + value.length;
  const more = end < sorted.length ? { nextLink: nextLink(call, { offset: end }) } : {};
  return { body: { value: value as JsonValue, count: sorted.length, ...more } };
}

async function titlesOf(
  serviceId: string,
  paths: readonly (string | null)[],
  reader: StoreReader,
): Promise<ReadonlyMap<string, string>> {
  const ids = paths.filter((path) => path !== null).map((path) => `${serviceId}/${path}`);
  const titles = new Map<string, string>();
  for (let at = 0; at < ids.length; at += 10_000)
    for (const record of await reader.getMany(ids.slice(at, at + 10_000))) {
      const person = [textOf(record, 'firstName'), textOf(record, 'lastName')].filter(Boolean).join(' ');
      const title = textOf(record, 'displayName') ?? person;
      if (title !== '') titles.set(record.key.slice(serviceId.length + 1), title);
    }
  return titles;
}

function shownKey(key: ReportKey, by: readonly (keyof ReportKey)[]): JsonObject {
  const { apiId, operationId, productId, subscriptionId, userId } = key;
  const shown: Readonly<Record<keyof ReportKey, string | null>> = {
    apiId: apiId && `/apis/${apiId}`,
    operationId: apiId && operationId && `/apis/${apiId}/operations/${operationId}`,
    productId: productId && `/products/${productId}`,
    subscriptionId: subscriptionId && `/subscriptions/${subscriptionId}`,
    userId: userId && `/users/${userId}`,
  };
  return Object.fromEntries(by.flatMap((field) => (shown[field] === null ? [] : [[field, shown[field]]])));
}

function shownCounts({ success, blocked, failed, other, bandwidth, ...counts }: ReportCounts): JsonObject {
  const { cacheHits, cacheMisses, apiTime, serviceTime } = counts;
  return {
    callCountSuccess: success,
    callCountBlocked: blocked,
    callCountFailed: failed,
    callCountOther: other,
    callCountTotal: success + blocked + failed + other,
    bandwidth,
    cacheHitCount: cacheHits,
    cacheMissCount: cacheMisses,
    apiTimeAvg: average(apiTime),
    apiTimeMin: apiTime.min,
    apiTimeMax: apiTime.max,
    serviceTimeAvg: average(serviceTime),
    serviceTimeMin: serviceTime.min,
    serviceTimeMax: serviceTime.max,
  };
}

function average({ sum, count }: { readonly sum: number; readonly count: number }): number {
  return count === 0 ? 0 : Math.round((sum / count) * 10_000) / 10_000;
}

function shownRequest(one: RequestRecord): JsonObject {
  return {
    ...shownKey(one, ['apiId', 'operationId', 'productId', 'userId', 'subscriptionId']),
    method: one.method,
    url: one.url,
    ipAddress: one.ipAddress,
    ...(one.backendResponseCode === null ? {} : { backendResponseCode: String(one.backendResponseCode) }),
    responseCode: one.responseCode,
    responseSize: one.responseSize,
    timestamp: new Date(one.timestamp).toISOString(),
    cache: one.cache,
    apiTime: one.apiTime,
    serviceTime: one.serviceTime ?? 0,
    apiRegion: 'unknown',
    requestId: one.requestId,
  };
}

const quarterMs = 15 * 60_000;

function intervalMs(interval: string): number {
  const match = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?$/i.exec(interval);
  const [days, hours, minutes] = (match?.slice(1) ?? []).map((text) => Number(text ?? 0));
  const length = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000;
  if (length === 0 || length % quarterMs !== 0)
    throw armError('InvalidQueryParameter', {
      parameter: 'interval',
      value: interval,
      expected: 'a duration that is a multiple of 15 minutes, such as PT15M or P1D',
    });
  return length;
}

function required(source: ReportSource | undefined): ReportSource {
  if (!source) throw armError('UnsupportedFeature', { feature: 'Analytics reports' });
  return source;
}
