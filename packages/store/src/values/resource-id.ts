import { StoreError } from '../errors.ts';

/** Two of them and a type fit into an index entry of PostgreSQL, which takes 2,704 bytes. */
const maxKeyBytes = 1_200;
const maxTypeBytes = 256;

/** The key of a resource id: the id in lower case. Throws `InvalidId`. */
export function keyOf(id: string): string {
  const reason = faultOf(id);
  if (reason !== undefined) throw new StoreError('InvalidId', { id: printable(id), reason });
  return id.toLowerCase();
}

/** The key of a scope: `/` is the top, below which everything is. */
export function scopeKeyOf(id: string): string {
  return id === '/' ? '/' : keyOf(id);
}

/**
 * The key of the resource that contains the one with this key, `/` for the outermost. A name and its type are a pair; the
 * namespace of a provider belongs to the type that follows it.
 */
export function parentKeyOf(key: string): string {
  const segments = key.split('/');
  segments.length = Math.max(1, segments.length - 2);
  if (segments.length >= 3 && segments[segments.length - 2] === 'providers') segments.length -= 2;
  return segments.length <= 1 ? '/' : segments.join('/');
}

/** First and last bound (exclusive) of the keys below a key: `/` is followed by `0` in the order of bytes. */
export function rangeBelow(key: string): readonly [string, string] {
  return key === '/' ? ['/', '0'] : [`${key}/`, `${key}0`];
}

/** Throws `InvalidType`. */
export function typeKeyOf(type: string): string {
  const reason =
    !/^[^/\s][^\s]*$/u.test(type) || type.endsWith('/') ? 'expected NAMESPACE/TYPE' : textFault(type, maxTypeBytes);
  if (reason !== undefined) throw new StoreError('InvalidType', { type: printable(type), reason });
  return type.toLowerCase();
}

/** Why a text cannot be stored as a key: PostgreSQL takes no NUL, and neither database half a character. */
export function textFault(text: string, maxBytes: number): string | undefined {
  if (typeof text !== 'string') return 'it is no string';
  // Without this a text of gigabytes would be searched before it is refused.
  if (text.length > maxBytes) return `it is longer than ${maxBytes} bytes`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'it holds a control character';
  if (!text.isWellFormed()) return 'it holds half a surrogate pair';
  // A letter in lower case can be longer than in upper case (İ).
  if (Math.max(Buffer.byteLength(text), Buffer.byteLength(text.toLowerCase())) > maxBytes) {
    return `it is longer than ${maxBytes} bytes`;
  }
  return undefined;
}

function faultOf(id: string): string | undefined {
  if (typeof id !== 'string') return 'it is no string';
  if (!id.startsWith('/')) return "it does not begin with '/'";
  const fault = textFault(id, maxKeyBytes);
  if (fault !== undefined) return fault;
  if (id.endsWith('/') || id.includes('//')) return 'a segment is empty';
  return undefined;
}

function printable(text: unknown): string {
  return typeof text === 'string' ? text.toWellFormed() : typeof text;
}
