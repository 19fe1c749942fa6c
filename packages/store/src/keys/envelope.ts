import { randomBytes, randomUUID } from 'node:crypto';
import { StoreError } from '../errors.ts';
import { decrypt, encrypt, keyBytes } from './aes-gcm.ts';
import type { WrappedKey } from './key-provider.ts';
import type { KeyRing } from './key-ring.ts';

/** The secrets of one put: encrypted with a data key of their own, which a key-encryption key wraps. */
export interface SealedSecrets {
  readonly dataKey: WrappedKey & { readonly id: string };
  readonly fields: ReadonlyMap<string, SealedField>;
}

export interface SealedField {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** A secret as it is stored. */
export interface StoredSecret extends SealedField {
  readonly field: string;
  readonly dataKeyId: string;
  readonly wrappedKey: WrappedKey;
}

/** Throws `KeyUnusable`. */
export function seal(ring: KeyRing, key: string, fields: ReadonlyMap<string, string>): SealedSecrets {
  const id = randomUUID();
  const dataKey = randomBytes(keyBytes);
  const sealed = new Map<string, SealedField>();
  for (const [field, value] of fields) {
    sealed.set(field, encrypt(dataKey, Buffer.from(value, 'utf8'), fieldAad(key, field, id)));
  }
  const wrapped = ring.wrap(dataKey, keyAad(key, id));
  dataKey.fill(0);
  return { dataKey: { id, ...wrapped }, fields: sealed };
}

/** The secret in clear. Throws `KeyMissing` or `SecretUndecryptable`. */
export function unseal(ring: KeyRing, key: string, secret: StoredSecret): string {
  const what = `The secret '${secret.field}' of '${key}'`;
  const dataKey = ring.unwrap(secret.wrappedKey, keyAad(key, secret.dataKeyId), what);
  const plain = decrypt(dataKey, secret.nonce, secret.ciphertext, fieldAad(key, secret.field, secret.dataKeyId));
  if (plain === undefined) throw new StoreError('SecretUndecryptable', { what });
  return plain.toString('utf8');
}

/** The same data key under the newest key-encryption key. Throws as `unseal` does. */
export function rewrap(ring: KeyRing, key: string, dataKeyId: string, wrappedKey: WrappedKey): WrappedKey {
  const aad = keyAad(key, dataKeyId);
  return ring.wrap(ring.unwrap(wrappedKey, aad, `A data key of '${key}'`), aad);
}

/** What is bound to a ciphertext: it cannot be moved to another resource, field or data key. */
const fieldAad = (key: string, field: string, dataKeyId: string): Buffer =>
  Buffer.from(['lazuli secret 1', key, field, dataKeyId].join('\0'), 'utf8');

const keyAad = (key: string, dataKeyId: string): Buffer =>
  Buffer.from(['lazuli data key 1', key, dataKeyId].join('\0'), 'utf8');
