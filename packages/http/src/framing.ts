/**
 * What RFC 9112 section 6 says about where a message ends, read strictly: a message whose end two readers could see in
 * different places is refused, since a request hidden in another one lives from exactly that.
 */

/** A `Content-Length` value: digits only, at most 2^53 - 1. Undefined when it is anything else. */
export function parseContentLength(value: string): number | undefined {
  if (value.length === 0 || value.length > 16) return undefined;
  let length = 0;
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    length = length * 10 + digit;
  }
  return length <= Number.MAX_SAFE_INTEGER ? length : undefined;
}

export interface Framing {
  /** `Content-Length`, or null when there is none. */
  readonly length: number | null;
  readonly chunked: boolean;
}

/**
 * Reads the framing headers of a message from a flat header array. A string says what is wrong with them: two readers
 * could disagree about where the body ends.
 */
export function readFraming(flat: readonly string[], httpVersion: string): Framing | string {
  let length: number | null = null;
  let chunked = false;
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (length !== null) return 'more than one Content-Length';
      const parsed = parseContentLength(flat[i + 1] as string);
      if (parsed === undefined) return 'a malformed Content-Length';
      length = parsed;
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      if (chunked) return 'more than one Transfer-Encoding';
      // No toLowerCase here: it would turn the Kelvin sign into a k.
      if (!/^chunked$/i.test(flat[i + 1] as string)) return "a Transfer-Encoding other than exactly 'chunked'";
      if (httpVersion !== '1.1') return `a Transfer-Encoding on HTTP/${httpVersion}`;
      chunked = true;
    }
  }
  if (chunked && length !== null) return 'both Content-Length and Transfer-Encoding';
  return { length, chunked };
}

/** May a response of this status to a request of this method carry a body at all? */
export function responseHasBody(method: string, status: number): boolean {
  return method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304;
}
