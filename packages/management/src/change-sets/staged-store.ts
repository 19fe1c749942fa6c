import type {
  ChangeOptions,
  ChangeResult,
  JsonObject,
  ListQuery,
  LogAppend,
  Operation,
  OperationResult,
  ResourceFilter,
  ResourcePage,
  ResourceRecord,
  Store,
} from '@lazuli/store';
import { PreconditionFailedError } from '@lazuli/store';
import { allRecords } from '../caching/record-cache.ts';
import { parseArmId } from '../ids/arm-id.ts';

/** What a staged change comes to for one resource. */
export interface StagedChange {
  /** Absent: created. */
  readonly before: ResourceRecord | undefined;
  /** Absent: deleted. */
  readonly after: ResourceRecord | undefined;
  /** Secrets whose values differ, sorted. */
  readonly secretFields: readonly string[];
}

interface Entry {
  readonly record: ResourceRecord | undefined;
  readonly secrets: ReadonlyMap<string, string>;
}

const noSecrets: ReadonlyMap<string, string> = new Map();

/**
 * Changes that nobody else sees yet, over a store: reads show them, writes are collected. What they come to (`changes`) can
 * be written as one batch, or forgotten.
 */
export class StagedStore {
  readonly #base: Store;
  readonly #entries = new Map<string, Entry>();
  readonly #before = new Map<string, ResourceRecord | undefined>();
  readonly #append: LogAppend[] = [];
  readonly #required = new Map<string, Operation>();
  readonly #now: () => number;
  /** Keys of staged resources by that of what they lie in: batches ask for the children of one resource again and again. */
  readonly #children = new Map<string, Set<string>>();
  /** What the batch that is running has replaced. */
  #undo: [string, Entry | undefined][] = [];
  #writes = 0;

  constructor(base: Store, now: () => number) {
    this.#base = base;
    this.#now = now;
  }

  /** This stage as a store: what is not about resources goes to the store below. */
  asStore(): Store {
    const staged: Partial<Store> = {
      get: (id) => this.get(id),
      getMany: async (ids) => (await Promise.all(ids.map((id) => this.get(id)))).filter((one) => one !== undefined),
      list: (query) => this.list(query),
      count: async (filter) => (await this.#all(filter)).length,
      countByType: async (filter) => {
        const counts = new Map<string, number>();
        for (const { type } of await this.#all(filter)) counts.set(type, (counts.get(type) ?? 0) + 1);
        return counts;
      },
      readSecrets: (id, fields) => this.readSecrets(id, fields),
      change: (operations, options) => this.change(operations, options),
    };
    const base = this.#base;
    return new Proxy(base, {
      get(_, name) {
        if (Object.hasOwn(staged, name)) return Reflect.get(staged, name);
        const value: unknown = Reflect.get(base, name, base);
        return typeof value === 'function' ? value.bind(base) : value;
      },
    });
  }

  async get(id: string): Promise<ResourceRecord | undefined> {
    const entry = this.#entries.get(id.toLowerCase());
    return entry ? entry.record : this.#base.get(id);
  }

  async readSecrets(id: string, fields?: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const entry = this.#entries.get(id.toLowerCase());
    if (!entry) return this.#base.readSecrets(id, fields);
    if (!fields) return entry.secrets;
    return new Map([...entry.secrets].filter(([field]) => fields.includes(field)));
  }

  /** A page of the store below with what is staged between its first and last key: may be longer than asked for. */
  async list(query: ListQuery = {}): Promise<ResourcePage> {
    const page = await this.#base.list(query);
    const isDescending = query.order === 'descending';
    const after = query.after?.toLowerCase();
    const last = page.next?.toLowerCase();
    const isBefore = (a: string, b: string) => (isDescending ? compare(b, a) : compare(a, b)) < 0;
    const items = page.items.filter(({ key }) => !this.#entries.has(key));
    const keys = query.parent === undefined ? this.#entries.keys() : this.#children.get(query.parent.toLowerCase());
    for (const key of keys ?? []) {
      const record = this.#entries.get(key)?.record;
      if (!record || !isSelected(record, query)) continue;
      if (after !== undefined && !isBefore(after, key)) continue;
      if (last !== undefined && isBefore(last, key)) continue;
      items.push(record);
    }
    items.sort((a, b) => (isDescending ? compare(b.key, a.key) : compare(a.key, b.key)));
    return { ...page, items };
  }

  /** @throws {PreconditionFailedError} as a store does; then nothing of the batch is staged. */
  async change(operations: readonly Operation[], options: ChangeOptions = {}): Promise<ChangeResult> {
    const results: OperationResult[] = [];
    this.#undo = [];
    try {
      for (const [index, operation] of operations.entries()) results.push(await this.#apply(operation, index));
    } catch (error) {
      for (const [key, entry] of this.#undo.reverse())
        if (entry) this.#entries.set(key, entry);
        else this.#entries.delete(key);
      throw error;
    }
    this.#append.push(...(options.append ?? []));
    return { results, sequence: await this.#base.sequence(), appended: [] };
  }

  /** What all of it comes to, by key; resources that stand as they stood are in it with equal states. */
  async changes(): Promise<readonly StagedChange[]> {
    const found: StagedChange[] = [];
    for (const [key, entry] of [...this.#entries].sort(([a], [b]) => compare(a, b))) {
      const before = this.#before.get(key);
      if (!before && !entry.record) continue;
      const secrets = before && before.secretFields.length > 0 ? await this.#base.readSecrets(before.id) : noSecrets;
      const fields = new Set([...secrets.keys(), ...entry.secrets.keys()]);
      const secretFields = [...fields].filter((field) => secrets.get(field) !== entry.secrets.get(field)).sort();
      found.push({ before, after: entry.record, secretFields });
    }
    return found;
  }

  /** The writes that bring given changes about, each on condition that the resource still is as it was read. */
  operations(changes: readonly StagedChange[]): Operation[] {
    const required = [...this.#required].filter(([key]) => !this.#entries.has(key)).map(([, operation]) => operation);
    return [
      ...required,
      ...changes.map(({ before, after, secretFields }): Operation => {
        const condition = before ? { ifMatch: before.etag } : { ifNoneMatch: '*' as const };
        if (!after) return { operation: 'delete', id: before?.id ?? '', ...condition };
        const secrets = this.#entries.get(after.key)?.secrets ?? noSecrets;
        return {
          operation: 'put',
          id: after.id,
          type: after.type,
          body: after.body,
          secrets: Object.fromEntries(secretFields.map((field) => [field, secrets.get(field) ?? null])),
          ...condition,
        };
      }),
    ];
  }

  /** Log entries that the staged batches carried. */
  get append(): readonly LogAppend[] {
    return this.#append;
  }

  async #apply(operation: Operation, index: number): Promise<OperationResult> {
    const key = operation.id.toLowerCase();
    const existing = await this.get(operation.id);
    this.#check(operation, index, existing);
    switch (operation.operation) {
      case 'require':
        if (!this.#entries.has(key)) this.#required.set(key, operation);
        return { operation: 'require' };
      case 'put':
        return this.#put(operation, key, existing);
      case 'delete':
        if (existing) await this.#set(key, { record: undefined, secrets: noSecrets });
        return { operation: 'delete', deleted: existing ? 1 : 0 };
      default: {
        const gone = [...(existing ? [existing] : []), ...(await this.#all({ scope: operation.id }))];
        for (const record of gone) await this.#set(record.key, { record: undefined, secrets: noSecrets });
        return { operation: 'deleteSubtree', deleted: gone.length };
      }
    }
  }

  async #put(
    operation: Operation & { operation: 'put' },
    key: string,
    existing: ResourceRecord | undefined,
  ): Promise<OperationResult> {
    const held = existing && existing.secretFields.length > 0 ? await this.readSecrets(existing.id) : noSecrets;
    const secrets = new Map(held);
    for (const [field, value] of Object.entries(operation.secrets ?? {}))
      if (value === null) secrets.delete(field);
      else secrets.set(field, value);
    const at = new Date(this.#now()).toISOString();
    const body: JsonObject = JSON.parse(JSON.stringify(operation.body));
    const record: ResourceRecord = {
      id: existing?.id ?? operation.id,
      key,
      type: operation.type,
      body,
      secretFields: [...secrets.keys()].sort(),
      etag: `staged-${++this.#writes}`,
      createdAt: existing?.createdAt ?? at,
      updatedAt: at,
      sequence: existing?.sequence ?? 0,
    };
    await this.#set(key, { record, secrets });
    return { operation: 'put', created: !existing, record };
  }

  async #set(key: string, entry: Entry): Promise<void> {
    if (!this.#before.has(key)) this.#before.set(key, await this.#base.get(key));
    this.#undo.push([key, this.#entries.get(key)]);
    this.#entries.set(key, entry);
    const parent = parentOf(key);
    const siblings = this.#children.get(parent) ?? new Set();
    this.#children.set(parent, siblings.add(key));
  }

  #check({ id, ifMatch, ifNoneMatch }: Operation, index: number, existing: ResourceRecord | undefined): void {
    const wanted = typeof ifMatch === 'string' ? [ifMatch] : ifMatch;
    const isMet =
      (wanted === undefined || (existing && (wanted.includes('*') || wanted.includes(existing.etag)))) &&
      (ifNoneMatch === undefined || !existing);
    if (isMet) return;
    const condition = ifNoneMatch === undefined ? `ifMatch ${String(wanted)}` : 'ifNoneMatch *';
    throw new PreconditionFailedError(id, index, condition, existing?.etag);
  }

  async #all(filter: ResourceFilter = {}): Promise<ResourceRecord[]> {
    const found: ResourceRecord[] = [];
    for await (const record of allRecords({ list: (query) => this.list(query) }, filter)) found.push(record);
    return found;
  }
}

function isSelected(record: ResourceRecord, { scope, parent, type }: ResourceFilter): boolean {
  if (type !== undefined && record.type.toLowerCase() !== type.toLowerCase()) return false;
  if (scope !== undefined && !record.key.startsWith(`${scope.toLowerCase().replace(/\/$/, '')}/`)) return false;
  return parent === undefined || parentOf(record.key) === parent.toLowerCase();
}

function parentOf(key: string): string {
  return parseArmId(key)?.parentId.toLowerCase() ?? '/';
}

/** Order of UTF-8 bytes, as stores have it. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
