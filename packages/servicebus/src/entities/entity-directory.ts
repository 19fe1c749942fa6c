import { entityNameProblem, type ServiceBusLimits, serviceBusLimits } from '@lazuli/resources';
import {
  type JsonValue,
  type Operation,
  PreconditionFailedError,
  type Store,
  StoreUnavailableError,
  type Subscription,
} from '@lazuli/store';
import type {
  CompiledRule,
  EntityDefinition,
  EntityDirectory,
  EntityProperties,
  EntityRecord,
  RuleDefinition,
  ServedNamespace,
} from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { authorizationRuleOperations, shownAuthorizationRules } from './authorization-keys.ts';
import { checkEntity, requireEntity, wholeEntity, wholeRule } from './check-entity.ts';
import { definitionsOf } from './definitions.ts';
import { parentPathOf, resourceIdOf, resourceTypes } from './entity-ids.ts';
import { shownRule } from './rule-properties.ts';
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
  /** Default: Azure's. */
  readonly limits?: Partial<ServiceBusLimits>;
}

const defaultRuleName = '$Default';
/** Attempts to write while other processes write the same. */
const mostAttempts = 5;

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
  /** Resolves when these resources, and what was below those that are gone, are served as the store has them now. */
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
  readonly #limits: ServiceBusLimits;
  readonly #entities: StoredEntities;
  #following: Subscription | undefined;
  /** One change at a time: what is asked for is decided on what is there. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#namespaceId = options.namespaceId;
    this.#served = options.served;
    this.#limits = { ...serviceBusLimits, ...options.limits };
    this.#entities = new StoredEntities(options.store, options.namespaceId);
  }

  async open(): Promise<void> {
    const from = await this.#store.sequence();
    await this.#reload();
    const prefix = `${this.#namespaceId.toLowerCase()}/`;
    this.#following = this.#store.subscribe(
      from,
      async (notice) => {
        if (notice.kind === 'reload') {
          await this.#inTurn(() => this.#reload());
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
    return this.#entities.below(requireEntity(this.#entities, topicPath, 'topic').path, 'subscription');
  }

  async rules(topicPath: string, subscription: string): Promise<readonly EntityRecord[]> {
    const { path } = requireEntity(this.#entities, `${topicPath}/Subscriptions/${subscription}`, 'subscription');
    return this.#entities.below(path, 'rule').map((rule) => this.#shown(rule));
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
    const clean = path.replace(/^\/+|\/+$/g, '');
    return this.#inTurn(async () => {
      await this.#write(() => this.#putOperations(clean, kind, properties, mode));
      const stored = this.#entities.get(clean);
      if (stored === undefined) throw new ServiceBusError('InternalError');
      return this.#shown(stored);
    });
  }

  delete(path: string): Promise<void> {
    return this.#inTurn(() =>
      this.#write(() => {
        const entity = this.#entities.get(path);
        if (entity === undefined) throw new ServiceBusError('EntityNotFound', { entity: path });
        return [{ operation: 'deleteSubtree', id: entity.resourceId, ifMatch: '*' }];
      }),
    );
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

  /** Writes what is asked for in view of what is there, and again when another process was faster. */
  async #write(ask: () => readonly Operation[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const operations = ask();
      try {
        await this.#store.change(operations);
      } catch (error) {
        if (error instanceof StoreUnavailableError)
          throw new ServiceBusError('ServerBusy', { reason: 'its store cannot be reached' }, { cause: error });
        if (!(error instanceof PreconditionFailedError)) throw error;
        if (attempt === mostAttempts)
          throw new ServiceBusError('ServerBusy', { reason: 'others change the same' }, { cause: error });
        await this.#reload();
        continue;
      }
      const written = operations.filter(({ operation }) => operation !== 'require');
      await this.#reread(written.map(({ id }) => ({ id, etag: undefined })));
      return;
    }
  }

  async #reload(): Promise<void> {
    await this.#entities.load();
    await this.#apply();
  }

  async #reread(changes: readonly { readonly id: string; readonly etag: string | undefined }[]): Promise<void> {
    let isDifferent = false;
    for (const { id, etag } of changes) if (await this.#entities.refresh(id, etag)) isDifferent = true;
    if (isDifferent) await this.#apply();
  }

  #apply(): Promise<void> {
    return this.#served.apply(definitionsOf(this.#entities.all()));
  }

  /** @throws {ServiceBusError} */
  #putOperations(
    path: string,
    kind: EntityRecord['kind'],
    given: EntityProperties,
    mode: 'create' | 'update',
  ): Operation[] {
    const existing = this.#entities.get(path);
    checkEntity(this.#entities, this.#limits, { path, kind, mode, existing });
    const whole =
      kind === 'rule'
        ? this.#wholeRule(path, given, existing)
        : wholeEntity(this.#entities, { path, kind, given, existing: existing?.properties });
    const id = existing?.resourceId ?? resourceIdOf(this.#namespaceId, kind, this.#spelled(path));
    const operations: Operation[] = [
      ...(existing === undefined ? this.#conditions(path, kind) : []),
      {
        operation: 'put',
        id,
        type: resourceTypes[kind],
        body: { properties: json(whole) },
        ...(existing === undefined ? { ifNoneMatch: '*' } : { ifMatch: existing.etag }),
      },
    ];
    if (kind === 'subscription' && mode === 'create') operations.push(this.#firstRule(path, given.defaultRule));
    if ((kind === 'queue' || kind === 'topic') && Array.isArray(given.authorizationRules))
      operations.push(
        ...authorizationRuleOperations(
          { namespaceId: this.#namespaceId, kind, path },
          given.authorizationRules,
          this.keysOf(path),
        ),
      );
    return operations;
  }

  /** With its parents as they were created. */
  #spelled(path: string): string {
    const parent = parentPathOf(path);
    const known = parent === '' ? undefined : this.#entities.get(parent)?.path;
    return known === undefined ? path : `${known}${path.slice(parent.length)}`;
  }

  /** What has to be there, and what must not be, when something is made. */
  #conditions(path: string, kind: EntityRecord['kind']): Operation[] {
    const parent = this.#entities.get(parentPathOf(path))?.resourceId ?? this.#namespaceId;
    const stands: Operation = { operation: 'require', id: parent, ifMatch: '*' };
    if (kind !== 'queue' && kind !== 'topic') return [stands];
    // Queues and topics share their names.
    const other = resourceIdOf(this.#namespaceId, kind === 'queue' ? 'topic' : 'queue', path);
    return [stands, { operation: 'require', id: other, ifNoneMatch: '*' }];
  }

  #wholeRule(path: string, given: EntityProperties, existing: StoredEntity | undefined): EntityProperties {
    return wholeRule(this.#entities, { path, given, existing }, this.#limits, this.#options.compileRule);
  }

  /** What a new subscription lets through: everything, unless it says otherwise. */
  #firstRule(path: string, given: unknown): Operation {
    const named = typeof given === 'object' && given !== null ? given : {};
    const name: unknown = Reflect.get(named, 'name') ?? defaultRuleName;
    const properties: unknown = Reflect.get(named, 'properties') ?? { filterType: 'TrueFilter' };
    const rulePath = `${this.#spelled(path)}/Rules/${String(name)}`;
    const problem = entityNameProblem('rule', String(name));
    if (problem !== undefined) throw new ServiceBusError('BadRequest', { reason: problem });
    const whole = this.#wholeRule(rulePath, typeof properties === 'object' ? { ...properties } : {}, undefined);
    return {
      operation: 'put',
      id: resourceIdOf(this.#namespaceId, 'rule', rulePath),
      type: resourceTypes.rule,
      body: { properties: json(whole) },
    };
  }

  #shown(entity: StoredEntity): EntityRecord {
    if (entity.kind === 'rule') return { ...entity, properties: shownRule(entity.properties) };
    const rules = this.keysOf(entity.path);
    if (rules.length === 0) return entity;
    return { ...entity, properties: { ...entity.properties, authorizationRules: shownAuthorizationRules(rules) } };
  }
}

/** Members that are undefined are left out. */
function json(properties: EntityProperties): JsonValue {
  return JSON.parse(JSON.stringify(properties));
}
