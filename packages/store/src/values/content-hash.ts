import { createHash } from 'node:crypto';

/** SHA-256, in hex, over the given parts, each with its length so that no two lists of parts give the same bytes. */
export function contentHash(...parts: readonly (string | number | null)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const text = part === null ? '' : String(part);
    hash.update(`${part === null ? 'n' : typeof part === 'number' ? 'i' : 's'}${Buffer.byteLength(text)}:`);
    hash.update(text);
  }
  return hash.digest('hex');
}
