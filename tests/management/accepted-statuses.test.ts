import { readFileSync } from 'node:fs';
import { apiManagement, createServiceBus, type RegisteredType, type Registry } from '@lazuli/management';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedManagement, serveManagement } from './kit.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly statuses: readonly number[];
}

/** What the SDKs accept; they reject every other status as an error, a 201 where they know only 200 for one. */
const accepted: readonly Operation[] = readFileSync(
  new URL('./fixtures/accepted-statuses.txt', import.meta.url),
  'utf8',
)
  .split('\n')
  .flatMap((line) => {
    const match = /^([A-Z]+) (\S+) ([\d,]+)$/.exec(line);
    return match === null ? [] : [{ method: match[1]!, path: match[2]!, statuses: match[3]!.split(',').map(Number) }];
  });

let served: ServedManagement;
beforeAll(async () => {
  served = await serveManagement({ providers: [apiManagement, createServiceBus({})] });
});
afterAll(() => served.stop());

describe('the statuses that types declare', () => {
  it('are among those that the SDKs accept, for every operation that both know', () => {
    const { registry } = served.management.services;
    const wrong: string[] = [];
    let compared = 0;
    for (const operation of accepted) {
      const type = typeOf(registry, operation.path);
      const declared = type === undefined ? undefined : statusesOf(type, operation.method);
      if (type === undefined || declared === undefined) continue;
      compared++;
      const bad = declared.filter((status) => !operation.statuses.includes(status));
      if (bad.length > 0) wrong.push(`${operation.method} ${type.type.type}: ${bad} not in ${operation.statuses}`);
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(150);
  });
});

/** The type whose resource a path of the table names; only the last chain of types and names counts. */
function typeOf(registry: Registry, path: string): RegisteredType | undefined {
  const [namespace, ...rest] = path.split('/providers/').at(-1)?.split('/') ?? [];
  if (namespace === undefined || rest.length === 0 || rest.length % 2 !== 0) return undefined;
  const names = rest.filter((_, index) => index % 2 === 1);
  // A fixed word in the place of a name belongs to an action.
  if (!names.every((name) => name.startsWith('{') || name === 'policy' || name === 'default')) return undefined;
  return registry.type([namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/'));
}

function statusesOf({ type }: RegisteredType, method: string): number[] | undefined {
  const { put, patch, get } = type;
  if (type.handlers?.[method as 'PUT'] !== undefined) return undefined;
  if (method === 'PUT' && put !== undefined) return [put.created ?? 201, put.replaced ?? 200];
  if (method === 'PATCH' && patch !== undefined) return [patch.status ?? 200];
  if (method === 'HEAD' && get !== false) return [get?.headStatus ?? 204];
  if (method !== 'DELETE' || type.delete === undefined) return undefined;
  const isLong = type.delete.longRunning !== undefined;
  return [type.delete.deleted ?? (isLong ? 202 : 200), type.delete.absent ?? 204].filter((status) => status < 400);
}
