import type { ResourceRecord, Store } from '@lazuli/store';
import type { EntityProperties, EntityRecord, Right } from '../contract.ts';
import { entityOfId, keysOfId, parentPathOf } from './entity-ids.ts';

/** An entity as it is stored. */
export interface StoredEntity extends EntityRecord {
  /** Of this incarnation: another when it is deleted and made again. */
  readonly id: string;
  readonly resourceId: string;
  readonly etag: string;
}

/** An authorization rule with its keys. */
export interface StoredKeys {
  readonly name: string;
  readonly rights: readonly Right[];
  readonly primaryKey: string;
  readonly secondaryKey: string;
  readonly resourceId: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

type Kind = EntityRecord['kind'];

const rights: ReadonlySet<string> = new Set<Right>(['Send', 'Listen', 'Manage']);

/** Everything below a namespace, kept as it stands in the store. Paths and names are found without regard to case. */
export class StoredEntities {
  readonly #store: Store;
  readonly #namespaceId: string;
  #tables = new Tables();

  constructor(store: Store, namespaceId: string) {
    this.#store = store;
    this.#namespaceId = namespaceId;
  }

  /** What was known stays until all is read. */
  async load(): Promise<void> {
    const tables = new Tables();
    let after: string | undefined;
    do {
      const page = await this.#store.list({
        scope: this.#namespaceId,
        limit: 10_000,
        ...(after === undefined ? {} : { after }),
      });
      for (const record of page.items) await this.#keep(record, tables);
      after = page.next;
    } while (after !== undefined);
    this.#tables = tables;
  }

  /** Reads again what a change names, and forgets what was below it where it is gone. True: something is different now. */
  async refresh(id: string, etag: string | undefined): Promise<boolean> {
    const key = id.toLowerCase();
    const tables = this.#tables;
    if (etag !== undefined && tables.etags.get(key) === etag) return false;
    const record = await this.#store.get(id);
    if (record === undefined) return this.#forget(key);
    if (tables.etags.get(key) === record.etag) return false;
    await this.#keep(record, tables);
    return true;
  }

  get(path: string): StoredEntity | undefined {
    return this.#tables.byPath.get(path.replace(/^\/+|\/+$/g, '').toLowerCase());
  }

  all(): IterableIterator<StoredEntity> {
    return this.#tables.byKey.values();
  }

  /** Of that kind, directly below an entity (empty: the namespace), in the order of their names. */
  below(parentPath: string, kind: Kind): StoredEntity[] {
    const found = [...(this.#tables.below.get(groupOf(parentPath, kind))?.values() ?? [])];
    return found.sort((one, other) => (one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1));
  }

  countBelow(parentPath: string, kind: Kind): number {
    return this.#tables.below.get(groupOf(parentPath, kind))?.size ?? 0;
  }

  /** Rules of the entity itself (empty path: of the namespace). */
  keysOf(path: string): readonly StoredKeys[] {
    return [...(this.#tables.keys.get(path.toLowerCase())?.values() ?? [])];
  }

  pathsWithKeys(ruleName: string): readonly string[] {
    const name = ruleName.toLowerCase();
    return [...this.#tables.keys].flatMap(([path, rules]) => (rules.has(name) ? [path] : []));
  }

  async #keep(record: ResourceRecord, tables: Tables): Promise<void> {
    tables.etags.set(record.key, record.etag);
    const properties = propertiesOf(record);
    const keys = keysOfId(this.#namespaceId, record.id);
    if (keys !== undefined) {
      const secrets = await this.#store.readSecrets(record.id);
      const path = keys.path.toLowerCase();
      const known = tables.keys.get(path) ?? new Map<string, StoredKeys>();
      tables.keys.set(path, known);
      known.set(keys.name.toLowerCase(), {
        name: keys.name,
        rights: (Array.isArray(properties.rights) ? properties.rights : []).filter((right): right is Right =>
          rights.has(right),
        ),
        primaryKey: secrets.get('properties/primaryKey') ?? '',
        secondaryKey: secrets.get('properties/secondaryKey') ?? '',
        resourceId: record.id,
        createdAt: record.createdAt,
        updatedAt: record.updatedAt,
      });
      return;
    }
    const place = entityOfId(this.#namespaceId, record.id);
    if (place === undefined) return;
    tables.keep(record.key, {
      ...place,
      id: `${record.key}@${record.createdAt}`,
      name: place.kind === 'queue' || place.kind === 'topic' ? place.path : lastSegment(place.path),
      properties,
      createdAt: record.createdAt,
      updatedAt: record.updatedAt,
      resourceId: record.id,
      etag: record.etag,
    });
  }

  #forget(key: string): boolean {
    const tables = this.#tables;
    const gone = [key, ...tables.keysBelow(key)].filter((one) => tables.etags.delete(one));
    for (const one of gone) {
      tables.forget(one);
      const keys = keysOfId(this.#namespaceId, one);
      if (keys === undefined) continue;
      const path = keys.path.toLowerCase();
      const rest = tables.keys.get(path);
      rest?.delete(keys.name.toLowerCase());
      if (rest?.size === 0) tables.keys.delete(path);
    }
    return gone.length > 0;
  }
}

class Tables {
  /** By key of the resource. */
  readonly byKey = new Map<string, StoredEntity>();
  readonly byPath = new Map<string, StoredEntity>();
  readonly below = new Map<string, Map<string, StoredEntity>>();
  /** By path of the entity in lower case (empty: the namespace), then by name in lower case. */
  readonly keys = new Map<string, Map<string, StoredKeys>>();
  /** Of every resource below the namespace. */
  readonly etags = new Map<string, string>();

  keep(key: string, entity: StoredEntity): void {
    this.byKey.set(key, entity);
    this.byPath.set(entity.path.toLowerCase(), entity);
    const group = groupOf(parentPathOf(entity.path), entity.kind);
    const siblings = this.below.get(group) ?? new Map<string, StoredEntity>();
    this.below.set(group, siblings);
    siblings.set(key, entity);
  }

  forget(key: string): void {
    const entity = this.byKey.get(key);
    if (entity === undefined) return;
    this.byKey.delete(key);
    const path = entity.path.toLowerCase();
    if (this.byPath.get(path) === entity) this.byPath.delete(path);
    const group = groupOf(parentPathOf(entity.path), entity.kind);
    const siblings = this.below.get(group);
    siblings?.delete(key);
    if (siblings?.size === 0) this.below.delete(group);
  }

  /** Keys of resources below another. Only topics with subscriptions, and what has authorization rules, have any. */
  keysBelow(key: string): string[] {
    const prefix = `${key}/`;
    return [...this.etags.keys()].filter((one) => one.startsWith(prefix));
  }
}

function groupOf(parentPath: string, kind: Kind): string {
  return `${kind}:${parentPath.toLowerCase()}`;
}

function propertiesOf({ body }: ResourceRecord): EntityProperties {
  const { properties } = body;
  return typeof properties === 'object' && properties !== null && !Array.isArray(properties) ? { ...properties } : {};
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
