import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccessControl, Claim } from '../contract.ts';
import { type AuthorizationRule, keysOf, rulesNamed } from './authorization-rule.ts';
import { BearerClaim, type BearerIdentity } from './bearer-claim.ts';
import {
  entityOfMessages,
  hostNameOf,
  isAtOrBelow,
  maxResourceLength,
  pathsUpwards,
  readResource,
} from './resource-path.ts';
import { ruleClaim } from './rule-claim.ts';
import { isSasToken, isSignedWith, parseSasToken, type SasToken } from './sas-token.ts';
import { refusedToken } from './unauthorized.ts';

export interface AccessControlOptions {
  /** Authorization rules at a path itself (lower case; empty: the namespace), with their keys as they are now. Asked at each use. */
  readonly rules: (path: string) => readonly AuthorizationRule[];
  /** Paths of entities that have a rule of that name: for SASL PLAIN, which names no entity. Without it only the namespace's rules count. */
  readonly pathsWithRule?: (ruleName: string) => Iterable<string>;
  /** Whether a path is an entity: then `q/messages` is that queue, and not the messages of `q`. */
  readonly isEntity?: (path: string) => boolean;
  /** Whose bearer token it is, given for one of the audiences. Rejects where it is nobody's. Undefined: bearer tokens are refused. */
  readonly verifyBearer?: (token: string, audiences: readonly string[]) => Promise<BearerIdentity>;
  /** Calls back whenever roles may have changed. */
  readonly onRolesChanged?: (call: () => void) => void;
  readonly clock: { now(): number };
  /** Names of the namespace. Undefined: whatever name it is reached by is its own. */
  readonly hostNames?: () => Iterable<string>;
}

/** Longest token that is looked at. */
const maxTokenLength = 32 * 1024;
const azureHost = /\.servicebus\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)$/;

/** Who may do what in one namespace: by shared access signatures, keys, and bearer tokens. */
export function createAccessControl(options: AccessControlOptions): AccessControl {
  return new NamespaceAccess(options);
}

class NamespaceAccess implements AccessControl {
  readonly #options: AccessControlOptions;
  /** Claims by bearer tokens that somebody holds. */
  readonly #bearers = new Set<WeakRef<BearerClaim>>();
  readonly #forget = new FinalizationRegistry<WeakRef<BearerClaim>>((reference) => this.#bearers.delete(reference));

  constructor(options: AccessControlOptions) {
    this.#options = options;
    options.onRolesChanged?.(() => {
      for (const reference of this.#bearers) void reference.deref()?.refresh();
    });
  }

  async verifyToken(token: string, audience: string): Promise<Claim> {
    if (token.length > maxTokenLength) {
      throw refusedToken(`MalformedToken: The token is longer than ${maxTokenLength} characters.`);
    }
    if (audience.length > maxResourceLength) {
      throw refusedToken(`InvalidAudience: The resource is longer than ${maxResourceLength} characters.`);
    }
    const bare = token.trim().replace(/^bearer\s+/i, '');
    const path = this.#pathOf(audience);
    if (isSasToken(bare)) return this.#claimOfSas(parseSasToken(bare), path);
    if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(bare)) return this.#claimOfBearer(bare, path);
    throw refusedToken('MalformedToken: The token is neither a shared access signature nor a JSON web token.');
  }

  async verifyKey(ruleName: string, key: string): Promise<Claim | undefined> {
    const { rules, pathsWithRule } = this.#options;
    let found: Claim | undefined;
    for (const path of new Set(['', ...(pathsWithRule?.(ruleName) ?? [])])) {
      for (const rule of rulesNamed(rules(path), ruleName)) {
        if (
          !keysOf(rule)
            .map((each) => isSame(each, key))
            .includes(true)
        )
          continue;
        const expiresAt = Number.POSITIVE_INFINITY;
        found ??= ruleClaim({ rules, rulePath: path, ruleName: rule.name, key, path, expiresAt });
      }
    }
    return found;
  }

  #claimOfSas(token: SasToken, path: string): Claim {
    const { rules, clock } = this.#options;
    const signed = this.#signedPaths(token);
    const signer = this.#signerOf(token, signed);
    if (signer === undefined) throw refusedToken('InvalidSignature: The token has an invalid signature.');
    const { expiresAt, ruleName } = token;
    if (expiresAt <= clock.now()) {
      const expiration = new Date(Math.min(expiresAt, latestDate)).toISOString();
      throw refusedToken(`ExpiredToken: The token is expired. Expiration time: '${expiration}'.`);
    }
    if (!isAtOrBelow(path, signer.signedPath)) {
      throw refusedToken(
        `InvalidAudience: The token is for '${signer.signedPath}', and '${path}' is neither that nor below it.`,
      );
    }
    return ruleClaim({ rules, rulePath: signer.rulePath, ruleName, key: signer.key, path, expiresAt });
  }

  /** A rule at the token's resource or above it, whose key signed the token. */
  #signerOf(token: SasToken, signed: readonly string[]) {
    let isAnyKnown = false;
    for (const signedPath of signed) {
      for (const rulePath of pathsUpwards(signedPath)) {
        for (const rule of rulesNamed(this.#options.rules(rulePath), token.ruleName)) {
          for (const key of keysOf(rule)) {
            isAnyKnown = true;
            if (isSignedWith(token, key)) return { signedPath, rulePath, key };
          }
        }
      }
    }
    // A name that no rule has takes as long as a wrong key.
    if (!isAnyKnown) isSignedWith(token, 'no key');
    return undefined;
  }

  /** Paths that the token may mean; where `q/messages` is no entity, the token is for `q`. */
  #signedPaths(token: SasToken): readonly string[] {
    const path = this.#pathOf(token.resource);
    const entity = entityOfMessages(path);
    return entity === undefined || this.#options.isEntity?.(path) === true ? [path] : [entity];
  }

  async #claimOfBearer(token: string, path: string): Promise<Claim> {
    const { verifyBearer, clock } = this.#options;
    if (verifyBearer === undefined) {
      throw refusedToken('InvalidToken: This namespace takes no bearer tokens; expected a shared access signature.');
    }
    let identity: BearerIdentity;
    try {
      identity = await verifyBearer(token, this.#audiences());
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/\.$/, '').slice(0, 300) : 'it is nobody’s';
      throw refusedToken(`InvalidToken: The bearer token was not accepted: ${reason}.`);
    }
    const now = () => clock.now();
    const expiresAt = expiryOf(token);
    if (expiresAt <= now()) throw refusedToken('ExpiredToken: The token is expired.');
    const claim = await BearerClaim.make({ identity, path, expiresAt, now });
    const reference = new WeakRef(claim);
    this.#bearers.add(reference);
    this.#forget.register(claim, reference);
    return claim;
  }

  /** @throws {ServiceBusError} `Unauthorized` where the host is another namespace's */
  #pathOf(resource: string): string {
    const names = this.#hostNames();
    const { hostName, path } = readResource(resource, (name) => (names?.has(name) ?? false) || azureHost.test(name));
    if (hostName !== undefined && names !== undefined && !names.has(hostName)) {
      throw refusedToken(`InvalidAudience: '${hostName.slice(0, 255)}' is not a name of this namespace.`);
    }
    return path;
  }

  #hostNames(): ReadonlySet<string> | undefined {
    const names = this.#options.hostNames?.();
    return names === undefined ? undefined : new Set([...names].map(hostNameOf));
  }

  /** "Authenticate an application with Microsoft Entra ID": the service as a whole, or this namespace. */
  #audiences(): readonly string[] {
    const names = this.#hostNames() ?? [];
    return ['https://servicebus.azure.net', ...[...names].flatMap((name) => [`sb://${name}`, `https://${name}`])];
  }
}

const latestDate = 253_402_300_799_999;

/** As long wherever they differ. */
function isSame(key: string, given: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(key), hash(given));
}

/** Milliseconds since 1970 until when a JSON web token that was verified counts. */
function expiryOf(token: string): number {
  const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const expiry = typeof payload === 'object' && payload !== null && 'exp' in payload ? payload.exp : undefined;
  if (typeof expiry !== 'number' || !Number.isFinite(expiry)) {
    throw refusedToken("InvalidToken: The bearer token has no expiry ('exp').");
  }
  return expiry * 1000;
}
