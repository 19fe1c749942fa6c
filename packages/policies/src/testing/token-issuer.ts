import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactEncrypt, SignJWT, UnsecuredJWT } from 'jose';
import type { FakeClock, FakeRequest, FakeResponse } from './fake-ports.ts';

const algorithmKeys = {
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
} as const;

export interface IssuerKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Keys made at run time: nothing secret is in the code. */
export function issuerKey(kid: string, algorithm = 'RS256'): IssuerKey {
  const curve = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;
  const kind = Object.hasOwn(curve, algorithm) ? curve[algorithm as keyof typeof curve] : 'rsa';
  return { kid, algorithm, ...algorithmKeys[kind]() };
}

/** An issuer for tests: signs tokens and answers for its metadata and keys; `keys` may be changed, `down` takes it away. */
export class TokenIssuer {
  readonly url = 'https://issuer.example';
  readonly metadataUrl = `${this.url}/.well-known/openid-configuration`;
  keys: readonly IssuerKey[];
  isDown = false;
  issuer: string = this.url;
  readonly requests: string[] = [];
  readonly #clock: FakeClock;

  constructor(clock: FakeClock, keys: readonly IssuerKey[]) {
    this.#clock = clock;
    this.keys = keys;
  }

  readonly answer = (request: FakeRequest): FakeResponse => {
    this.requests.push(request.url);
    if (this.isDown) return { status: 503 };
    if (request.url === this.metadataUrl)
      return { body: JSON.stringify({ issuer: this.issuer, jwks_uri: `${this.url}/keys` }) };
    const keys = this.keys.map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' }));
    return { body: JSON.stringify({ keys }) };
  };

  /** Claims on top of an issuer, an audience and five minutes of life; undefined leaves one out. */
  token(
    claims: Record<string, unknown> = {},
    key = this.keys[0],
    header: Record<string, unknown> = {},
  ): Promise<string> {
    if (!key) throw new TypeError('The issuer has no key.');
    return new SignJWT(this.#claims(claims))
      .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ: 'JWT', ...header })
      .sign(key.privateKey);
  }

  /** HS256 and its kin. */
  symmetric(
    secret: Uint8Array,
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ): Promise<string> {
    return new SignJWT(this.#claims(claims)).setProtectedHeader({ alg: 'HS256', ...header }).sign(secret);
  }

  unsigned(claims: Record<string, unknown> = {}): string {
    return new UnsecuredJWT(this.#claims(claims)).encode();
  }

  #claims(claims: Record<string, unknown>) {
    const now = Math.floor(this.#clock.time / 1000);
    const all = { iss: this.url, aud: 'api', sub: 'ada', exp: now + 300, ...claims };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }
}

/** A JWE that holds a token. */
export function encryptToken(token: string, key: KeyObject | Uint8Array, alg: string, kid?: string): Promise<string> {
  return new CompactEncrypt(Buffer.from(token))
    .setProtectedHeader({ alg, enc: 'A128CBC-HS256', cty: 'JWT', ...(kid === undefined ? {} : { kid }) })
    .encrypt(key);
}
