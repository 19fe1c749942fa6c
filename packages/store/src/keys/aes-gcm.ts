import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export const keyBytes = 32;
export const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM with a random nonce. The tag stands at the end of the ciphertext (as in RFC 5116). */
export function encrypt(key: Uint8Array, plain: Uint8Array, aad: Uint8Array): { nonce: Buffer; ciphertext: Buffer } {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(aad);
  return { nonce, ciphertext: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
}

/** `undefined` where key, nonce, ciphertext or `aad` are not those of `encrypt`. */
export function decrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  aad: Uint8Array,
): Buffer | undefined {
  if (nonce.length !== nonceBytes || ciphertext.length < tagBytes || key.length !== keyBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(aad);
  decipher.setAuthTag(ciphertext.subarray(ciphertext.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(0, ciphertext.length - tagBytes)), decipher.final()]);
  } catch {
    return undefined; // The tag does not fit; OpenSSL says no more.
  }
}
