/** Character classes of RFC 9110 section 5.6.2 and RFC 9112, as tables by byte. */

export const tab = 9;
export const lineFeed = 10;
export const carriageReturn = 13;
export const space = 32;
export const colon = 58;

/** `token`: names of methods and fields. */
export const isToken = tableOf((code) => /[A-Za-z0-9!#$%&'*+.^_`|~-]/.test(String.fromCharCode(code)));

/**
 * Request targets: every visible ASCII character. RFC 3986 allows fewer, but clients send quotes, braces and bars, and
 * nobody reads those as an end. A fragment (`#`) is told apart where targets are checked.
 */
export const isTarget = tableOf((code) => code > 0x20 && code < 0x7f);

/** Field values: visible ASCII, space, tab and the upper half of Latin-1; no other control character, no DEL. */
export const isFieldValue = tableOf((code) => code === tab || (code >= 0x20 && code !== 0x7f));

function tableOf(contains: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (contains(code) ? 1 : 0));
}

/** Is the text from `at` on, as far as `lower` is long, the same without regard to case? For tokens only. */
export function equalsToken(text: string, at: number, lower: string): boolean {
  for (let i = 0; i < lower.length; i++) {
    const code = text.charCodeAt(at + i);
    const wanted = lower.charCodeAt(i);
    if (code !== wanted && (code | 0x20) !== wanted) return false;
    // Setting the bit turns control characters into punctuation: only letters have two cases.
    if (code !== wanted && wanted < 0x61) return false;
  }
  return true;
}
