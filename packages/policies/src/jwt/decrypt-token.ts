import { compactDecrypt } from 'jose';
import { keyManagementAlgorithms } from './algorithms.ts';
import { type CompactToken, parseCompactToken } from './compact-token.ts';
import { TokenError } from './token-error.ts';
import type { TokenKey } from './token-key.ts';

export interface Decrypted {
  /** The signed token inside. */
  readonly token: CompactToken;
  readonly key: TokenKey;
}

/**
 * Opens a JWE that holds a signed token.
 * @throws {TokenError} JwtInvalid when no key fits or there is no token inside.
 */
export async function decryptToken(token: CompactToken, keys: readonly TokenKey[]): Promise<Decrypted> {
  if (keys.length === 0) throw new TokenError('JwtInvalid', 'IDX10609: Decryption failed. No Keys tried.');
  const { kid } = token.header;
  const named = keys.filter((key) => key.id !== null && key.id === kid);
  const tried = named.length > 0 ? named : keys;
  let last: unknown;
  for (const key of tried) {
    try {
      const { plaintext } = await compactDecrypt(token.text, key.material, {
        keyManagementAlgorithms: [...keyManagementAlgorithms],
      });
      const inner = parseCompactToken(Buffer.from(plaintext).toString('latin1'));
      if (inner.isEncrypted)
        throw new TokenError('JwtInvalid', 'IDX10603: Decryption failed. The inner token is encrypted too.');
      return { token: inner, key };
    } catch (error) {
      if (error instanceof TokenError) throw error;
      last = error;
    }
  }
  throw new TokenError('JwtInvalid', `IDX10603: Decryption failed. Keys tried: '${tried.length}'.`, last);
}
