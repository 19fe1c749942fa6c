import { AUDIT_LOG, type JsonObject } from '@lazuli/store';
import { nextLink } from '../engine/list-options.ts';
import { armError } from '../errors.ts';
import { defined, isJsonObject } from '../json/json.ts';
import { type FilterNode, parseFilter } from '../odata/filter.ts';
import { FilterSyntaxError } from '../odata/lexer.ts';
import { matches } from '../odata/matches.ts';
import type { Route } from './route.ts';

const pageSize = 200;
/** Azure keeps the activity log for 90 days, and answers without a filter for a shorter time. */
const defaultDays = 90;

/** Activity log (Azure Monitor): what the audit log says of the subscription, newest first. */
export const activityLog: Route = {
  methods: ['GET'],
  path: '/subscriptions/{subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values',
  apiVersions: ['2017-03-01-preview', '2015-04-01', '2014-04-01'],
  permission: 'Microsoft.Insights/eventtypes/management/values/read',
  async run({ services, call }) {
    const text = call.query.get('$filter') ?? '';
    const filter = text.trim() === '' ? undefined : parsed(text);
    const from = bound(filter, ['ge', 'gt']) ?? call.now - defaultDays * 24 * 60 * 60 * 1000;
    const select = call.query
      .get('$select')
      ?.split(',')
      .map((one) => one.trim().toLowerCase());
    const token = call.query.get('$skipToken');
    if (token !== undefined && !/^\d{1,15}$/.test(decodeToken(token))) throw armError('InvalidSkipToken');
    const before = token === undefined ? undefined : Number(decodeToken(token));
    const subject = `/subscriptions/${services.subscription.subscriptionId}`;
    const value: JsonObject[] = [];
    let after = before;
    let more = false;
    do {
      const page = await services.store.readLog(AUDIT_LOG, {
        subject,
        from: new Date(from).toISOString(),
        order: 'descending',
        after,
        limit: pageSize,
      });
      for (const entry of page.entries) {
        const event: JsonObject = {
          ...entry.body,
          id: `${entry.subject ?? subject}/events/${String(entry.body.eventDataId)}/ticks/${entry.sequence}`,
          eventTimestamp: entry.at,
        };
        if (filter !== undefined && !matches(filter, (path) => field(event, path))) continue;
        if (value.length === pageSize) {
          more = true;
          break;
        }
        value.push(select === undefined ? event : picked(event, select));
        after = entry.sequence;
      }
      if (more || page.next === undefined) break;
      after = page.next;
    } while (value.length <= pageSize);
    const link = more && after !== undefined ? { nextLink: nextLink(call, { offset: after }) } : {};
    return { status: 200, body: { value: value.map(defined), ...link } };
  },
};

/** The offset of a token of {@link nextLink} is the sequence before which the next page begins. */
function decodeToken(token: string): string {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    return isJsonObject(value) && typeof value.offset === 'number' ? String(value.offset) : '';
  } catch {
    return '';
  }
}

function parsed(text: string): FilterNode {
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError)
      throw armError('InvalidFilterInQueryString', { filter: text, reason: error.message });
    throw error;
  }
}

/** The time from which on events are asked for; only what stands in conjunctions binds. */
function bound(node: FilterNode | undefined, operators: readonly string[]): number | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'and') return bound(node.left, operators) ?? bound(node.right, operators);
  if (node.kind !== 'compare' || node.left.kind !== 'field' || node.right.kind !== 'literal') return undefined;
  if (node.left.path.toLowerCase() !== 'eventtimestamp' || !operators.includes(node.operator)) return undefined;
  const time = Date.parse(String(node.right.value));
  return Number.isNaN(time) ? undefined : time;
}

/** Fields of the filter are names of members; localizable ones mean their value. */
function field(event: JsonObject, path: string) {
  const aliases: Record<string, string> = {
    resourceuri: 'resourceid',
    resourceprovider: 'resourceprovidername',
    eventchannels: 'channels',
  };
  const wanted = aliases[path.toLowerCase()] ?? path.toLowerCase();
  if (wanted === 'channels') return 'Admin, Operation';
  const key = Object.keys(event).find((name) => name.toLowerCase() === wanted);
  const value = key === undefined ? undefined : event[key];
  if (wanted === 'eventtimestamp') return typeof value === 'string' ? value : undefined;
  return isJsonObject(value) ? value.value : value;
}

function picked(event: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(event).filter(([name]) => names.includes(name.toLowerCase())));
}
