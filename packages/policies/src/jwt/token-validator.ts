import { hash } from 'node:crypto';
import type { Ports } from '../ports/ports.ts';
import { type ClaimRule, checkClaims } from './claim-rules.ts';
import { type CompactToken, type JsonObject, parseCompactToken } from './compact-token.ts';
import { decryptToken } from './decrypt-token.ts';
import { type MetadataAddress, type OpenIdConfiguration, OpenIdConfigurations } from './openid-configurations.ts';
import { checkAudience, checkIssuer, checkLifetime } from './registered-claims.ts';
import { TokenError } from './token-error.ts';
import type { TokenKey } from './token-key.ts';
import { candidates, verifySignature } from './verify-signature.ts';

/** What a token must satisfy. */
export interface TokenRules {
  /** Their keys and issuers count beside the given ones. */
  readonly metadata: readonly MetadataAddress[];
  readonly keys: readonly TokenKey[];
  readonly decryptionKeys: readonly TokenKey[];
  /** Empty: not checked. */
  readonly audiences: readonly string[];
  /** Empty, and no metadata: not checked. */
  readonly issuers: readonly string[];
  readonly requiredClaims: readonly ClaimRule[];
  readonly requireExpiration: boolean;
  readonly requireSigned: boolean;
  readonly clockSkewMs: number;
}

export interface ValidatedToken {
  /** The signed token in compact form (the inner one of an encrypted token). */
  readonly text: string;
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

type World = Pick<Ports, 'http' | 'clock' | 'log'>;

/**
 * Validates tokens as IdentityModel does: decryption, signature, lifetime, audience, issuer, claims. A signature that was
 * found good is remembered by the token's hash until the token expires, bound to the key: when the key is not among the
 * rules any more, it is checked again. Everything else is checked every time.
 */
export class TokenValidator {
  readonly #verified = new Map<string, Verified>();
  #characters = 0;

  /** Synchronous for a signed token when the keys are here. Throws (or rejects with) {@link TokenError}. */
  validate(text: string, rules: TokenRules, ports: World): ValidatedToken | Promise<ValidatedToken> {
    const configurations = rules.metadata.map((address) => OpenIdConfigurations.of(ports).get(address, ports));
    const ready = configurations.filter((one): one is OpenIdConfiguration => !(one instanceof Promise));
    if (ready.length < configurations.length)
      return Promise.all(configurations).then((all) => this.#withKeys(text, rules, all, ports));
    return this.#withKeys(text, rules, ready, ports);
  }

  #withKeys(
    text: string,
    rules: TokenRules,
    configurations: readonly OpenIdConfiguration[],
    ports: World,
  ): ValidatedToken | Promise<ValidatedToken> {
    const digest = hash('sha256', text, 'base64url');
    const known = this.#known(digest, rules, configurations);
    if (known) {
      const now = ports.clock.now();
      if (isOver(known.claims, rules.clockSkewMs, now)) this.#forget(digest, known);
      return checked(known, rules, configurations, now);
    }
    return this.#verify(text, digest, rules, configurations, ports);
  }

  /** Synchronous unless the token must be decrypted or keys be fetched. */
  #verify(
    text: string,
    digest: string,
    rules: TokenRules,
    configurations: readonly OpenIdConfiguration[],
    ports: World,
  ): ValidatedToken | Promise<ValidatedToken> {
    const outer = parseCompactToken(text);
    if (!outer.isEncrypted) return this.#verifySigned(outer, digest, null, rules, configurations, ports);
    return decryptToken(outer, rules.decryptionKeys).then(({ token, key }) =>
      this.#verifySigned(token, digest, key.fingerprint, rules, configurations, ports),
    );
  }

  #verifySigned(
    token: CompactToken,
    digest: string,
    decryptionKey: string | null,
    rules: TokenRules,
    configurations: readonly OpenIdConfiguration[],
    ports: World,
  ): ValidatedToken | Promise<ValidatedToken> {
    const { header, claims } = token;
    if (!claims) throw new TokenError('JwtInvalid', 'IDX10603: Decryption failed.');
    const validated: ValidatedToken = { text: token.text, header, claims };

    if (!token.hasSignature) {
      if (rules.requireSigned || header.alg !== 'none')
        throw new TokenError(
          'TokenSignatureInvalid',
          'IDX10504: Unable to validate signature, token does not have a signature.',
        );
      return checked(validated, rules, configurations, ports.clock.now());
    }

    const verify = (found: FoundKeys): ValidatedToken => {
      const key = verifySignature(token, found.keys);
      this.#remember(digest, { ...validated, key: key.fingerprint, decryptionKey });
      return checked(validated, rules, found.configurations, ports.clock.now());
    };
    const keys = candidates(token, keysOf(rules, configurations));
    if (keys.length > 0) return verify({ keys, configurations });
    return renewedKeys(token, rules, configurations, ports).then(verify);
  }

  #known(digest: string, rules: TokenRules, configurations: readonly OpenIdConfiguration[]): Verified | undefined {
    const known = this.#verified.get(digest);
    if (!known) return undefined;
    const isKey = (key: TokenKey) => key.fingerprint === known.key;
    const isStillTrusted =
      (rules.keys.some(isKey) || configurations.some((one) => one.keys.some(isKey))) &&
      (known.decryptionKey === null || rules.decryptionKeys.some((key) => key.fingerprint === known.decryptionKey));
    if (isStillTrusted) return known;
    this.#forget(digest, known);
    return undefined;
  }

  #remember(digest: string, verified: Verified): void {
    const previous = this.#verified.get(digest);
    if (previous) this.#forget(digest, previous);
    this.#verified.set(digest, verified);
    this.#characters += verified.text.length;
    for (const [oldest, one] of this.#verified) {
      if (this.#verified.size <= mostVerified && this.#characters <= mostCharacters) break;
      this.#forget(oldest, one);
    }
  }

  #forget(digest: string, verified: Verified): void {
    this.#verified.delete(digest);
    this.#characters -= verified.text.length;
  }
}

const isOver = (claims: JsonObject, clockSkewMs: number, now: number): boolean =>
  typeof claims.exp === 'number' && claims.exp * 1000 < now - clockSkewMs;

interface Verified extends ValidatedToken {
  /** Fingerprint of the key that the signature was made with. */
  readonly key: string;
  readonly decryptionKey: string | null;
}

const mostVerified = 5_000;
const mostCharacters = 16 * 1024 * 1024;

interface FoundKeys {
  readonly keys: readonly TokenKey[];
  readonly configurations: readonly OpenIdConfiguration[];
}

const keysOf = (rules: TokenRules, configurations: readonly OpenIdConfiguration[]): readonly TokenKey[] =>
  configurations.length === 0 ? rules.keys : [...rules.keys, ...configurations.flatMap((one) => one.keys)];

/** The keys that may have signed a token that names an unknown one: the metadata is fetched once more. */
async function renewedKeys(
  token: CompactToken,
  rules: TokenRules,
  configurations: readonly OpenIdConfiguration[],
  ports: World,
): Promise<FoundKeys> {
  let current = configurations;
  let keys: readonly TokenKey[] = [];
  if (rules.metadata.length > 0) {
    const shared = OpenIdConfigurations.of(ports);
    current = await Promise.all(
      rules.metadata.map((address, i) => shared.renew(address, ports) ?? configurations[i]),
    ).then((renewed) => renewed.filter((one) => one !== undefined));
    keys = candidates(token, keysOf(rules, current));
  }
  if (keys.length > 0) return { keys, configurations: current };
  throw new TokenError(
    'TokenSignatureKeyNotFound',
    keysOf(rules, current).length === 0
      ? 'IDX10500: Signature validation failed. No security keys were provided to validate the signature.'
      : `IDX10501: Signature validation failed. Unable to match key: kid: '${String(token.header.kid ?? token.header.x5t).slice(0, 200)}'.`,
  );
}

function checked(
  token: ValidatedToken,
  rules: TokenRules,
  configurations: readonly OpenIdConfiguration[],
  now: number,
): ValidatedToken {
  const { claims } = token;
  checkLifetime(claims, rules, now);
  if (rules.audiences.length > 0) checkAudience(claims, rules.audiences);
  const issuers = [...rules.issuers, ...configurations.flatMap((one) => one.issuer ?? [])];
  if (issuers.length > 0) checkIssuer(claims, issuers);
  checkClaims(claims, rules.requiredClaims);
  return token;
}
