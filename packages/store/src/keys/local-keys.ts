import { createHash } from 'node:crypto';
import { StoreError } from '../errors.ts';
import { decrypt, encrypt, keyBytes, nonceBytes } from './aes-gcm.ts';
import type { KeyProvider, WrappedKey } from './key-provider.ts';

/** Key-encryption keys in the memory of this process, the newest first. */
export class LocalKeys implements KeyProvider {
  private readonly keys: ReadonlyMap<string, Uint8Array>;

  constructor(keys: readonly Uint8Array[]) {
    this.keys = new Map(keys.map((key) => [localKeyId(key), key]));
  }

  currentKeyId(): string | undefined {
    for (const keyId of this.keys.keys()) return keyId;
    return undefined;
  }

  has(keyId: string): boolean {
    return this.keys.has(keyId);
  }

  wrap(dataKey: Uint8Array, aad: Uint8Array): WrappedKey {
    for (const [keyId, key] of this.keys) {
      const { nonce, ciphertext } = encrypt(key, dataKey, aad);
      return { keyId, wrapped: Buffer.concat([nonce, ciphertext]) };
    }
    throw new StoreError('KeyUnusable', { reason: 'there is no key' });
  }

  unwrap({ keyId, wrapped }: WrappedKey, aad: Uint8Array): Uint8Array | undefined {
    const key = this.keys.get(keyId);
    return key && decrypt(key, wrapped.subarray(0, nonceBytes), wrapped.subarray(nonceBytes), aad);
  }

  close(): void {}
}

/** Base64 of 32 bytes. Throws `KeyUnusable`, which does not repeat what it was given. */
export function parseKey(text: string, where: string): Uint8Array {
  const key = Buffer.from(text, 'base64');
  if (key.length !== keyBytes || key.toString('base64').replaceAll('=', '') !== text.trim().replaceAll('=', '')) {
    throw new StoreError('KeyUnusable', { reason: `${where} is not Base64 of ${keyBytes} bytes` });
  }
  return key;
}

/** Tells keys apart and tells nothing about them. */
function localKeyId(key: Uint8Array): string {
  return `local-${createHash('sha256').update('lazuli key-encryption key\0').update(key).digest('hex').slice(0, 16)}`;
}
