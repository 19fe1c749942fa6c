import { charge, chargeMemory } from '../budget.ts';
import { argumentNull, argumentOutOfRange, NetException } from '../exceptions.ts';
import { toStringMember } from '../object.ts';
import { netType } from '../values.ts';
import { Match } from './match.ts';
import { Matcher } from './matcher.ts';
import { parsePattern } from './parse.ts';
import { compileProgram, type Program } from './program.ts';
import { expandReplacement, parseReplacement } from './replacement.ts';

/** `System.Text.RegularExpressions.Regex`, matched by the package's own engine, which charges the budget. */
export class Regex {
  get [netType](): string {
    return 'System.Text.RegularExpressions.Regex';
  }
  readonly pattern: string;
  readonly options: number;
  /** Group numbers in order, with their names. */
  readonly names: ReadonlyMap<number, string>;
  readonly program: Program;

  constructor(pattern: string | null, options = 0) {
    if (pattern === null) throw argumentNull('pattern');
    if (options < 0 || options & ~0x37f) throw argumentOutOfRange('options');
    const compiled = compile(pattern, options);
    this.pattern = pattern;
    this.options = options;
    this.names = compiled.names;
    this.program = compiled.program;
  }

  [toStringMember](): string {
    return this.pattern;
  }
  numberOf(name: string): number {
    for (const [number, known] of this.names) if (known === name) return number;
    return -1;
  }

  /** The first match at or after `from`; `Match.Empty` when there is none. */
  match(input: string | null, from = 0): Match {
    if (input === null) throw argumentNull('input');
    if (from < 0 || from > input.length) {
      throw argumentOutOfRange('startat', 'Start index cannot be less than 0 or greater than input length.');
    }
    return Match.of(this, input, new Matcher(this.program, input).find(from));
  }
  isMatch(input: string | null, from = 0): boolean {
    return this.match(input, from).success;
  }

  *matches(input: string | null, from = 0): IterableIterator<Match> {
    for (let match = this.match(input, from); match.success; match = match.next()) {
      charge();
      yield match;
    }
  }

  /** With .NET's replacement patterns: `$1`, `${name}`, `$&` ... */
  replace(input: string | null, replacement: string | null, count = -1, from = 0): string {
    if (replacement === null) throw argumentNull('replacement');
    const parts = parseReplacement(replacement, this);
    return this.replaceWith(input, (match) => expandReplacement(parts, match), count, from);
  }
  replaceWith(input: string | null, evaluate: (match: Match) => string, count = -1, from = 0): string {
    if (input === null) throw argumentNull('input');
    if (count < -1) throw argumentOutOfRange('count', 'Count cannot be less than -1.');
    let result = '';
    let at = 0;
    let left = count === -1 ? Number.POSITIVE_INFINITY : count;
    if (left === 0) return input;
    for (const match of this.matches(input, from)) {
      const piece = input.slice(at, match.index) + evaluate(match);
      chargeMemory(piece.length * 2);
      result += piece;
      at = match.index + match.length;
      if (--left === 0) break;
    }
    return result + input.slice(at);
  }

  /** Captured groups are part of the result, as in .NET. */
  split(input: string | null, count = 0, from = 0): string[] {
    if (input === null) throw argumentNull('input');
    if (count < 0) throw argumentOutOfRange('count', 'Count cannot be less than -1.');
    const parts: string[] = [];
    let at = 0;
    let left = count === 0 ? Number.POSITIVE_INFINITY : count - 1;
    if (left === 0) return [input];
    for (const match of this.matches(input, from)) {
      parts.push(input.slice(at, match.index));
      at = match.index + match.length;
      for (const group of match.groups.items.slice(1)) if (group.success) parts.push(group.value);
      chargeMemory(16 * parts.length);
      if (--left === 0) break;
    }
    parts.push(input.slice(at));
    return parts;
  }
}

interface Compiled {
  readonly names: ReadonlyMap<number, string>;
  readonly program: Program;
}

const cache = new Map<string, Compiled>();
const cacheSize = 256;
const longestPattern = 20_000;

/** Patterns stay compiled, the least recently used ones go: expressions make the same one at every call. */
function compile(pattern: string, options: number): Compiled {
  const key = `${options}:${pattern}`;
  const known = cache.get(key);
  if (known) {
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  if (pattern.length > longestPattern) {
    throw new NetException('System.ArgumentException', 'The regular expression is longer than 20000 characters.');
  }
  charge(pattern.length * 4);
  const parsed = parsePattern(pattern, options);
  const compiled = { names: parsed.names, program: compileProgram(parsed.root) };
  cache.set(key, compiled);
  if (cache.size > cacheSize) for (const oldest of [...cache.keys()].slice(0, 1)) cache.delete(oldest);
  return compiled;
}
