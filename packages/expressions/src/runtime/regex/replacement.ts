import type { Match } from './match.ts';
import type { Regex } from './regex.ts';

export type ReplacementPart = string | { readonly group: number } | { readonly special: '`' | "'" | '+' | '_' };

/**
 * Reads a replacement pattern of .NET ("Substitutions in Regular Expressions"): `$1`, `${name}`, `$$`, `$&`, `` $` ``,
 * `$'`, `$+`, `$_`. A `$` that starts none of these, or names no group, is text.
 */
export function parseReplacement(text: string, regex: Regex): readonly ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  const pattern = /\$(?:(\d+)|\{(\w+)\}|([$&`'+_]))/g;
  let at = 0;
  for (const found of text.matchAll(pattern)) {
    const part = substitution(found, regex);
    if (part === undefined) continue;
    parts.push(text.slice(at, found.index), part.part);
    at = found.index + part.length;
  }
  parts.push(text.slice(at));
  return parts;
}

function substitution(
  found: RegExpMatchArray,
  regex: Regex,
): { readonly part: ReplacementPart; readonly length: number } | undefined {
  const [all, digits, name, symbol] = found;
  if (digits !== undefined) {
    // All digits are the number when there is such a group; else as many as name one, from the left.
    for (let length = digits.length; length > 0; length--) {
      const group = Number(digits.slice(0, length));
      if (regex.names.has(group)) return { part: { group }, length: length + 1 };
    }
    return undefined;
  }
  if (name !== undefined) {
    const group = regex.numberOf(name);
    return group < 0 ? undefined : { part: { group }, length: all.length };
  }
  if (symbol === '$') return { part: '$', length: 2 };
  if (symbol === '&') return { part: { group: 0 }, length: 2 };
  if (symbol === '`' || symbol === "'" || symbol === '+' || symbol === '_') {
    return { part: { special: symbol }, length: 2 };
  }
  return undefined;
}

export function expandReplacement(parts: readonly ReplacementPart[], match: Match): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else if ('group' in part) text += match.groups.at(part.group).value;
    else text += special(part.special, match);
  }
  return text;
}

function special(symbol: string, match: Match): string {
  switch (symbol) {
    case '`':
      return match.input.slice(0, match.index);
    case "'":
      return match.input.slice(match.index + match.length);
    case '_':
      return match.input;
    default:
      return match.groups.items[match.groups.count - 1]?.value ?? '';
  }
}
