import { argumentNull } from './exceptions.ts';

/** `Uri.EscapeDataString`: all but the unreserved characters of RFC 3986. */
export function escapeDataString(text: string | null): string {
  if (text === null) throw argumentNull('stringToEscape');
  return encode(text, /[^A-Za-z0-9\-._~]+/g);
}

/** `Uri.EscapeUriString`: reserved characters stay too. */
export function escapeUriString(text: string | null): string {
  if (text === null) throw argumentNull('stringToEscape');
  return encode(text, /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]+/g);
}

function encode(text: string, unsafe: RegExp): string {
  return text.replace(unsafe, (run) =>
    Array.from(Buffer.from(run), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/** `Uri.UnescapeDataString`: sequences that are no UTF-8 stay as they are. */
export function unescapeDataString(text: string | null): string {
  if (text === null) throw argumentNull('stringToUnescape');
  return text.replace(/(?:%[0-9a-f]{2})+/gi, decodeRun);
}

function decodeRun(run: string): string {
  const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
  let result = '';
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    result += length === 0 ? run.slice(i * 3, i * 3 + 3) : bytes.toString('utf8', i, i + length);
    i += Math.max(length, 1);
  }
  return result;
}

/** Length of the valid UTF-8 sequence at `at`, or 0. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length =
    first < 0x80
      ? 1
      : first >= 0xc2 && first < 0xe0
        ? 2
        : first >= 0xe0 && first < 0xf0
          ? 3
          : first >= 0xf0 && first < 0xf5
            ? 4
            : 0;
  if (length < 2) return length;
  if (at + length > bytes.length) return 0;
  return bytes.toString('utf8', at, at + length).includes('\ufffd') ? 0 : length;
}

/** Percent-encodes what may not stand in a URI; what is encoded already stays. */
export function percentEncode(text: string): string {
  return text
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    .replace(/[^\w\-.~!#$%&'()*+,/:;=?@[\]]+/g, (run) =>
      Array.from(Buffer.from(run), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    );
}

/** Decodes a run of escapes as `Uri.ToString()` does: what would change the URI stays. */
export function decodeReadable(run: string): string {
  try {
    return Array.from(decodeURIComponent(run), (c) =>
      /[%\\#;/?:@&=+$,[\]!'()*\p{Cc}]/u.test(c) ? encodeAll(c) : c,
    ).join('');
  } catch {
    return run;
  }
}

const encodeAll = (c: string) =>
  Array.from(Buffer.from(c), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
