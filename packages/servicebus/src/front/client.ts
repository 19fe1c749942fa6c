import type { Connection, SaslIdentity } from '@lazuli/amqp';
import { claimRequired } from '../access/unauthorized.ts';
import type { AccessControl, Claim, Right, Transaction } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import type { FrontLimits, FrontOptions, ReachedNamespace } from './front-options.ts';
import type { LostLinks } from './lost-links.ts';

/** A link as the idle rules and the access rules see it. */
export interface WatchedLink {
  /** What it needs; undefined: nothing (`$cbs`, the coordinator). */
  readonly needs: { readonly right: Right; readonly path: string } | undefined;
  /** When it was last used, milliseconds since 1970. */
  usedAt: number;
  /** @throws {ServiceBusError} where what it leads to is gone or disabled */
  check?(): void;
  close(error: ServiceBusError | { readonly condition: string; readonly description: string }): void;
}

/** Who signed in with the name of a rule and its key, and to which namespace. */
export interface KeyHolder {
  readonly access: AccessControl;
  readonly claim: Claim;
}

interface OpenTransaction {
  readonly transaction: Transaction;
  readonly begunAt: number;
}

const mostClaims = 1000;
/** Longer than the broker lets a transaction be open. */
const transactionAgeMs = 150_000;

/** What is known of one connection: which namespace it speaks to, and what it may. */
export class Client {
  readonly connection: Connection;
  readonly namespace: ReachedNamespace;
  readonly options: FrontOptions;
  readonly limits: FrontLimits;
  readonly lostLinks: LostLinks;
  readonly links = new Set<WatchedLink>();
  hadLink = false;
  /** Bytes of its messages that are not on disk yet. */
  #pendingBytes = 0;
  // Most connections need few of these: ten thousand idle ones are not to weigh much.
  /** Senders that get no credit before fewer bytes wait. */
  #starved: (() => void)[] | undefined = undefined;
  /** By path: a newer one for the same path replaces it. */
  readonly #claims = new Map<string, Claim>();
  /** By their id in hex. */
  #transactions: Map<string, OpenTransaction> | undefined = undefined;
  /** Sessions that it holds, by path and id: how many links hold each. */
  #sessions: Map<string, number> | undefined = undefined;

  constructor(
    connection: Connection,
    namespace: ReachedNamespace,
    options: FrontOptions,
    limits: FrontLimits,
    lostLinks: LostLinks,
  ) {
    this.lostLinks = lostLinks;
    this.connection = connection;
    this.namespace = namespace;
    this.options = options;
    this.limits = limits;
    const holder = keyHolderOf(connection.identity);
    if (holder !== undefined) this.addClaim(holder.claim);
  }

  addClaim(claim: Claim): void {
    this.#claims.delete(claim.path);
    this.#claims.set(claim.path, claim);
    if (this.#claims.size <= mostClaims) return;
    const [oldest] = this.#claims.keys();
    if (oldest !== undefined) this.#claims.delete(oldest);
  }

  allows(right: Right, path: string): boolean {
    const now = this.options.clock.now();
    for (const claim of this.#claims.values()) if (claim.expiresAt > now && claim.allows(right, path)) return true;
    return false;
  }

  /** @throws {ServiceBusError} `Unauthorized` */
  require(right: Right, path: string): void {
    if (!this.allows(right, path)) throw this.unauthorized(right, path);
  }

  unauthorized(right: Right, path: string): ServiceBusError {
    return claimRequired(right, this.connection.hostName ?? 'localhost', path, this.options.clock.now());
  }

  watch(link: WatchedLink): void {
    this.hadLink = true;
    this.links.add(link);
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** So many more bytes (or fewer) wait for the disk. */
  pend(bytes: number): void {
    this.#pendingBytes += bytes;
    if (this.#starved === undefined || this.isFull) return;
    const starved = this.#starved;
    this.#starved = undefined;
    for (const resume of starved) resume();
  }

  get isFull(): boolean {
    return this.#pendingBytes > this.limits.pendingBytes;
  }

  /** Calls back once when it is not full any more. */
  whenNotFull(resume: () => void): void {
    this.#starved ??= [];
    this.#starved.push(resume);
  }

  holdSession(path: string, id: string): void {
    const key = sessionKey(path, id);
    this.#sessions ??= new Map();
    this.#sessions.set(key, (this.#sessions.get(key) ?? 0) + 1);
  }

  leaveSession(path: string, id: string): void {
    const key = sessionKey(path, id);
    const links = (this.#sessions?.get(key) ?? 0) - 1;
    if (links > 0) this.#sessions?.set(key, links);
    else this.#sessions?.delete(key);
  }

  /** Who else holds a session has no say in it. @throws {ServiceBusError} `SessionLockLost` */
  requireSession(path: string, id: string): void {
    if (!this.#sessions?.has(sessionKey(path, id))) throw new ServiceBusError('SessionLockLost', { session: id });
  }

  /** @throws {ServiceBusError} `QuotaExceeded` */
  beginTransaction(): Transaction {
    const now = this.options.clock.now();
    const most = this.limits.transactions;
    this.#transactions ??= new Map();
    const open = this.#transactions;
    if (open.size >= most) {
      // Those that nobody ended were rolled back when their two minutes were over.
      for (const [id, { begunAt }] of open) if (now - begunAt > transactionAgeMs) open.delete(id);
      if (open.size >= most)
        throw new ServiceBusError('QuotaExceeded', { reason: `The connection has ${most} open transactions.` });
    }
    const transaction = this.namespace.served.beginTransaction();
    open.set(Buffer.from(transaction.id).toString('hex'), { transaction, begunAt: now });
    return transaction;
  }

  /** @throws {ServiceBusError} `TransactionUnknown` */
  transaction(id: Buffer): Transaction {
    const found = this.#transactions?.get(id.toString('hex'));
    if (found === undefined) throw new ServiceBusError('TransactionUnknown');
    return found.transaction;
  }

  /** It is not found any more: it is to be ended now. */
  takeTransaction(id: Buffer): Transaction | undefined {
    const key = id.toString('hex');
    const found = this.#transactions?.get(key);
    this.#transactions?.delete(key);
    return found?.transaction;
  }

  /** The connection is gone. */
  end(): void {
    for (const { transaction } of this.#transactions?.values() ?? []) transaction.rollback();
    this.#transactions = undefined;
    this.#starved = undefined;
  }
}

const sessionKey = (path: string, id: string) => `${path.toLowerCase()}\0${id}`;

/** A right that a link rests on. It is asked for at each use; what was found counts for the rest of the millisecond. */
export class LinkRight {
  readonly right: Right;
  readonly path: string;
  readonly #client: Client;
  #askedAt = -1;
  #held = false;

  constructor(client: Client, right: Right, path: string) {
    this.#client = client;
    this.right = right;
    this.path = path;
  }

  /** @throws {ServiceBusError} `Unauthorized` */
  require(now: number): void {
    if (now !== this.#askedAt) {
      this.#askedAt = now;
      this.#held = this.#client.allows(this.right, this.path);
    }
    if (!this.#held) throw this.#client.unauthorized(this.right, this.path);
  }
}

export function keyHolderOf({ principal }: SaslIdentity): KeyHolder | undefined {
  return typeof principal === 'object' && principal !== null && 'claim' in principal && 'access' in principal
    ? (principal as KeyHolder)
    : undefined;
}
