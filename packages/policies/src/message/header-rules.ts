/** What a policy may put into a header: RFC 9110, sections 5.1 and 5.5, and the rules of `set-header`. */

const tokenPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Any control character but the tab, and everything that one byte cannot carry.
const forbiddenInValue = /[^\t\x20-\x7e\x80-\xff]/;

/** Headers that describe the connection or the framing: only the gateway sets them. */
const protectedHeaders = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

/** Headers whose values repeat as header lines of their own instead of being joined with commas (`set-header` page). */
const repeatingHeaders = new Set([
  'user-agent',
  'www-authenticate',
  'proxy-authenticate',
  'cookie',
  'set-cookie',
  'warning',
  'date',
  'expires',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'retry-after',
]);

export const repeats = (name: string): boolean => repeatingHeaders.has(name.toLowerCase());

/** An RFC 9110 token: methods and header names. */
export const isToken = (text: string): boolean => tokenPattern.test(text);

/** Says what is wrong with the name, or undefined. */
export function headerNameProblem(name: string): string | undefined {
  if (!isToken(name)) return `'${printable(name)}' is not a valid header name.`;
  if (protectedHeaders.has(name.toLowerCase()))
    return `The header '${name}' is set by the gateway and cannot be changed by a policy.`;
  return undefined;
}

/** Says what is wrong with the value, or undefined. A value with a line break would smuggle in headers of its own. */
export function headerValueProblem(name: string, value: string): string | undefined {
  const bad = forbiddenInValue.exec(value);
  if (!bad) return undefined;
  return `The value for the header '${name}' has the character U+${codePoint(bad[0])} at ${bad.index}, which a header cannot carry.`;
}

/** Says what is wrong with a reason phrase, or undefined. */
export function reasonPhraseProblem(reason: string): string | undefined {
  const bad = forbiddenInValue.exec(reason);
  return bad
    ? `The reason phrase has the character U+${codePoint(bad[0])}, which a status line cannot carry.`
    : undefined;
}

const codePoint = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

const printable = (text: string): string => text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
