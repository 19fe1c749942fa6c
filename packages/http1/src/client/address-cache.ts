import { lookup } from 'node:dns';
import { isIP } from 'node:net';

/** Asks for every address of a host name, in the order of preference. */
export type ResolveHost = (host: string, done: (error: Error | null, addresses: readonly string[]) => void) => void;

/** The system's resolver: hosts file, DNS, whatever is configured. */
export const resolveHost: ResolveHost = (host, done) => {
  lookup(host, { all: true, order: 'verbatim' }, (error, found) => {
    if (error) done(error, []);
    else
      done(
        null,
        found.map(({ address }) => address),
      );
  });
};

/**
 * Remembers the addresses of hosts. The system's resolver does not tell for how long an answer holds: 30 seconds for
 * addresses, five for a failure. Addresses that are older are still used while new ones are asked for in the background,
 * and as long as the resolver fails. An address that could not be reached goes to the end for a while.
 */
export class AddressCache {
  #resolve: ResolveHost;
  #now: () => number;
  #entries = new Map<string, Entry>();

  /** `now`: milliseconds from any point in time. */
  constructor(resolve: ResolveHost = resolveHost, now: () => number = () => performance.now()) {
    this.#resolve = resolve;
    this.#now = now;
  }

  /** Gives at least one address or an error; at once when it is known. */
  find(host: string, found: (error: Error | null, addresses: readonly string[]) => void): void {
    if (isIP(host) !== 0) {
      found(null, [host]);
      return;
    }
    const name = host.toLowerCase();
    const entry = this.#entryFor(name);
    const now = this.#now();
    const isFresh = now < entry.validUntil;
    if (!isFresh && entry.waiting === null) this.#ask(name, entry);
    if (entry.addresses.length > 0 && (isFresh || now < entry.validUntil + staleMs)) found(null, inOrder(entry, now));
    else if (entry.waiting !== null) entry.waiting.push(found);
    else found(entry.error, entry.error === null ? inOrder(entry, now) : []);
  }

  /** No connection to it could be opened: others are tried before it for a while. */
  markBad(host: string, address: string): void {
    this.#entries.get(host.toLowerCase())?.badUntil.set(address, this.#now() + badMs);
  }

  #entryFor(name: string): Entry {
    const known = this.#entries.get(name);
    if (known) return known;
    if (this.#entries.size >= mostHosts) {
      for (const [oldest, { waiting }] of this.#entries) {
        if (waiting !== null) continue;
        this.#entries.delete(oldest);
        break;
      }
    }
    const entry: Entry = { addresses: [], error: null, validUntil: 0, waiting: null, badUntil: new Map() };
    this.#entries.set(name, entry);
    return entry;
  }

  #ask(name: string, entry: Entry): void {
    entry.waiting = [];
    this.#resolve(name, (error, addresses) => {
      const waiting = entry.waiting ?? [];
      const now = this.#now();
      entry.waiting = null;
      if (error === null && addresses.length > 0) {
        entry.addresses = addresses;
        entry.error = null;
        entry.validUntil = now + addressMs;
        for (const address of entry.badUntil.keys()) if (!addresses.includes(address)) entry.badUntil.delete(address);
      } else {
        entry.error = error ?? new Error(`The host ${name} has no address.`);
        // Old addresses are better than none, but not for ever.
        if (entry.validUntil + staleMs <= now) entry.addresses = [];
        if (entry.addresses.length === 0) entry.validUntil = now + failureMs;
      }
      const isKnown = entry.addresses.length > 0;
      for (const found of waiting) found(isKnown ? null : entry.error, isKnown ? inOrder(entry, now) : []);
    });
  }
}

interface Entry {
  addresses: readonly string[];
  error: Error | null;
  validUntil: number;
  /** Not null: the resolver has been asked. */
  waiting: ((error: Error | null, addresses: readonly string[]) => void)[] | null;
  readonly badUntil: Map<string, number>;
}

function inOrder({ addresses, badUntil }: Entry, now: number): readonly string[] {
  if (badUntil.size === 0) return addresses;
  const good: string[] = [];
  const bad: string[] = [];
  for (const address of addresses) {
    const until = badUntil.get(address);
    if (until !== undefined && until > now) bad.push(address);
    else {
      good.push(address);
      badUntil.delete(address);
    }
  }
  return [...good, ...bad];
}

const addressMs = 30_000;
const failureMs = 5_000;
const staleMs = 300_000;
const badMs = 30_000;
const mostHosts = 4096;
