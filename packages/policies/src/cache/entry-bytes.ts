import { fromPortable, toPortable } from '@lazuli/expressions';
import type { CacheEntry } from '../ports/ports.ts';

/** A cache entry for another process: a line of JSON, then the bytes of a response's body. Undefined: it cannot leave this one. */
export function entryToBytes(entry: CacheEntry): Buffer | undefined {
  if (entry.kind === 'response') {
    const { status, reason, headers, body } = entry;
    return Buffer.concat([Buffer.from(`${JSON.stringify({ kind: 'response', status, reason, headers })}\n`), body]);
  }
  const value = toPortable(entry.value);
  return value === undefined ? undefined : Buffer.from(`${JSON.stringify({ kind: 'value', value })}\n`);
}

/** The entry, over the bytes that were given; undefined for what another version wrote. */
export function entryFromBytes(bytes: Buffer): CacheEntry | undefined {
  const end = bytes.indexOf(0x0a);
  let head: unknown;
  try {
    head = JSON.parse(bytes.toString('utf8', 0, end));
  } catch {
    return undefined;
  }
  if (typeof head !== 'object' || head === null || !('kind' in head)) return undefined;
  if (head.kind === 'value') {
    const value = 'value' in head ? fromPortable(head.value) : undefined;
    return value === undefined ? undefined : { kind: 'value', value };
  }
  if (head.kind !== 'response' || !('status' in head && 'reason' in head && 'headers' in head)) return undefined;
  const { status, reason, headers } = head;
  if (typeof status !== 'number' || typeof reason !== 'string' || !isTexts(headers)) return undefined;
  return { kind: 'response', status, reason, headers, body: bytes.subarray(end + 1) };
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
