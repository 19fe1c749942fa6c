import { randomBytes } from 'node:crypto';
import { type EntityProblem, entityNameProblem, normaliseEntity } from '@lazuli/resources';
import { type JsonValue, type Operation, PreconditionFailedError, type Store, type Subscription } from '@lazuli/store';
import type {
  CompiledRule,
  EntityDefinition,
  EntityDirectory,
  EntityProperties,
  EntityRecord,
  Right,
  RuleDefinition,
  ServedNamespace,
} from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { definitionsOf } from './definitions.ts';
import { keysIdOf, readEntityPath, resourceIdOf, resourceTypes } from './entity-ids.ts';
import { normaliseRule, ruleDefinition, shownRule } from './rule-properties.ts';
import { StoredEntities, type StoredEntity, type StoredKeys } from './stored-entities.ts';

export interface DirectoryOptions {
  readonly store: Store;
  /** ARM id of the namespace. */
  readonly namespaceId: string;
  readonly served: ServedNamespace;
  /** Rules are compiled before they are stored. */
  readonly compileRule: (rule: RuleDefinition) => CompiledRule;
  /** Told where the store's changes cannot be followed, or the broker cannot take them over. */
  readonly onError: (error: unknown) => void;
  readonly limits?: Partial<DirectoryLimits>;
}

/** "Service Bus quotas". */
export interface DirectoryLimits {
  readonly entities: number;
  readonly subscriptions: number;
  readonly rules: number;
}

const defaultLimits: DirectoryLimits = { entities: 10_000, subscriptions: 2000, rules: 2000 };
const defaultRuleName = '$Default';

/** A directory that follows the store: what other processes and Resource Manager change is served too. */
export interface OpenedDirectory extends EntityDirectory, AsyncDisposable {
  /** Rules with keys at an entity itself (empty path: at the namespace). */
  keysOf(path: string): readonly StoredKeys[];
  /** Paths of entities that have a rule of that name of their own. */
  pathsWithKeys(ruleName: string): readonly string[];
  has(path: string): boolean;
  /** ARM id of an entity, or of the namespace where it is none. */
  resourceIdOf(path: string): string;
  /** The entity was deleted because it was idle. */
  gone(definition: EntityDefinition): void;
  /** Resolves when what this process has written to the store by now is served. */
  refresh(ids: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Reads the entities of a namespace, and has them served. */
export async function openDirectory(options: DirectoryOptions): Promise<OpenedDirectory> {
  const directory = new Directory(options);
  await directory.open();
  return directory;
}

class Directory implements OpenedDirectory {
  readonly #store: Store;
  readonly #namespaceId: string;
  readonly #served: ServedNamespace;
  readonly #options: DirectoryOptions;
  readonly #limits: DirectoryLimits;
  readonly #entities: StoredEntities;
  #following: Subscription | undefined;
  /** One change at a time: what is asked for is decided on what is there. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#namespaceId = options.namespaceId;
    this.#served = options.served;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#entities = new StoredEntities(options.store, options.namespaceId);
  }

  async open(): Promise<void> {
    const from = await this.#store.sequence();
    await this.#entities.load();
    await this.#apply();
    const prefix = `${this.#namespaceId.toLowerCase()}/`;
    this.#following = this.#store.subscribe(
      from,
      async (notice) => {
        if (notice.kind === 'reload') {
          await this.#inTurn(async () => {
            await this.#entities.load();
            await this.#apply();
          });
          return;
        }
        const own = notice.changes.filter(({ key }) => key.startsWith(prefix));
        if (own.length === 0) return;
        await this.#inTurn(() =>
          this.#reread(own.map(({ id, etag, operation }) => ({ id, etag: operation === 'put' ? etag : undefined }))),
        );
      },
      { onError: this.#options.onError },
    );
  }

  async list(kind: 'queue' | 'topic'): Promise<readonly EntityRecord[]> {
    return this.#entities.below('', kind).map((entity) => this.#shown(entity));
  }

  async subscriptions(topicPath: string): Promise<readonly EntityRecord[]> {
    this.#require(topicPath, 'topic');
    return this.#entities.below(`${topicPath}/Subscriptions/`, 'subscription');
  }

  async rules(topicPath: string, subscription: string): Promise<readonly EntityRecord[]> {
    const path = `${topicPath}/Subscriptions/${subscription}`;
    this.#require(path, 'subscription');
    return this.#entities.below(`${path}/Rules/`, 'rule').map((rule) => this.#shown(rule));
  }

  async get(path: string): Promise<EntityRecord | undefined> {
    const entity = this.#entities.get(path);
    return entity === undefined ? undefined : this.#shown(entity);
  }

  put(
    path: string,
    kind: EntityRecord['kind'],
    properties: EntityProperties,
    mode: 'create' | 'update',
  ): Promise<EntityRecord> {
    return this.#inTurn(async () => {
      const clean = path.replace(/^\/+|\/+$/g, '');
      const existing = this.#entities.get(clean);
      this.#check(clean, kind, mode, existing);
      const whole =
        kind === 'rule'
          ? this.#ruleOf(clean, properties)
          : this.#normalised(kind, properties, existing?.properties, clean);
      const id = existing?.resourceId ?? resourceIdOf(this.#namespaceId, kind, clean);
      const put: Operation = {
        operation: 'put',
        id,
        type: resourceTypes[kind],
        body: { properties: json(whole) },
        ...(mode === 'create' ? { ifNoneMatch: '*' as const } : { ifMatch: existing?.etag ?? '*' }),
      };
      const operations: Operation[] = [put];
      if (kind === 'subscription' && mode === 'create') operations.push(this.#firstRule(clean, properties.defaultRule));
      if ((kind === 'queue' || kind === 'topic') && Array.isArray(properties.authorizationRules))
        operations.push(...this.#keyOperations(kind, clean, properties.authorizationRules));
      await this.#write(operations, clean);
      const stored = this.#entities.get(clean);
      if (stored === undefined) throw new ServiceBusError('InternalError');
      return this.#shown(stored);
    });
  }

  delete(path: string): Promise<void> {
    return this.#inTurn(async () => {
      const entity = this.#entities.get(path);
      if (entity === undefined) throw new ServiceBusError('EntityNotFound', { entity: path });
      await this.#write([{ operation: 'deleteSubtree', id: entity.resourceId }], path);
    });
  }

  keysOf(path: string): readonly StoredKeys[] {
    return this.#entities.keysOf(path);
  }

  pathsWithKeys(ruleName: string): readonly string[] {
    return this.#entities.pathsWithKeys(ruleName);
  }

  has(path: string): boolean {
    return this.#entities.get(path) !== undefined;
  }

  resourceIdOf(path: string): string {
    return this.#entities.get(path)?.resourceId ?? this.#namespaceId;
  }

  gone(definition: EntityDefinition): void {
    const path =
      definition.kind === 'subscription' ? `${definition.topicPath}/Subscriptions/${definition.name}` : definition.path;
    // One that was made anew meanwhile stays.
    if (this.#entities.get(path)?.id !== definition.id) return;
    this.delete(path).catch(this.#options.onError);
  }

  refresh(ids: readonly string[]): Promise<void> {
    return this.#inTurn(() => this.#reread(ids.map((id) => ({ id, etag: undefined }))));
  }

  async close(): Promise<void> {
    await this.#following?.close();
    await this.#last.catch(() => undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work, work);
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #write(operations: readonly Operation[], path: string): Promise<void> {
    let ids: string[];
    try {
      const { results } = await this.#store.change(operations);
      ids = results.flatMap((result, index) =>
        result.operation === 'put' ? [result.record.id] : [operations[index]?.id ?? ''],
      );
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
      // Another process was faster.
      await this.#entities.load();
      throw new ServiceBusError('EntityAlreadyExists', { entity: path }, { cause: error });
    }
    const below = operations.flatMap((operation) =>
      operation.operation === 'deleteSubtree'
        ? [...this.#entities.all()]
            .map(({ resourceId }) => resourceId)
            .filter((id) => id.toLowerCase().startsWith(`${operation.id.toLowerCase()}/`))
        : [],
    );
    await this.#reread([...ids, ...below].map((id) => ({ id, etag: undefined })));
  }

  async #reread(changes: readonly { readonly id: string; readonly etag: string | undefined }[]): Promise<void> {
    let isDifferent = false;
    for (const { id, etag } of changes) if (await this.#entities.refresh(id, etag)) isDifferent = true;
    if (isDifferent) await this.#apply();
  }

  #apply(): Promise<void> {
    return this.#served.apply(definitionsOf(this.#entities.all()));
  }

  #require(path: string, kind: EntityRecord['kind']): StoredEntity {
    const entity = this.#entities.get(path);
    if (entity?.kind !== kind) throw new ServiceBusError('EntityNotFound', { entity: path });
    return entity;
  }

  /** @throws {ServiceBusError} */
  #check(
    path: string,
    kind: EntityRecord['kind'],
    mode: 'create' | 'update',
    existing: StoredEntity | undefined,
  ): void {
    if (mode === 'create' && existing !== undefined)
      throw new ServiceBusError('EntityAlreadyExists', { entity: existing.path });
    if (mode === 'update' && existing?.kind !== kind) throw new ServiceBusError('EntityNotFound', { entity: path });
    const { entity, subscription, rule } = readEntityPath(path);
    const name = kind === 'rule' ? (rule ?? '') : kind === 'subscription' ? (subscription ?? '') : path;
    const problem = entityNameProblem(kind, name);
    if (problem !== undefined) throw new ServiceBusError('BadRequest', { reason: problem });
    if (mode === 'update') return;
    if (kind === 'subscription' || kind === 'rule') this.#require(entity, 'topic');
    if (kind === 'rule') this.#require(`${entity}/Subscriptions/${subscription}`, 'subscription');
    this.#checkQuota(kind, entity, subscription);
  }

  #checkQuota(kind: EntityRecord['kind'], entity: string, subscription: string | undefined): void {
    const { entities, subscriptions, rules } = this.#limits;
    const count =
      kind === 'rule'
        ? this.#entities.below(`${entity}/Subscriptions/${subscription}/Rules/`, 'rule').length
        : kind === 'subscription'
          ? this.#entities.below(`${entity}/Subscriptions/`, 'subscription').length
          : this.#entities.below('', 'queue').length + this.#entities.below('', 'topic').length;
    const most = kind === 'rule' ? rules : kind === 'subscription' ? subscriptions : entities;
    if (count < most) return;
    const what = kind === 'rule' ? 'rules' : kind === 'subscription' ? 'subscriptions' : 'queues and topics';
    throw new ServiceBusError('QuotaExceeded', { reason: `The maximum of ${most} ${what} is reached.` });
  }

  #normalised(
    kind: 'queue' | 'topic' | 'subscription',
    given: EntityProperties,
    existing: EntityProperties | undefined,
    path: string,
  ): EntityProperties {
    const { authorizationRules: _rules, defaultRule: _first, ...rest } = given;
    const { properties, problems } = normaliseEntity(kind, rest, existing === undefined ? {} : { existing });
    const all: EntityProblem[] = [...problems];
    for (const name of ['forwardTo', 'forwardDeadLetteredMessagesTo']) {
      const target = properties[name];
      if (typeof target !== 'string') continue;
      const to = this.#entities.get(target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i, ''));
      if (to === undefined || (to.kind !== 'queue' && to.kind !== 'topic'))
        all.push({ property: name, message: `'${name}' names '${target.slice(0, 300)}', which is no queue or topic.` });
      else if (to.path.toLowerCase() === path.toLowerCase())
        all.push({ property: name, message: `'${name}' of '${path}' cannot be the entity itself.` });
    }
    if (all.length > 0)
      throw new ServiceBusError('BadRequest', {
        reason: `SubCode=40000. ${all.map(({ message }) => message).join(' ')}`,
      });
    return properties;
  }

  #ruleOf(path: string, given: EntityProperties): EntityProperties {
    const properties = normaliseRule(given);
    const name = path.slice(path.lastIndexOf('/') + 1);
    this.#options.compileRule(ruleDefinition(name, properties, new Date(0).toISOString()));
    return properties;
  }

  /** What a new subscription lets through: everything, unless it says otherwise. */
  #firstRule(path: string, given: unknown): Operation {
    const named = typeof given === 'object' && given !== null ? given : {};
    const name: unknown = Reflect.get(named, 'name') ?? defaultRuleName;
    const properties: unknown = Reflect.get(named, 'properties') ?? { filterType: 'TrueFilter' };
    const rulePath = `${path}/Rules/${String(name)}`;
    const problem = entityNameProblem('rule', String(name));
    if (problem !== undefined) throw new ServiceBusError('BadRequest', { reason: problem });
    return {
      operation: 'put',
      id: resourceIdOf(this.#namespaceId, 'rule', rulePath),
      type: resourceTypes.rule,
      body: { properties: json(this.#ruleOf(rulePath, { ...(properties as EntityProperties) })) },
    };
  }

  /** The rules of an entity become these; a key that is not given is kept, or made. */
  #keyOperations(kind: 'queue' | 'topic', path: string, given: readonly unknown[]): Operation[] {
    const before = new Map(this.keysOf(path).map((rule) => [rule.name.toLowerCase(), rule]));
    const operations: Operation[] = [];
    for (const one of given) {
      const rule = readKeys(one);
      const known = before.get(rule.name.toLowerCase());
      before.delete(rule.name.toLowerCase());
      operations.push({
        operation: 'put',
        id: known?.resourceId ?? keysIdOf(this.#namespaceId, kind, path, rule.name),
        type: kind === 'queue' ? resourceTypes.queueKeys : resourceTypes.topicKeys,
        body: { properties: { rights: rule.rights } },
        secrets: {
          'properties/primaryKey': rule.primaryKey ?? known?.primaryKey ?? newKey(),
          'properties/secondaryKey': rule.secondaryKey ?? known?.secondaryKey ?? newKey(),
        },
      });
    }
    for (const { resourceId } of before.values()) operations.push({ operation: 'delete', id: resourceId });
    return operations;
  }

  #shown(entity: StoredEntity): EntityRecord {
    if (entity.kind === 'rule') return { ...entity, properties: shownRule(entity.properties) };
    const rules = this.keysOf(entity.path);
    if (rules.length === 0) return entity;
    const authorizationRules = rules.map(({ name, rights, primaryKey, secondaryKey, createdAt, updatedAt }) => ({
      keyName: name,
      rights,
      primaryKey,
      secondaryKey,
      createdTime: createdAt,
      modifiedTime: updatedAt,
    }));
    return { ...entity, properties: { ...entity.properties, authorizationRules } };
  }
}

interface GivenKeys {
  readonly name: string;
  readonly rights: Right[];
  readonly primaryKey: string | undefined;
  readonly secondaryKey: string | undefined;
}

function readKeys(value: unknown): GivenKeys {
  const given = typeof value === 'object' && value !== null ? value : {};
  const name: unknown = Reflect.get(given, 'keyName');
  const rights: unknown = Reflect.get(given, 'rights');
  const text = (key: string) => {
    const found: unknown = Reflect.get(given, key);
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  if (typeof name !== 'string' || !/^[\w][\w.-]{0,255}$/.test(name) || !Array.isArray(rights))
    throw new ServiceBusError('BadRequest', { reason: 'An authorization rule must have a name and rights.' });
  return { name, rights: [...rights], primaryKey: text('primaryKey'), secondaryKey: text('secondaryKey') };
}

/** 256 bits, as Azure's. */
export function newKey(): string {
  return randomBytes(32).toString('base64');
}

/** Members that are undefined are left out. */
function json(properties: EntityProperties): JsonValue {
  return JSON.parse(JSON.stringify(properties));
}
