import { type ClockPort, type HttpPort, PolicyError, type TokenPort } from '@lazuli/policies';
import { fetchToken } from './fetch-token.ts';
import { type IdentitySource, identitySource } from './identity-source.ts';

export interface TokenPortOptions {
  /** Names and values of the process's environment: says where tokens come from (see {@link identitySource}). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly http: HttpPort;
  readonly clock: ClockPort;
}

export interface Token {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly expiresOn: number;
}

/**
 * Access tokens of this gateway's identity, for `authentication-managed-identity` and backend credentials. A token is kept
 * until five minutes before it expires (a tenth of its life for short ones) and then renewed; requests that need the same
 * token share one fetch. When a renewal fails the old token is given for as long as it is good.
 * `acquire` throws `PolicyError` IdentityTokenUnavailable (500); its message names the endpoint, never a secret.
 */
export function createTokenPort({ environment, http, clock }: TokenPortOptions): TokenPort {
  const source = identitySource(environment);
  return keepTokens(
    (resource, clientId) =>
      fetchToken(source, resource, clientId, { http, clock }).catch((error: unknown) => {
        throw unavailable(source, resource, error);
      }),
    clock,
  );
}

/** Keeps and renews the tokens that `fetch` gets, as {@link createTokenPort} says. */
export function keepTokens(
  fetch: (resource: string, clientId: string | null) => Promise<Token>,
  clock: Pick<ClockPort, 'now'>,
): TokenPort {
  const entries = new Map<string, Entry>();

  const fetchInto = (entry: Entry, resource: string, clientId: string | null): Promise<Token> => {
    entry.pending ??= fetch(resource, clientId)
      .then(
        (token) => {
          entry.token = token;
          entry.renewAt = renewalOf(token, clock.now());
          return token;
        },
        (error: unknown) => {
          // Whoever waits for a renewal that failed can use what is there; the next one tries again soon, not at once.
          entry.renewAt = clock.now() + retryAfterMs;
          if (entry.token && entry.token.expiresOn > clock.now()) return entry.token;
          throw error;
        },
      )
      .finally(() => {
        entry.pending = null;
      });
    return entry.pending;
  };

  return {
    acquire(resource, clientId) {
      const key = JSON.stringify([resource, clientId]);
      const entry = entries.get(key) ?? { token: null, renewAt: 0, pending: null };
      // Kept in the order of use: resources may come from expressions, so their number has no bound of its own.
      entries.delete(key);
      entries.set(key, entry);
      if (entries.size > mostEntries) {
        const oldest = entries.keys().next();
        if (!oldest.done) entries.delete(oldest.value);
      }
      const now = clock.now();
      if (entry.token && entry.token.expiresOn > now && entry.renewAt > now) return entry.token;
      return fetchInto(entry, resource, clientId);
    },
  };
}

interface Entry {
  token: Token | null;
  renewAt: number;
  pending: Promise<Token> | null;
}

const mostEntries = 1_000;
const retryAfterMs = 10_000;
const renewBeforeMs = 300_000;

function renewalOf(token: Token, now: number): number {
  const life = token.expiresOn - now;
  return token.expiresOn - (life > 2 * renewBeforeMs ? renewBeforeMs : life / 10);
}

function unavailable(source: IdentitySource, resource: string, cause: unknown): PolicyError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PolicyError(
    'IdentityTokenUnavailable',
    `No token for '${resource}' was obtained from ${source.description}: ${why}`,
    { status: 500, message: 'Internal server error', activityId: true },
    { cause },
  );
}
