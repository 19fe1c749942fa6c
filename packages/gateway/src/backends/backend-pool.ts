import { createHash } from 'node:crypto';
import type { Backend } from '@lazuli/resources';
import type { SingleBackend } from './single-backend.ts';
import { WeightedRoundRobin } from './weighted-round-robin.ts';

/** A pool: members in groups of one priority; the next group only when no member of those before can take a request. */
export class BackendPool {
  readonly entity: Backend;
  readonly members: readonly SingleBackend[];
  readonly #groups: readonly WeightedRoundRobin<SingleBackend>[];

  constructor(entity: Backend, find: (name: string) => SingleBackend | undefined) {
    this.entity = entity;
    const byPriority = new Map<number, { item: SingleBackend; weight: number }[]>();
    const members: SingleBackend[] = [];
    for (const { backend, priority, weight } of entity.pool?.services ?? []) {
      const item = find(backend);
      if (!item) continue;
      members.push(item);
      byPriority.set(priority, [...(byPriority.get(priority) ?? []), { item, weight }]);
    }
    this.members = members;
    this.#groups = [...byPriority].sort(([a], [b]) => a - b).map(([, items]) => new WeightedRoundRobin(items));
  }

  /** The member for the next request, or undefined when every circuit is open. `sticky` is tried first. */
  pick(now: number, sticky: SingleBackend | undefined): SingleBackend | undefined {
    const mayPick = (member: SingleBackend) => !member.isOpen(now);
    if (sticky && mayPick(sticky)) return sticky;
    for (const group of this.#groups) {
      const picked = group.next(mayPick);
      if (picked) return picked;
    }
    return undefined;
  }

  /** The member that the session cookie in a `Cookie` header names. */
  memberOf(cookies: readonly string[] | undefined): SingleBackend | undefined {
    const name = this.entity.pool?.sessionAffinity?.name;
    if (name === undefined || cookies === undefined) return undefined;
    for (const header of cookies) {
      for (const pair of header.split(';')) {
        const at = pair.indexOf('=');
        if (at < 0 || pair.slice(0, at).trim() !== name) continue;
        const value = pair.slice(at + 1).trim();
        const member = this.members.find((one) => memberToken(one) === value);
        if (member) return member;
      }
    }
    return undefined;
  }

  /** The `Set-Cookie` value that keeps a session at `member`; null without session affinity. */
  cookieFor(member: SingleBackend): string | null {
    const name = this.entity.pool?.sessionAffinity?.name;
    return name === undefined ? null : `${name}=${memberToken(member)}; Path=/; HttpOnly`;
  }

  /** Milliseconds until the first circuit closes. */
  opensIn(now: number): number {
    return this.members.length === 0 ? 0 : Math.min(...this.members.map((member) => member.closesIn(now)));
  }
}

/** Names a member without telling the caller its name. */
function memberToken(member: SingleBackend): string {
  return createHash('sha256').update(`lazuli-affinity:${member.entity.name}`).digest('base64url').slice(0, 22);
}
