import { type QuotaByKey, type QuotaWindow, quotaByKeyCounter, quotasByKeyIn, quotaWindow } from '@lazuli/policies';
import type { JsonObject, JsonValue } from '@lazuli/store';
import type { HandlerContext, NameRule, ResourceType } from '../contract.ts';
import { armError } from '../errors.ts';
import { isJsonObject } from '../json/json.ts';
import { textOf } from '../json/properties.ts';
import { serviceType } from './api-management-type.ts';
import { compileEnvironmentOf } from './compile-environment.ts';
import type { GatewayRuntime, QuotaCounters } from './gateway-runtime.ts';
import { policyTypes } from './references.ts';
import { refusedType } from './refused-type.ts';
import { belowOf } from './revisions.ts';
import { serviceIdOf } from './service-id.ts';

/** A counter key is whatever an expression gives. */
const counterKey: NameRule = { pattern: /^.{1,4096}$/s, says: '1 to 4096 characters' };

/** The counters of `quota-by-key`: read, and set, in their present periods. */
export function quotas({ quotas: counters }: GatewayRuntime): readonly ResourceType[] {
  if (!counters)
    return ['quotas', 'quotas/periods'].map((path) =>
      refusedType({ path, feature: 'Reading quota counters by the management API' }),
    );
  return [
    {
      type: `${serviceType}/quotas`,
      name: counterKey,
      parent: 'none',
      list: false,
      handlers: {
        GET: async (context) => ({ status: 200, body: listOf(await read(await countersOf(context, counters))) }),
        async PATCH(context) {
          const found = await countersOf(context, counters);
          await write(found, valuesIn(context.body));
          return { status: 200, body: listOf(await read(found)) };
        },
      },
    },
    {
      type: `${serviceType}/quotas/periods`,
      name: counterKey,
      parent: 'none',
      list: false,
      handlers: {
        GET: async (context) => ({ status: 200, body: await onePeriod(context, counters, null) }),
        PATCH: async (context) => ({ status: 200, body: await onePeriod(context, counters, valuesIn(context.body)) }),
      },
    },
  ];
}

/** One counter in the period that is now. */
interface Counter {
  readonly name: string;
  readonly quota: QuotaByKey;
  readonly window: QuotaWindow;
  readonly counters: QuotaCounters;
}

/** A policy's period may be that of another: they count together. */
async function countersOf({ id, reader, now }: HandlerContext, counters: QuotaCounters): Promise<readonly Counter[]> {
  const serviceId = serviceIdOf(id.text);
  if (!(await reader.get(serviceId))) throw armError('NotFound', { id: serviceId });
  const { namedValues } = await compileEnvironmentOf(serviceId, reader);
  const types = new Set(policyTypes.map((type) => type.toLowerCase()));
  const found = new Map<string, Counter>();
  for (const record of await belowOf(serviceId, reader)) {
    if (!types.has(record.type.toLowerCase())) continue;
    const format = textOf(record, 'format') === 'rawxml' ? 'rawxml' : 'xml';
    const kind = /\/policyFragments$/i.test(record.type) ? 'fragment' : 'policies';
    const text = textOf(record, 'value') ?? '';
    if (!text.includes('quota-by-key')) continue;
    for (const quota of quotasByKeyIn({ text, format, kind, namedValues })) {
      const counter = {
        name: id.names[1] ?? '',
        quota,
        window: quotaWindow(quota.origin, quota.periodMs, now),
        counters,
      };
      const known = found.get(periodKeyOf(counter));
      const kinds = [...new Set([...(known?.quota.kinds ?? []), ...quota.kinds])];
      found.set(periodKeyOf(counter), { ...counter, quota: { ...quota, kinds } });
    }
  }
  return [...found.values()];
}

/** `{number of the period}_{its length}`: `1065_PT3600S`. */
function periodKeyOf({ quota: { origin, periodMs }, window }: Pick<Counter, 'quota' | 'window'>): string {
  return periodMs === 0 ? '0_PT0S' : `${Math.round((window.start - origin) / periodMs)}_PT${periodMs / 1000}S`;
}

async function onePeriod(context: HandlerContext, counters: QuotaCounters, values: Values | null): Promise<JsonObject> {
  const wanted = context.name.toLowerCase();
  const found = (await countersOf(context, counters)).filter((one) => periodKeyOf(one).toLowerCase() === wanted);
  if (found.length === 0) throw armError('NotFound', { id: context.id.text });
  if (values) await write(found, values);
  const [shown] = await read(found);
  return shown ?? {};
}

async function read(found: readonly Counter[]): Promise<readonly JsonObject[]> {
  return Promise.all(
    found.map(async (counter) => ({
      counterKey: counter.name,
      periodKey: periodKeyOf(counter),
      // Periods that begin with the first year are older than what clients can show.
      periodStartTime: new Date(Math.max(counter.window.start, 0)).toISOString(),
      periodEndTime: counter.window.end === null ? '9999-12-31T23:59:59Z' : new Date(counter.window.end).toISOString(),
      value: {
        callsCount: await sumOf(counter, 'call volume', 0),
        kbTransferred: (await sumOf(counter, 'bandwidth', 0)) / 1024,
      },
    })),
  );
}

interface Values {
  readonly callsCount: number | null;
  readonly kbTransferred: number | null;
}

async function write(found: readonly Counter[], { callsCount, kbTransferred }: Values): Promise<void> {
  for (const counter of found) {
    if (callsCount !== null) await set(counter, 'call volume', callsCount);
    if (kbTransferred !== null) await set(counter, 'bandwidth', Math.round(kbTransferred * 1024));
  }
}

/** Calls that are counted meanwhile stay counted. */
async function set(counter: Counter, kind: 'call volume' | 'bandwidth', value: number): Promise<void> {
  if (counter.quota.kinds.includes(kind)) await sumOf(counter, kind, value - (await sumOf(counter, kind, 0)));
}

async function sumOf(counter: Counter, kind: 'call volume' | 'bandwidth', amount: number): Promise<number> {
  const { name, quota, window, counters } = counter;
  return counters.addToFixedWindow(quotaByKeyCounter(name, kind, quota.periodMs), window.start, window.end, amount);
}

function valuesIn(body: JsonObject): Values {
  const properties = isJsonObject(body.properties) ? body.properties : body;
  return { callsCount: numberIn(properties, 'callsCount'), kbTransferred: numberIn(properties, 'kbTransferred') };
}

function numberIn(properties: JsonObject, name: string): number | null {
  const value = properties[name];
  if (value === undefined || value === null) return null;
  const isWhole = name === 'kbTransferred' || Number.isSafeInteger(value);
  if (typeof value !== 'number' || value < 0 || value > Number.MAX_SAFE_INTEGER / 1024 || !isWhole)
    throw armError('InvalidRequestBody', { reason: `properties.${name} must be a number that is not negative` });
  return value;
}

function listOf(value: readonly JsonObject[]): JsonObject {
  return { value: [...value] as JsonValue, count: value.length };
}
