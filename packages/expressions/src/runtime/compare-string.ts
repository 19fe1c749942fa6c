/**
 * String comparison as the invariant culture and the ordinal rules have it.
 *
 * The culture-sensitive order is ICU's root collation (`Intl.Collator`), which .NET itself uses outside Windows: `a`
 * before `A` before `b`. The symbol weights that .NET adds for kana and the word sort of Windows are not reproduced.
 */
const sensitive = new Intl.Collator('und', { sensitivity: 'variant' });
const insensitive = new Intl.Collator('und', { sensitivity: 'accent' });

/** `string.Compare` by the invariant culture: -1, 0 or 1. */
export function compareCulture(a: string, b: string): number {
  return a === b ? 0 : Math.sign(sensitive.compare(a, b));
}

export function compareCultureIgnoreCase(a: string, b: string): number {
  return a === b ? 0 : Math.sign(insensitive.compare(a, b));
}

/** By UTF-16 code units: the difference of the first that differ, else of the lengths, as `string.CompareOrdinal` gives. */
export function compareOrdinal(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function compareOrdinalIgnoreCase(a: string, b: string): number {
  return compareOrdinal(toUpperInvariant(a), toUpperInvariant(b));
}

/**
 * `ToUpperInvariant`: each code point by its simple mapping (`ß` stays), and U+0131 stays as on Windows; JavaScript's
 * own mapping would change lengths.
 */
export function toUpperInvariant(text: string): string {
  const upper = text.toUpperCase();
  return isAscii(text) ? upper : mapEach(text, (point) => (point === '\u0131' ? point : point.toUpperCase()));
}

/** `ToLowerInvariant`, with U+0130 as it is. */
export function toLowerInvariant(text: string): string {
  return isAscii(text)
    ? text.toLowerCase()
    : mapEach(text, (point) => (point === '\u0130' ? point : point.toLowerCase()));
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function mapEach(text: string, map: (point: string) => string): string {
  let result = '';
  for (const point of text) {
    const mapped = map(point);
    result += mapped.length === point.length && [...mapped].length === 1 ? mapped : point;
  }
  return result;
}
