import type { Connection, SaslIdentity } from '@lazuli/amqp';
import { claimRequired } from '../access/unauthorized.ts';
import type { Claim, Right, Transaction } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import type { FrontLimits, FrontOptions, ReachedNamespace } from './front-options.ts';

/** A link as the idle rules and the access rules see it. */
export interface WatchedLink {
  /** What it needs; undefined: nothing (`$cbs`, the coordinator). */
  readonly needs: { readonly right: Right; readonly path: string } | undefined;
  /** When it was last used, milliseconds since 1970. */
  usedAt: number;
  close(error: ServiceBusError | { readonly condition: string; readonly description: string }): void;
}

const mostClaims = 1000;

/** What is known of one connection: which namespace it speaks to, and what it may. */
export class Client {
  readonly connection: Connection;
  readonly namespace: ReachedNamespace;
  readonly options: FrontOptions;
  readonly limits: FrontLimits;
  readonly links = new Set<WatchedLink>();
  /** By their id in hex. */
  readonly transactions = new Map<string, Transaction>();
  /** Bytes of its messages that are not on disk yet. */
  pendingBytes = 0;
  hadLink = false;
  /** By path: a newer one for the same path replaces it. */
  readonly #claims = new Map<string, Claim>();

  constructor(connection: Connection, namespace: ReachedNamespace, options: FrontOptions, limits: FrontLimits) {
    this.connection = connection;
    this.namespace = namespace;
    this.options = options;
    this.limits = limits;
    const claim = claimOf(connection.identity);
    if (claim !== undefined) this.addClaim(claim);
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

  /** @throws {ServiceBusError} `TransactionUnknown` */
  transaction(id: Buffer): Transaction {
    const transaction = this.transactions.get(id.toString('hex'));
    if (transaction === undefined) throw new ServiceBusError('TransactionUnknown');
    return transaction;
  }

  watch(link: WatchedLink): void {
    this.hadLink = true;
    this.links.add(link);
  }
}

/** Who signed in with the name of a rule and its key. */
function claimOf({ principal }: SaslIdentity): Claim | undefined {
  return typeof principal === 'object' && principal !== null && 'allows' in principal
    ? (principal as Claim)
    : undefined;
}

export function toServiceBusError(error: unknown): ServiceBusError {
  return error instanceof ServiceBusError ? error : new ServiceBusError('InternalError', {}, { cause: error });
}
