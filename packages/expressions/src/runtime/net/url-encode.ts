import { charge, chargeMemory } from '../budget.ts';

/**
 * `WebUtility.UrlEncode`: letters, digits and `-_.!*()` stay, a blank is `+`, every other byte of the UTF-8 form is
 * `%XX` in upper case. A lone surrogate is U+FFFD.
 */
export function urlEncode(text: string): string {
  charge(text.length / 16);
  chargeMemory(text.length * 3);
  return encodeURIComponent(text.toWellFormed()).replace(/%20|['~]/g, (c) =>
    c === '%20' ? '+' : c === "'" ? '%27' : '%7E',
  );
}

/** `WebUtility.UrlDecode`: `+` is a blank; what is malformed stays; bytes that are no UTF-8 are U+FFFD. */
export function urlDecode(text: string): string {
  charge(text.length / 16);
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

/** The same over bytes. */
export function urlEncodeBytes(bytes: Uint8Array): string {
  charge(bytes.length / 16);
  chargeMemory(bytes.length * 3);
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.!*()]/.test(character)) return character;
    return character === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

export function urlDecodeBytes(bytes: Uint8Array): Uint8Array {
  charge(bytes.length / 16);
  const text = Buffer.from(bytes).toString('latin1').replaceAll('+', ' ');
  const decoded = text.replace(/%([0-9a-fA-F]{2})/g, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return new Uint8Array(Buffer.from(decoded, 'latin1'));
}
