import type { Connection } from '@lazuli/amqp';

/** Tags of the deliveries of one link that were accepted last. The link adds to it also after it was lost. */
export class AcceptedTags {
  /** A ring. */
  readonly #tags: string[] = [];
  #next = 0;

  add(tag: Buffer): void {
    this.#tags[this.#next] = tag.toString('latin1');
    this.#next = (this.#next + 1) % mostTags;
  }

  has(tag: Buffer): boolean {
    return this.#tags.includes(tag.toString('latin1'));
  }

  /** Those among these (hex) that were accepted. */
  among(tags: Iterable<string>): Set<string> {
    const known = new Set(this.#tags);
    const found = new Set<string>();
    for (const tag of tags) if (known.has(Buffer.from(tag, 'hex').toString('latin1'))) found.add(tag);
    return found;
  }
}

interface LostLink {
  readonly accepted: AcceptedTags;
  readonly lostAt: number;
}

/**
 * What senders may not have heard of: the deliveries that were accepted on links that have ended, for as long as a client takes to
 * come back. It asks for them in the unsettled map of the link by the same name (AMQP 1.0, 2.6.13), and need not send them again.
 */
export class LostLinks {
  readonly #links = new Map<string, LostLink>();

  /** `name` of a link to `path` from this container. */
  keep(connection: Connection, name: string, path: string, accepted: AcceptedTags, now: number): void {
    const key = keyOf(connection, name, path);
    this.#links.delete(key);
    this.#links.set(key, { accepted, lostAt: now });
    for (const [oldest, { lostAt }] of this.#links) {
      if (this.#links.size <= mostLinks && now - lostAt < keptMs) break;
      this.#links.delete(oldest);
    }
  }

  take(connection: Connection, name: string, path: string, now: number): AcceptedTags | undefined {
    const key = keyOf(connection, name, path);
    const lost = this.#links.get(key);
    this.#links.delete(key);
    return lost !== undefined && now - lost.lostAt < keptMs ? lost.accepted : undefined;
  }
}

function keyOf({ hostName = '', remoteContainerId }: Connection, name: string, path: string): string {
  return JSON.stringify([hostName.toLowerCase(), path.toLowerCase(), remoteContainerId, name]);
}

/** A link may have so many messages under way. */
const mostTags = 1000;
const mostLinks = 1000;
const keptMs = 120_000;
