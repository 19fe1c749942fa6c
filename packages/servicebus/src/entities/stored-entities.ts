import type { ResourceRecord, Store } from '@lazuli/store';
import type { EntityProperties, EntityRecord, Right } from '../contract.ts';
import { entityOfId, keysOfId } from './entity-ids.ts';

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

const rights: ReadonlySet<string> = new Set<Right>(['Send', 'Listen', 'Manage']);

/** Everything below a namespace, kept as it stands in the store. */
export class StoredEntities {
  /** By key of the resource. */
  readonly #entities = new Map<string, StoredEntity>();
  readonly #byPath = new Map<string, StoredEntity>();
  /** By path of the entity in lower case (empty: the namespace), then by name in lower case. */
  readonly #keys = new Map<string, Map<string, StoredKeys>>();
  readonly #etags = new Map<string, string>();
  readonly #store: Store;
  readonly namespaceId: string;

  constructor(store: Store, namespaceId: string) {
    this.#store = store;
    this.namespaceId = namespaceId;
  }

  async load(): Promise<void> {
    this.#entities.clear();
    this.#byPath.clear();
    this.#keys.clear();
    this.#etags.clear();
    let after: string | undefined;
    do {
      const page = await this.#store.list({ scope: this.namespaceId, ...(after === undefined ? {} : { after }) });
      for (const record of page.items) await this.#keep(record);
      after = page.next;
    } while (after !== undefined);
  }

  /** Reads again what a change names. True: something is different now. */
  async refresh(id: string, etag: string | undefined): Promise<boolean> {
    const key = id.toLowerCase();
    if (etag !== undefined && this.#etags.get(key) === etag) return false;
    const record = await this.#store.get(id);
    if (record === undefined) return this.#forget(key);
    if (this.#etags.get(key) === record.etag) return false;
    await this.#keep(record);
    return true;
  }

  get(path: string): StoredEntity | undefined {
    return this.#byPath.get(path.replace(/^\/+|\/+$/g, '').toLowerCase());
  }

  all(): IterableIterator<StoredEntity> {
    return this.#entities.values();
  }

  below(prefix: string, kind: EntityRecord['kind']): StoredEntity[] {
    const start = prefix.toLowerCase();
    return [...this.#entities.values()].filter((one) => one.kind === kind && one.path.toLowerCase().startsWith(start));
  }

  /** Rules of the entity itself. */
  keysOf(path: string): readonly StoredKeys[] {
    return [...(this.#keys.get(path.toLowerCase())?.values() ?? [])];
  }

  pathsWithKeys(ruleName: string): readonly string[] {
    const name = ruleName.toLowerCase();
    return [...this.#keys].flatMap(([path, rules]) => (rules.has(name) ? [path] : []));
  }

  async #keep(record: ResourceRecord): Promise<void> {
    this.#etags.set(record.key, record.etag);
    const properties = propertiesOf(record);
    const keys = keysOfId(this.namespaceId, record.id);
    if (keys !== undefined) {
      const secrets = await this.#store.readSecrets(record.id);
      const path = keys.path.toLowerCase();
      const rules = this.#keys.get(path) ?? new Map<string, StoredKeys>();
      this.#keys.set(path, rules);
      rules.set(keys.name.toLowerCase(), {
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
    const place = entityOfId(this.namespaceId, record.id);
    if (place === undefined) return;
    const entity: StoredEntity = {
      ...place,
      id: `${record.key}@${record.createdAt}`,
      name: place.kind === 'queue' || place.kind === 'topic' ? place.path : lastSegment(place.path),
      properties,
      createdAt: record.createdAt,
      updatedAt: record.updatedAt,
      resourceId: record.id,
      etag: record.etag,
    };
    this.#entities.set(record.key, entity);
    this.#byPath.set(place.path.toLowerCase(), entity);
  }

  #forget(key: string): boolean {
    const wasThere = this.#etags.delete(key);
    const entity = this.#entities.get(key);
    this.#entities.delete(key);
    if (entity !== undefined && this.#byPath.get(entity.path.toLowerCase()) === entity)
      this.#byPath.delete(entity.path.toLowerCase());
    const keys = keysOfId(this.namespaceId, key);
    if (keys !== undefined) this.#keys.get(keys.path.toLowerCase())?.delete(keys.name.toLowerCase());
    return wasThere;
  }
}

function propertiesOf({ body }: ResourceRecord): EntityProperties {
  const { properties } = body;
  return typeof properties === 'object' && properties !== null && !Array.isArray(properties) ? { ...properties } : {};
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
