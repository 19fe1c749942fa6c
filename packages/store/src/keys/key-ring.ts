import type { KeySource } from '../contract.ts';
import { StoreError } from '../errors.ts';
import { FileKeys } from './file-keys.ts';
import type { KeyProvider, WrappedKey } from './key-provider.ts';
import { LocalKeys, parseKey } from './local-keys.ts';
import { openPkcs11Key } from './pkcs11-key.ts';

/** All key-encryption keys of a store: the newest key of the first source protects, every key of every source reads. */
export class KeyRing {
  private readonly providers: readonly KeyProvider[];

  constructor(providers: readonly KeyProvider[]) {
    this.providers = providers;
  }

  currentKeyId(): string | undefined {
    return this.providers[0]?.currentKeyId();
  }

  /** Throws `KeyUnusable`. */
  wrap(dataKey: Uint8Array, aad: Uint8Array): WrappedKey {
    const [first] = this.providers;
    if (first === undefined) throw noKeys();
    return first.wrap(dataKey, aad);
  }

  /** Throws `KeyMissing` or `SecretUndecryptable`, naming `what`. */
  unwrap(key: WrappedKey, aad: Uint8Array, what: string): Uint8Array {
    const provider = this.providers.find((candidate) => candidate.has(key.keyId));
    if (provider === undefined) throw new StoreError('KeyMissing', { keyId: key.keyId, what });
    const dataKey = provider.unwrap(key, aad);
    if (dataKey === undefined) throw new StoreError('SecretUndecryptable', { what });
    return dataKey;
  }

  /** Throws `KeysFixed`. */
  addKey(): void {
    const [first] = this.providers;
    if (first === undefined) throw noKeys();
    if (first.addKey === undefined) {
      throw new StoreError('KeysFixed', { reason: 'keys are not in a file; add the new key where they come from' });
    }
    first.addKey();
  }

  close(): void {
    for (const provider of this.providers) provider.close();
  }
}

/** Throws `KeyUnusable`. */
export async function openKeyRing(sources: readonly KeySource[]): Promise<KeyRing> {
  const providers: KeyProvider[] = [];
  for (const source of sources) {
    switch (source.kind) {
      case 'keys':
        providers.push(new LocalKeys(source.keys.map((key, index) => parseKey(key, `key ${index + 1}`))));
        break;
      case 'file':
        providers.push(new FileKeys(source.path, source.create === true));
        break;
      case 'pkcs11':
        providers.push(await openPkcs11Key(source.uri));
        break;
    }
  }
  return new KeyRing(providers);
}

/**
 * Key sources that the environment names, the first of which protects: `LAZULI_KEK_PKCS11` (URIs, separated by blanks),
 * `LAZULI_KEK_FILE` (a path), `LAZULI_KEK` (keys, separated by commas).
 */
export function keySourcesOf(env: Readonly<Record<string, string | undefined>>): KeySource[] {
  const words = (text: string | undefined, separator: RegExp): string[] =>
    (text ?? '').split(separator).filter((word) => word !== '');
  const sources: KeySource[] = words(env.LAZULI_KEK_PKCS11, /\s+/).map((uri) => ({ kind: 'pkcs11', uri }));
  if (env.LAZULI_KEK_FILE) sources.push({ kind: 'file', path: env.LAZULI_KEK_FILE });
  const keys = words(env.LAZULI_KEK, /[\s,]+/);
  if (keys.length > 0) sources.push({ kind: 'keys', keys });
  return sources;
}

const noKeys = (): StoreError =>
  new StoreError('KeyUnusable', { reason: 'none is configured (LAZULI_KEK_FILE, LAZULI_KEK or LAZULI_KEK_PKCS11)' });
