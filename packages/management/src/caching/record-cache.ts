import type { ResourceFilter, ResourceRecord, Store, StoreReader } from '@lazuli/store';

/**
 * All records of a few types, kept in memory until one of them changes: what every request asks for (role assignments,
 * locks). Writes of this process are seen at once, those of others when the change feed brings them.
 */
export class RecordCache<T> {
  readonly types: readonly string[];
  readonly #store: Store;
  readonly #build: (records: readonly ResourceRecord[]) => T | Promise<T>;
  #value: Promise<T> | undefined;
  /** Sequence of the store before the value was read: everything up to it is in the value. */
  #sequence = -1;
  readonly #listeners: (() => void)[] = [];

  constructor(store: Store, types: readonly string[], build: (records: readonly ResourceRecord[]) => T | Promise<T>) {
    this.#store = store;
    this.types = types.map((type) => type.toLowerCase());
    this.#build = build;
  }

  get(): Promise<T> {
    if (this.#value !== undefined) return this.#value;
    const value = this.#load();
    this.#value = value;
    value.catch(() => {
      if (this.#value === value) this.#value = undefined;
    });
    return value;
  }

  /**
   * What `get` gives, with everything that any process had written when it was asked: before somebody is refused for what is
   * missing.
   */
  async fresh(): Promise<T> {
    const sequence = await this.#store.sequence();
    if (this.#value !== undefined) await this.#value;
    if (this.#sequence < sequence) this.invalidate();
    return this.get();
  }

  /** A read that began before the change must not be what is kept: the next `get` reads anew. */
  invalidate(): void {
    this.#value = undefined;
    for (const call of this.#listeners) call();
  }

  /** Calls back whenever what is kept does not count any more. */
  onInvalidated(call: () => void): void {
    this.#listeners.push(call);
  }

  async #load(): Promise<T> {
    const records: ResourceRecord[] = [];
    const sequence = await this.#store.sequence();
    for (const type of this.types) for await (const record of allRecords(this.#store, { type })) records.push(record);
    const value = await this.#build(records);
    this.#sequence = Math.max(this.#sequence, sequence);
    return value;
  }
}

/** Everything that a filter selects, page by page, in the order of the keys. */
export async function* allRecords(
  reader: Pick<StoreReader, 'list'>,
  filter: ResourceFilter,
  from?: string,
): AsyncGenerator<ResourceRecord> {
  let after = from;
  do {
    const page = await reader.list({ ...filter, after, limit: 1000 });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

/** {@link allRecords} as a list. */
export async function listAllRecords(
  store: Pick<StoreReader, 'list'>,
  filter: ResourceFilter,
): Promise<ResourceRecord[]> {
  const found: ResourceRecord[] = [];
  for await (const record of allRecords(store, filter)) found.push(record);
  return found;
}
