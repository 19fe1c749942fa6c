import type { ResourceRecord, Store } from '@lazuli/store';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importJWK,
  importPKCS8,
  type JWK,
} from 'jose';
import { RecordCache } from '../caching/record-cache.ts';
import { isJsonObject, stringAt } from '../json/json.ts';

export const signingKeyType = 'Lazuli.Identity/signingKeys';

const algorithm = 'RS256';
const dayMilliseconds = 24 * 60 * 60 * 1000;
/** A key signs this long; afterwards it only verifies, for as long as tokens may live that it has signed, and then some. */
const signsMilliseconds = 30 * dayMilliseconds;
const verifiesMilliseconds = 31 * dayMilliseconds;

export interface SigningKey {
  readonly kid: string;
  readonly createdAt: number;
  readonly publicJwk: JWK;
  readonly publicKey: CryptoKey | Uint8Array;
}

/** The keys of the built-in authority: private ones are secrets of the store, encrypted at rest, and are replaced every 30 days. */
export class SigningKeys {
  readonly cache: RecordCache<readonly SigningKey[]>;
  readonly #store: Store;
  readonly #now: () => number;
  readonly #private = new Map<string, CryptoKey>();

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.cache = new RecordCache(store, [signingKeyType], async (records) => Promise.all(records.map(readKey)));
  }

  /** Makes a new key when the newest is too old (or there is none), and forgets those that no token needs any more. */
  async rotate(): Promise<void> {
    const now = this.#now();
    const keys = await this.all();
    if (!keys.some((key) => now - key.createdAt < signsMilliseconds)) await this.#make(now);
    for (const key of keys)
      if (now - key.createdAt > verifiesMilliseconds)
        await this.#store.change([{ operation: 'delete', id: recordId(key.kid) }]);
    this.cache.invalidate();
  }

  /** Newest first. */
  async all(): Promise<readonly SigningKey[]> {
    return [...(await this.cache.get())].sort((a, b) => b.createdAt - a.createdAt);
  }

  async byId(kid: string): Promise<SigningKey | undefined> {
    return (await this.cache.get()).find((key) => key.kid === kid);
  }

  /** The key that signs now. */
  async current(): Promise<{ readonly kid: string; readonly key: CryptoKey }> {
    let [newest] = await this.all();
    if (newest === undefined || this.#now() - newest.createdAt >= signsMilliseconds) {
      await this.rotate();
      [newest] = await this.all();
    }
    if (newest === undefined) throw new Error('a signing key was made and is not there');
    let key = this.#private.get(newest.kid);
    if (key === undefined) {
      const pem = (await this.#store.readSecrets(recordId(newest.kid), ['privateKey'])).get('privateKey');
      key = await importPKCS8(pem ?? '', algorithm);
      this.#private.set(newest.kid, key);
    }
    return { kid: newest.kid, key };
  }

  async #make(now: number): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const publicJwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(publicJwk);
    await this.#store.change([
      {
        operation: 'put',
        id: recordId(kid),
        type: signingKeyType,
        body: { kid, createdAt: now, publicJwk: { kty: 'RSA', n: publicJwk.n ?? '', e: publicJwk.e ?? '' } },
        secrets: { privateKey: await exportPKCS8(privateKey) },
      },
    ]);
    this.cache.invalidate();
  }
}

async function readKey(record: ResourceRecord): Promise<SigningKey> {
  const jwk = isJsonObject(record.body.publicJwk) ? record.body.publicJwk : {};
  const publicJwk = { kty: 'RSA', n: stringAt(jwk, 'n') ?? '', e: stringAt(jwk, 'e') ?? '' };
  const createdAt = typeof record.body.createdAt === 'number' ? record.body.createdAt : 0;
  return {
    kid: stringAt(record.body, 'kid') ?? '',
    createdAt,
    publicJwk,
    publicKey: await importJWK(publicJwk, algorithm),
  };
}

function recordId(kid: string): string {
  return `/providers/${signingKeyType}/${kid}`;
}
