import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operation, ResourceRecord, Store } from '../contract.ts';
import { PreconditionFailedError } from '../errors.ts';
import type { CreateDatabase } from '../testing/harness.ts';

/** Random batches, compared with a model that is a map. `LAZULI_TEST_RUNS` sets how many sequences of batches are tried. */
export function describeModel(create: CreateDatabase): void {
  test('does what the model does', { timeout: 600_000 }, async () => {
    await using db = await create();
    const store = await db.open();
    const runs = Number(process.env.LAZULI_TEST_RUNS ?? 25);
    let tree = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { maxLength: 12 }), async (batches) => {
        tree++;
        const model = new Model(`/t${tree}`);
        for (const batch of batches) await model.compare(store, batch);
        await model.compareReads(store);
      }),
      { numRuns: runs },
    );
    expect(await store.check()).toMatchObject({ ok: true, problems: [] });
  });
}

/** `etag`: what to demand: nothing, existence, absence, the present etag, or an older one. */
interface Step {
  readonly kind: Operation['operation'];
  readonly path: string;
  readonly condition: 'none' | 'exists' | 'absent' | 'current' | 'stale';
  readonly value: number;
  readonly secret: string | null | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('put', 'put', 'put', 'delete', 'deleteSubtree', 'require'),
  path: fc
    .array(fc.constantFrom('a', 'B', 'b2', 'ß', '-'), { minLength: 1, maxLength: 2 })
    .map((names) => names.map((name) => `/type/${name}`).join('')),
  condition: fc.constantFrom('none', 'none', 'none', 'exists', 'absent', 'current', 'stale'),
  value: fc.integer(),
  secret: fc.option(fc.option(fc.string({ unit: 'grapheme', maxLength: 5 })), { nil: undefined }),
});

interface Entry {
  readonly id: string;
  readonly value: number;
  readonly etag: string;
  readonly sequence: number;
  readonly secret: string | undefined;
}

class Model {
  private readonly root: string;
  private entries = new Map<string, Entry>();
  private readonly feed: string[] = [];
  private from: number | undefined;

  constructor(root: string) {
    this.root = root;
  }

  async compare(store: Store, steps: readonly Step[]): Promise<void> {
    const before = await store.sequence();
    this.from ??= before;
    const operations = steps.map((one) => this.operationOf(one));
    const expected = this.apply(operations, before);
    const actual = await store.change(operations).catch((error: unknown) => error);
    if ('failed' in expected) {
      expect(actual).toBeInstanceOf(PreconditionFailedError);
      expect(actual).toMatchObject({ index: expected.failed });
      expect(await store.sequence()).toBe(before);
      return;
    }
    expect(actual).toMatchObject({ sequence: before + expected.feed.length, results: expected.results });
    this.feed.push(...expected.feed);
    this.entries = expected.entries;
    // Etags are the store's to choose: the model takes them over.
    for (const [key, entry] of this.entries) {
      const record = await store.get(entry.id);
      expect(record, key).toMatchObject({ sequence: entry.sequence, body: { value: entry.value } });
      this.entries.set(key, { ...entry, etag: record?.etag ?? '' });
    }
  }

  async compareReads(store: Store): Promise<void> {
    const { items } = await store.list({ scope: this.root });
    const shape = ({ id, body, sequence, secretFields }: ResourceRecord) => ({ id, body, sequence, secretFields });
    const sorted = [...this.entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(items.map(shape)).toEqual(
      sorted.map(([, { id, value, sequence, secret }]) => ({
        id,
        body: { value },
        sequence,
        secretFields: secret === undefined ? [] : ['s'],
      })),
    );
    for (const { id, secret } of this.entries.values()) {
      expect(await store.readSecrets(id)).toEqual(new Map(secret === undefined ? [] : [['s', secret]]));
    }
    if (this.from !== undefined) {
      const { changes } = await store.changesAfter(this.from);
      expect(changes.map(({ operation, key }) => `${operation} ${key}`)).toEqual(this.feed);
    }
  }

  private operationOf({ kind, path, condition, value, secret }: Step): Operation {
    const id = this.root + path;
    const current = this.entries.get(id.toLowerCase())?.etag ?? 'none';
    const precondition = {
      none: {},
      exists: { ifMatch: '*' },
      absent: { ifNoneMatch: '*' as const },
      current: { ifMatch: current },
      stale: { ifMatch: `${current}x` },
    }[condition];
    if (kind !== 'put') return { operation: kind, id, ...precondition };
    const secrets = secret === undefined ? {} : { secrets: { s: secret } };
    return { operation: 'put', id, type: 'a/b', body: { value }, ...secrets, ...precondition };
  }

  private apply(operations: readonly Operation[], before: number) {
    const entries = new Map(this.entries);
    const feed: string[] = [];
    const results: object[] = [];
    const removeAll = (keys: readonly string[]): void => {
      for (const key of keys) {
        entries.delete(key);
        feed.push(`delete ${key}`);
      }
    };
    for (const [index, operation] of operations.entries()) {
      const key = operation.id.toLowerCase();
      const existing = entries.get(key);
      const { ifMatch, ifNoneMatch } = operation;
      if (ifNoneMatch === '*' && existing !== undefined) return { failed: index };
      if (ifMatch !== undefined && (existing === undefined || (ifMatch !== '*' && ifMatch !== existing.etag))) {
        return { failed: index };
      }
      if (operation.operation === 'put') {
        const given = operation.secrets?.s;
        feed.push(`put ${key}`);
        const sequence = before + feed.length;
        entries.set(key, {
          id: existing?.id ?? operation.id,
          value: Number(operation.body.value),
          etag: `new ${sequence}`,
          sequence,
          secret: given === undefined ? existing?.secret : (given ?? undefined),
        });
        results.push({ operation: 'put', created: existing === undefined });
      } else if (operation.operation === 'require') {
        results.push({ operation: 'require' });
      } else {
        const below =
          operation.operation === 'delete'
            ? []
            : [...entries.keys()]
                .filter((other) => other.startsWith(`${key}/`))
                .sort()
                .reverse();
        const doomed = [...below, ...(existing === undefined ? [] : [key])];
        removeAll(doomed);
        results.push({ operation: operation.operation, deleted: doomed.length });
      }
    }
    return { entries, feed, results };
  }
}
