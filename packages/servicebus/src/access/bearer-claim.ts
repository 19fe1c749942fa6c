import type { Claim, Right } from '../contract.ts';
import { isAtOrBelow, pathOf } from './resource-path.ts';

/** Whose bearer token it was, as who verifies tokens knows. */
export interface BearerIdentity {
  /** For logs: name of the application or of the user. */
  readonly name: string;
  /** Whether its roles give a data action over an entity (path; empty: the namespace), as things are now. */
  allows(dataAction: string, entityPath: string): boolean | Promise<boolean>;
}

/** "Azure Service Bus Data Sender, Data Receiver, Data Owner": only the owner has data actions beside those to send and to receive. */
export const dataActionOf: Readonly<Record<Right, string>> = {
  Send: 'Microsoft.ServiceBus/namespaces/messages/send/action',
  Listen: 'Microsoft.ServiceBus/namespaces/messages/receive/action',
  Manage: 'Microsoft.ServiceBus/namespaces/messages/manage/action',
};

const rights: readonly Right[] = ['Send', 'Listen', 'Manage'];

/** An answer older than this is asked for again when it is used. */
const refreshAfterMs = 5000;
/** When nobody can tell any more what the roles are, old answers count for this long. */
const trustAfterFailureMs = 60_000;
/** Entities that a claim keeps answers for. */
const mostDecisions = 256;

interface Decision {
  readonly allowed: Set<Right>;
  /** Number of the question whose answer counts. */
  answered: number;
  /** Of the last question, answered or not. */
  askedAt: number;
  failingSince: number | undefined;
  isAsking: boolean;
}

export interface BearerClaimOptions {
  readonly identity: BearerIdentity;
  readonly path: string;
  readonly expiresAt: number;
  readonly now: () => number;
}

/**
 * A claim by a bearer token. Roles are asked for when the claim is made, again by {@link refresh} (when role assignments change), and
 * behind every use of an answer that is older than five seconds: that use still goes by the old answer, the next one by the new. An entity
 * that was not asked for yet has what its namespace has, and its own answer a moment later.
 */
export class BearerClaim implements Claim {
  readonly path: string;
  readonly expiresAt: number;
  readonly who: string;
  readonly #identity: BearerIdentity;
  readonly #now: () => number;
  readonly #decisions = new Map<string, Decision>();
  #questions = 0;
  #lastAsked: string | undefined;
  /** What was asked for last; undefined: it does not lie below the claim's path. */
  #lastEntity: string | undefined;

  private constructor({ identity, path, expiresAt, now }: BearerClaimOptions) {
    this.path = path;
    this.expiresAt = expiresAt;
    this.who = identity.name;
    this.#identity = identity;
    this.#now = now;
  }

  /** Resolves when it is known what the roles allow at its path. Rejects where that cannot be told. */
  static async make(options: BearerClaimOptions): Promise<BearerClaim> {
    const claim = new BearerClaim(options);
    const entity = entityOf(options.path);
    await claim.#ask(entity, claim.#decision(entity));
    return claim;
  }

  allows(right: Right, entityPath: string): boolean {
    if (entityPath !== this.#lastAsked) {
      const path = pathOf(entityPath);
      this.#lastEntity = isAtOrBelow(path, this.path) ? entityOf(path) : undefined;
      this.#lastAsked = entityPath;
    }
    const entity = this.#lastEntity;
    if (entity === undefined) return false;
    const now = this.#now();
    const decision = this.#decision(entity);
    if (now - decision.askedAt >= refreshAfterMs) this.#askLater(entity, decision);
    // Roles at a place count below it: what is not known yet of an entity may be known of the claim's own path.
    return isGiven(decision, right, now) || isGiven(this.#decisions.get(entityOf(this.path)), right, now);
  }

  /** Asks again for everything that was asked for. */
  async refresh(): Promise<void> {
    await Promise.all(
      [...this.#decisions].map(([entity, decision]) => this.#ask(entity, decision).catch(() => undefined)),
    );
  }

  #decision(entity: string): Decision {
    const known = this.#decisions.get(entity);
    if (known !== undefined) return known;
    if (this.#decisions.size >= mostDecisions) {
      for (const other of this.#decisions.keys()) {
        if (other === entityOf(this.path)) continue;
        this.#decisions.delete(other);
        break;
      }
    }
    const made: Decision = {
      allowed: new Set(),
      answered: 0,
      askedAt: Number.NEGATIVE_INFINITY,
      failingSince: undefined,
      isAsking: false,
    };
    this.#decisions.set(entity, made);
    return made;
  }

  #askLater(entity: string, decision: Decision): void {
    if (decision.isAsking) return;
    this.#ask(entity, decision).catch(() => undefined);
  }

  async #ask(entity: string, decision: Decision): Promise<void> {
    decision.isAsking = true;
    const askedAt = this.#now();
    decision.askedAt = askedAt;
    const question = ++this.#questions;
    try {
      const answers = rights.map((right) => this.#identity.allows(dataActionOf[right], entity));
      const settled = answers.some((answer) => typeof answer !== 'boolean') ? await Promise.all(answers) : answers;
      // An older question that is answered late does not undo a newer answer.
      if (question < decision.answered) return;
      decision.answered = question;
      decision.failingSince = undefined;
      rights.forEach((right, index) => {
        if (settled[index] === true) decision.allowed.add(right);
        else decision.allowed.delete(right);
      });
    } catch (error) {
      decision.failingSince ??= askedAt;
      throw error;
    } finally {
      decision.isAsking = false;
    }
  }
}

function isGiven(decision: Decision | undefined, right: Right, now: number): boolean {
  if (decision === undefined) return false;
  if (decision.failingSince !== undefined && now - decision.failingSince >= trustAfterFailureMs) return false;
  return decision.allowed.has(right) || decision.allowed.has('Manage');
}

/** Sub-queues (`$deadletterqueue`, `$transfer/…`) have no scope of their own. */
function entityOf(path: string): string {
  return path.replace(/(?:^|\/)\$.*$/, '');
}
