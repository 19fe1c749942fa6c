import { isBlank, skipBlanks } from './xml-names.ts';

/** The character an XML reference stands for, and how long the reference is with its `&` and `;`. */
export interface Reference {
  readonly text: string;
  readonly length: number;
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Longest reference worth looking at: `&#x10FFFF;` with some leading zeros. */
const longest = 16;

/** The reference that begins with the `&` at `at`, or null when that is just an ampersand. */
export function readReference(text: string, at: number, limit: number): Reference | null {
  const window = text.slice(at + 1, Math.min(at + longest, limit));
  const semicolon = window.indexOf(';');
  if (semicolon < 0) return null;
  const name = window.slice(0, semicolon);
  const length = semicolon + 2;
  if (Object.hasOwn(named, name)) return { text: named[name] ?? '', length };
  const numeric = /^#(?:x([0-9A-Fa-f]+)|([0-9]+))$/.exec(name);
  if (!numeric) return null;
  const code = numeric[1] === undefined ? Number.parseInt(numeric[2] ?? '', 10) : Number.parseInt(numeric[1], 16);
  return isXmlCharacter(code) ? { text: String.fromCodePoint(code), length } : null;
}

/** Past blanks, also those written as references: the management API's `xml` format has line ends as `&#xA;`. */
export function skipEncodedBlanks(text: string, at: number): number {
  let end = skipBlanks(text, at);
  while (text.charCodeAt(end) === 38) {
    const reference = readReference(text, end, text.length);
    if (!reference || !isBlank(reference.text.charCodeAt(0))) break;
    end = skipBlanks(text, end + reference.length);
  }
  return end;
}

/** XML 1.0, production [2] Char. */
export function isXmlCharacter(code: number): boolean {
  return (
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}
