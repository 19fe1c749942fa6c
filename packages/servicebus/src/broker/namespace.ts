import type { AmqpClock } from '@lazuli/amqp';
import type { Journal, JournalOpened } from '@lazuli/store';
import type {
  CompiledRule,
  EntityDefinition,
  EntityRuntime,
  MessageSource,
  NamespaceStatistics,
  RuleDefinition,
  SendTarget,
  ServedNamespace,
  Transaction,
} from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { Commits } from './commits.ts';
import { type BrokerContext, type BrokerLimits, type BrokerLog, defaultBrokerLimits } from './context.ts';
import { Counters } from './counters.ts';
import type { Duplicates } from './duplicates.ts';
import type { Entity } from './entity.ts';
import { Holder } from './holder.ts';
import { LockTokens } from './lock-tokens.ts';
import type { MessageQueue } from './message-queue.ts';
import { QueueSource } from './message-source.ts';
import { entityHead } from './records.ts';
import { type Recovered, recover, restore, unusedFrom } from './recovery.ts';
import { removeEntity } from './remove-entity.ts';
import { runtimeOf } from './runtime.ts';
import { sameDefinition } from './same-definition.ts';
import { EntityTarget } from './send-target.ts';
import { Subscription } from './subscription.ts';
import { Timers } from './timers.ts';
import { Topic } from './topic.ts';
import { BrokerTransaction } from './transaction.ts';

export interface NamespaceOptions extends JournalOpened {
  readonly name: string;
  readonly clock: AmqpClock;
  readonly compileRule: (rule: RuleDefinition) => CompiledRule;
  readonly limits?: Partial<BrokerLimits>;
  /** An entity was deleted because it was idle for too long: its definition is to go too. */
  readonly onDefinitionGone?: (definition: EntityDefinition) => void;
  readonly log: BrokerLog;
}

/**
 * Serves the namespace whose messages the journal holds. It has no entities before `apply`, which must name those whose messages are
 * to stay. The journal stays the caller's to close.
 */
export async function openNamespace(options: NamespaceOptions): Promise<ServedNamespace> {
  return new Namespace(options, await recover(options));
}

class Namespace implements ServedNamespace, BrokerContext {
  readonly name: string;
  readonly journal: Journal;
  readonly clock: AmqpClock;
  readonly limits: BrokerLimits;
  readonly log: BrokerLog;
  readonly compileRule: (rule: RuleDefinition) => CompiledRule;
  readonly commits: Commits;
  readonly timers: Timers;
  readonly tokens = new LockTokens();
  readonly counters = new Counters();
  readonly unwrittenDuplicates = new Set<Duplicates>();
  isLost = false;
  readonly #onDefinitionGone: ((definition: EntityDefinition) => void) | undefined;
  readonly #byPath = new Map<string, Entity>();
  readonly #byId = new Map<string, Entity>();
  readonly #transactions = new Set<BrokerTransaction>();
  #recovered: Recovered | undefined;
  #lastNumber: number;

  constructor(options: NamespaceOptions, recovered: Recovered) {
    this.name = options.name;
    this.journal = options.journal;
    this.clock = options.clock;
    this.limits = { ...defaultBrokerLimits, ...options.limits };
    this.log = options.log;
    this.compileRule = options.compileRule;
    this.#onDefinitionGone = options.onDefinitionGone;
    this.commits = new Commits(options.journal, options.log);
    this.timers = new Timers(options.clock);
    this.#recovered = recovered;
    this.#lastNumber = recovered.lastNumber;
    this.journal.onLost((reason) => {
      this.log.error({ err: reason, namespace: this.name }, 'the journal of the namespace is lost');
      this.#stop();
    });
  }

  get statistics(): NamespaceStatistics {
    return this.counters;
  }

  async apply(definitions: readonly EntityDefinition[]): Promise<void> {
    if (this.isLost) throw new ServiceBusError('NotOwner');
    const wanted = new Set(definitions.map((definition) => definition.id));
    for (const [id, entity] of this.#byId) if (!wanted.has(id)) this.#remove(id, entity);
    const recovered = this.#recovered;
    this.#recovered = undefined;
    const made: Entity[] = [];
    const changed: Entity[] = [];
    // Subscriptions come after the topics that they belong to.
    const inOrder = [...definitions].sort(
      (one, other) => Number(one.kind === 'subscription') - Number(other.kind === 'subscription'),
    );
    for (const definition of inOrder) {
      const entity = this.#byId.get(definition.id);
      if (entity === undefined) {
        const created = this.#create(definition, recovered);
        if (created !== undefined) made.push(created);
      } else if (!sameDefinition(entity.definition, definition)) {
        entity.definition = definition;
        changed.push(entity);
      }
    }
    for (const entity of made) entity.configure();
    for (const entity of changed) this.#reconfigure(entity);
    if (recovered !== undefined) this.#restore(made, recovered);
    // Forwarding starts when every entity is what it is to be.
    for (const entity of [...made, ...changed]) entity.direct();
    for (const entity of [...made, ...changed]) this.#serve(entity);
    await this.commits.durable();
  }

  sender(path: string): SendTarget {
    const entity = this.find(path);
    if (entity === undefined) {
      if (this.#isSubQueue(path)) {
        throw new ServiceBusError('SendNotAllowed', { entity: path, reason: 'dead letters come from its queue only' });
      }
      throw new ServiceBusError('EntityNotFound', { entity: path });
    }
    if (entity.entry === undefined) {
      throw new ServiceBusError('SendNotAllowed', {
        entity: path,
        reason: 'a subscription gets what its topic is sent',
      });
    }
    return new EntityTarget(this, entity.path, entity);
  }

  source(path: string): MessageSource {
    return new QueueSource(path, () => this.#queueAt(path));
  }

  beginTransaction(): Transaction {
    if (this.isLost) throw new ServiceBusError('NotOwner');
    if (this.#transactions.size >= this.limits.transactions) {
      throw new ServiceBusError('QuotaExceeded', { reason: `${this.limits.transactions} transactions are open.` });
    }
    const transaction = new BrokerTransaction(this, (ended) => this.#transactions.delete(ended));
    this.#transactions.add(transaction);
    return transaction;
  }

  runtime(path: string): EntityRuntime | undefined {
    const entity = this.find(path);
    return entity === undefined ? undefined : runtimeOf(entity);
  }

  async close(): Promise<void> {
    if (this.isLost) return;
    for (const transaction of [...this.#transactions]) transaction.rollback();
    for (const entity of this.#byId.values()) entity.giveBackNumbers();
    const durable = this.commits.durable();
    this.#stop();
    await durable.catch(() => undefined);
  }

  find(path: string): Entity | undefined {
    return this.#byPath.get(path.toLowerCase());
  }

  deleteIdle(entity: Entity): void {
    const { definition } = entity;
    if (this.#byId.get(definition.id) !== entity) return;
    this.log.warn({ namespace: this.name, entity: entity.path }, 'an idle entity is deleted');
    if (entity instanceof Topic) {
      for (const subscription of [...entity.subscriptions.values()])
        this.#remove(subscription.definition.id, subscription);
    }
    this.#remove(definition.id, entity);
    this.#onDefinitionGone?.(definition);
  }

  #create(definition: EntityDefinition, recovered: Recovered | undefined): Entity | undefined {
    const topic = definition.kind === 'subscription' ? this.find(definition.topicPath) : undefined;
    if (definition.kind === 'subscription' && !(topic instanceof Topic)) {
      this.log.error({ topic: definition.topicPath, subscription: definition.name }, 'a subscription has no topic');
      return undefined;
    }
    const known = recovered?.identities.get(definition.id);
    const number = known?.number ?? ++this.#lastNumber;
    const identity = {
      number,
      item: known?.item ?? this.journal.append(entityHead(number, definition.id)),
      unusedFrom: known === undefined ? 1 : unusedFrom(known, recovered?.entities.get(number)),
    };
    const entity = entityOf(this, identity, definition, topic);
    this.#byId.set(definition.id, entity);
    this.#byPath.set(entity.path.toLowerCase(), entity);
    return entity;
  }

  #reconfigure(entity: Entity): void {
    entity.configure();
    if (entity.isReceivedFrom || entity instanceof Topic) return;
    entity.closeReceivers(new ServiceBusError('EntityDisabled', { entity: entity.path, what: 'receive operations' }));
  }

  #serve(entity: Entity): void {
    for (const queue of entity.queues) {
      if (queue.outlet.kind === 'onward') {
        const reason = 'its messages are forwarded';
        entity.closeReceivers(new ServiceBusError('ReceiveNotAllowed', { entity: queue.path, reason }), [queue]);
      } else queue.pump();
    }
  }

  #remove(id: string, entity: Entity): void {
    this.#byId.delete(id);
    const path = entity.path.toLowerCase();
    if (this.#byPath.get(path) === entity) this.#byPath.delete(path);
    if (entity instanceof Subscription) {
      entity.topic?.subscriptions.delete(entity.definition.name.toLowerCase());
      entity.topic?.grow(-entity.sizeInBytes);
    }
    removeEntity(entity);
  }

  #restore(made: readonly Entity[], recovered: Recovered): void {
    for (const entity of made) {
      const found = recovered.entities.get(entity.number);
      if (found === undefined) continue;
      recovered.entities.delete(entity.number);
      restore(entity, found);
    }
    // What belongs to entities that are not there any more.
    for (const found of recovered.entities.values()) for (const item of found.items()) this.journal.remove(item);
    for (const [id, { item }] of recovered.identities) if (!this.#byId.has(id)) this.journal.remove(item);
  }

  #queueAt(path: string): MessageQueue {
    const { entityPath, subQueue } = splitPath(path);
    const entity = this.find(entityPath);
    if (entity === undefined) throw new ServiceBusError('EntityNotFound', { entity: path });
    if (!(entity instanceof Holder)) {
      throw new ServiceBusError('ReceiveNotAllowed', {
        entity: path,
        reason: 'a topic is received from by its subscriptions',
      });
    }
    return entity[subQueue];
  }

  #isSubQueue(path: string): boolean {
    const { entityPath, subQueue } = splitPath(path);
    return subQueue !== 'main' && this.find(entityPath) instanceof Holder;
  }

  #stop(): void {
    if (this.isLost) return;
    this.isLost = true;
    this.timers.close();
    for (const entity of this.#byId.values()) entity.closeReceivers(new ServiceBusError('NotOwner'));
  }
}

function entityOf(
  broker: BrokerContext,
  identity: { readonly number: number; readonly item: ReturnType<Journal['append']>; readonly unusedFrom: number },
  definition: EntityDefinition,
  topic: Entity | undefined,
): Entity {
  if (definition.kind === 'topic') return new Topic(broker, identity, definition);
  if (definition.kind === 'queue' || !(topic instanceof Topic)) return new Holder(broker, identity, definition);
  const subscription = new Subscription(broker, identity, definition, topic);
  topic.subscriptions.set(definition.name.toLowerCase(), subscription);
  return subscription;
}

const subQueueSuffixes = [
  ['/$transfer/$deadletterqueue', 'transferDeadLetters'],
  ['/$deadletterqueue', 'deadLetters'],
] as const;

function splitPath(path: string): {
  readonly entityPath: string;
  readonly subQueue: 'main' | 'deadLetters' | 'transferDeadLetters';
} {
  const lower = path.toLowerCase();
  for (const [suffix, subQueue] of subQueueSuffixes) {
    if (lower.endsWith(suffix)) return { entityPath: path.slice(0, -suffix.length), subQueue };
  }
  return { entityPath: path, subQueue: 'main' };
}
