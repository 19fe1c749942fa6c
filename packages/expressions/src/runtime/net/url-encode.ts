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
