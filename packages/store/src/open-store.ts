import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stateOf } from './change/load.ts';
import type { KeySource, OpenOptions, Store, StoreLimits } from './contract.ts';
import { DurableStore } from './durable-store.ts';
import { StoreError } from './errors.ts';
import { keySourcesOf, openKeyRing } from './keys/key-ring.ts';
import { migrate } from './migrations/migrate.ts';
import { migrationsFor } from './migrations/migrations.ts';
import { PostgresDriver } from './postgres/driver.ts';
import { checkedSchema } from './postgres/schema-name.ts';
import type { SqlDriver } from './sql/driver.ts';
import { SqliteDriver } from './sqlite/driver.ts';

const defaultLimits: StoreLimits = {
  bodyBytes: 8 * 1024 * 1024,
  bodyDepth: 128,
  batchOperations: 10_000,
  batchBytes: 64 * 1024 * 1024,
  secretBytes: 256 * 1024,
  waitingBatches: 10_000,
};

/**
 * Opens the store at `url`, `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`, brings its schema up to date and
 * resolves when it can be used. `sqlite::memory:` is a store in a temporary folder that is gone when it is closed.
 * Rejects with `InvalidUrl`, `InvalidOption`, `NewerSchema`, `SchemaMismatch`, `KeyUnusable`, `StoreBusy`,
 * `StoreUnavailable` …
 */
export async function openStore(url: string, options: OpenOptions = {}): Promise<Store> {
  const { limits: limitsGiven, now = Date.now } = options;
  const limits = { ...defaultLimits, ...withoutUndefined(limitsGiven ?? {}) };
  for (const [option, value] of Object.entries(limits)) whole(`limits.${option}`, value, 1);
  const numbers = numbersOf(options);
  const target = await targetOf(url, options, numbers);
  const undo: (() => Promise<void>)[] = [target.remove];
  try {
    const ring = await openKeyRing(keySources(options, target.defaultKeys));
    undo.push(async () => ring.close());
    const driver = target.open();
    undo.push(() => driver.close());
    if (driver instanceof PostgresDriver) await driver.prepare();
    await migrate(driver, migrationsFor(driver.kind), now(), randomUUID());
    const [state] = await driver.query([{ sql: 'SELECT epoch, sequence, feed_floor FROM store_state WHERE id = 1' }]);
    const { epoch } = stateOf(state);
    return new DurableStore({ driver, ring, epoch, limits, now, ...numbers, onClose: target.remove });
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw error;
  }
}

type Numbers = ReturnType<typeof numbersOf>;

function numbersOf(options: OpenOptions) {
  return {
    connections: whole('connections', options.connections ?? 10, 2),
    busyMilliseconds: whole('busyMilliseconds', options.busyMilliseconds ?? 5_000, 1),
    pollMilliseconds: whole('pollMilliseconds', options.pollMilliseconds ?? 1_000, 1),
    viewMilliseconds: whole('viewMilliseconds', options.viewMilliseconds ?? 60_000, 1),
    retryMilliseconds: whole('retryMilliseconds', options.retryMilliseconds ?? 10_000, 0),
    groupCommit: whole('groupCommit', options.groupCommit ?? 500, 1),
  };
}

interface Target {
  open(): SqlDriver;
  /** Removes what is not to last. */
  remove(): Promise<void>;
  readonly defaultKeys: readonly KeySource[];
}

async function targetOf(url: string, options: OpenOptions, numbers: Numbers): Promise<Target> {
  if (/^postgres(ql)?:\/\//.test(url)) {
    const schema = checkedSchema(url, options.schema);
    return { open: () => new PostgresDriver({ url, schema, ...numbers }), remove: async () => {}, defaultKeys: [] };
  }
  const { busyMilliseconds } = numbers;
  if (url === 'sqlite::memory:') {
    const folder = await mkdtemp(join(tmpdir(), 'lazuli-store-'));
    const path = join(folder, 'store.db');
    return {
      open: () => new SqliteDriver({ path, busyMilliseconds, synchronous: 'OFF' }),
      remove: () => rm(folder, { recursive: true, force: true }),
      defaultKeys: [{ kind: 'file', path: `${path}.keys`, create: true }],
    };
  }
  const path = /^sqlite:(?:\/\/(?=\/))?([^\0]+)$/.exec(url)?.[1];
  if (path === undefined) throw new StoreError('InvalidUrl', { url: url.replace(/\/\/[^@]*@/, '//…@') });
  return {
    open: () => new SqliteDriver({ path: resolve(path), busyMilliseconds }),
    remove: async () => {},
    defaultKeys: [{ kind: 'file', path: `${resolve(path)}.keys`, create: true }],
  };
}

function keySources({ keys, env = process.env }: OpenOptions, defaultKeys: readonly KeySource[]): readonly KeySource[] {
  if (keys !== undefined) return 'kind' in keys ? [keys] : keys;
  const named = keySourcesOf(env);
  return named.length > 0 ? named : defaultKeys;
}

function whole(option: string, value: number, least: number): number {
  // 2^31 - 1: what a timer can wait.
  if (Number.isSafeInteger(value) && value >= least && value < 2 ** 31) return value;
  throw new StoreError('InvalidOption', { option, actual: String(value), expected: `a whole number from ${least}` });
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>;
}
