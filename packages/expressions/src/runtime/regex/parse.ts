import { argumentException, type NetException } from '../exceptions.ts';
import { anyButNewline, anything, CharSet, classEscape, ignoringCase, type Test, unicodeProperty } from './char-set.ts';
import { RegexOptions } from './options.ts';
import type { Anchor, Node, Pattern, Slot } from './syntax.ts';

/**
 * Reads a regular expression in .NET's syntax (the page "Regular Expression Language - Quick Reference").
 * @throws {NetException} ArgumentException with .NET Framework's message: `parsing "(" - Not enough )'s.`
 */
export function parsePattern(pattern: string, options: number): Pattern {
  if (options & RegexOptions.RightToLeft) {
    throw argumentException('RegexOptions.RightToLeft is not supported in policy expressions.', 'options');
  }
  // The first reading finds the groups, the second one knows them: \10 and \k<name> may point forward.
  const first = new PatternParser(pattern, options, null);
  first.whole();
  const groups = numberGroups(first.slots);
  const second = new PatternParser(pattern, options, groups.byName);
  const root = second.whole();
  numberGroups(second.slots);
  return { root, names: groups.names };
}

/** Unnamed groups first, then the named ones, from left to right. */
function numberGroups(slots: readonly Slot[]): {
  names: Map<number, string>;
  byName: Map<string, number>;
} {
  const byName = new Map<string, number>([['0', 0]]);
  let next = 1;
  for (const slot of slots) {
    if (slot.name === null) slot.number = next++;
    else if (/^\d+$/.test(slot.name)) slot.number = Number(slot.name);
    else continue;
    byName.set(String(slot.number), slot.number);
  }
  const taken = new Set(byName.values());
  next = 1;
  for (const slot of slots) {
    if (slot.name === null || /^\d+$/.test(slot.name)) continue;
    const known = byName.get(slot.name);
    if (known === undefined) {
      while (taken.has(next)) next++;
      taken.add(next);
      byName.set(slot.name, next);
    }
    slot.number = known ?? next;
  }
  const entries = [...byName].map(([name, number]) => [number, name] as const);
  entries.sort((a, b) => a[0] - b[0]);
  return { names: new Map(entries), byName };
}

const deepest = 250;
const unlimited = Number.POSITIVE_INFINITY;
const flagOf: Readonly<Record<string, number>> = {
  i: RegexOptions.IgnoreCase,
  m: RegexOptions.Multiline,
  n: RegexOptions.ExplicitCapture,
  s: RegexOptions.Singleline,
  x: RegexOptions.IgnorePatternWhitespace,
};

class PatternParser {
  readonly slots: Slot[] = [];
  readonly #text: string;
  readonly #groups: ReadonlyMap<string, number> | null;
  #options: number;
  #at = 0;
  #depth = 0;

  constructor(text: string, options: number, groups: ReadonlyMap<string, number> | null) {
    this.#text = text;
    this.#options = options;
    this.#groups = groups;
  }

  whole(): Node {
    const root = this.#choice();
    if (this.#at < this.#text.length) throw this.#error("Too many )'s.");
    return root;
  }

  #has(option: number): boolean {
    return (this.#options & option) !== 0;
  }

  #choice(): Node {
    if (++this.#depth > deepest) throw this.#error('The groups are nested too deeply.');
    const options = this.#options;
    const items = [this.#sequence()];
    while (this.#peek() === '|') {
      this.#at++;
      items.push(this.#sequence());
    }
    this.#options = options;
    this.#depth--;
    return items.length === 1 ? (items[0] as Node) : { kind: 'choice', items };
  }

  #sequence(): Node {
    const items: Node[] = [];
    for (;;) {
      this.#blank();
      const c = this.#peek();
      if (c === undefined || c === '|' || c === ')') break;
      const item = this.#atom(c);
      if (item) items.push(this.#quantified(item));
    }
    return items.length === 0
      ? { kind: 'empty' }
      : items.length === 1
        ? (items[0] as Node)
        : { kind: 'sequence', items };
  }

  /** Comments and, under IgnorePatternWhitespace, white space. */
  #blank(): void {
    for (;;) {
      const c = this.#peek();
      const x = this.#has(RegexOptions.IgnorePatternWhitespace);
      if (x && c !== undefined && /\s/.test(c)) this.#at++;
      else if (x && c === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#text.length : end;
      } else if (this.#text.startsWith('(?#', this.#at)) {
        const end = this.#text.indexOf(')', this.#at);
        if (end < 0) throw this.#error('Unterminated (?#...) comment.');
        this.#at = end + 1;
      } else return;
    }
  }

  /** Null for an element that matches nothing by itself, such as `(?i)`. */
  #atom(c: string): Node | null {
    switch (c) {
      case '[':
        this.#at++;
        return this.#set(this.#class());
      case '(':
        this.#at++;
        return this.#group();
      case '*':
      case '+':
      case '?':
        throw this.#error('Quantifier {x,y} following nothing.');
      case '{':
        if (this.#bounds()) throw this.#error('Quantifier {x,y} following nothing.');
        break;
      case '.':
        this.#at++;
        return { kind: 'set', set: this.#has(RegexOptions.Singleline) ? anything : anyButNewline };
      case '^':
        this.#at++;
        return this.#anchor(this.#has(RegexOptions.Multiline) ? 'line-start' : 'start');
      case '$':
        this.#at++;
        return this.#anchor(this.#has(RegexOptions.Multiline) ? 'line-end' : 'end');
      case '\\':
        this.#at++;
        return this.#escape();
      default:
    }
    this.#at++;
    return this.#char(c.charCodeAt(0));
  }

  #quantified(item: Node): Node {
    this.#blank();
    const range = this.#quantifier();
    if (!range) return item;
    const lazy = this.#peek() === '?';
    if (lazy) this.#at++;
    this.#blank();
    const more = this.#peek();
    if (more === '*' || more === '+' || more === '?' || (more === '{' && this.#bounds())) {
      throw this.#error(`Nested quantifier ${more}.`);
    }
    return { kind: 'loop', body: item, min: range[0], max: range[1], lazy };
  }
  #quantifier(): readonly [number, number] | undefined {
    switch (this.#peek()) {
      case '*':
        this.#at++;
        return [0, unlimited];
      case '+':
        this.#at++;
        return [1, unlimited];
      case '?':
        this.#at++;
        return [0, 1];
      case '{': {
        const bounds = this.#bounds();
        if (!bounds) return undefined;
        this.#at += bounds[0].length;
        const min = Number(bounds[1]);
        const max = bounds[2] === undefined ? min : bounds[3] === '' ? unlimited : Number(bounds[3]);
        if (min > 0x7fffffff || (max !== unlimited && max > 0x7fffffff)) {
          throw this.#error('Capture group numbers must be less than or equal to Int32.MaxValue.');
        }
        if (min > max) throw this.#error('Illegal {x,y} with x > y.');
        return [min, max];
      }
      default:
        return undefined;
    }
  }
  #bounds(): RegExpExecArray | null {
    const bounds = /\{(\d+)(,(\d*))?\}/y;
    bounds.lastIndex = this.#at;
    return bounds.exec(this.#text);
  }

  #group(): Node | null {
    if (this.#peek() !== '?') {
      if (this.#has(RegexOptions.ExplicitCapture)) return this.#closed();
      return this.#capture(null);
    }
    this.#at++;
    const c = this.#peek();
    this.#at++;
    switch (c) {
      case ':':
        return this.#closed();
      case '=':
      case '!':
        return { kind: 'look', behind: false, negative: c === '!', body: this.#closed() };
      case '>':
        return { kind: 'atomic', body: this.#closed() };
      case "'":
        return this.#named("'");
      case '<': {
        const next = this.#peek();
        if (next !== '=' && next !== '!') return this.#named('>');
        this.#at++;
        return { kind: 'look', behind: true, negative: next === '!', body: this.#closed() };
      }
      case '(':
        return this.#conditional();
      default:
        this.#at--;
        return this.#inlineOptions();
    }
  }
  #named(end: string): Node {
    const name = /[\w]*/y;
    name.lastIndex = this.#at;
    const text = name.exec(this.#text)?.[0] ?? '';
    this.#at += text.length;
    if (this.#peek() === '-') {
      throw this.#error('Balancing groups (?<name1-name2>) are not supported in policy expressions.');
    }
    if (text === '' || (/^\d/.test(text) && !/^\d+$/.test(text)) || this.#peek() !== end) {
      throw this.#error('Invalid group name: Group names must begin with a word character.');
    }
    if (text === '0') throw this.#error('Capture number cannot be zero.');
    this.#at++;
    return this.#capture(text);
  }
  #capture(name: string | null): Node {
    const slot: Slot = { name, number: 0 };
    this.slots.push(slot);
    return { kind: 'capture', slot, body: this.#closed() };
  }
  #closed(): Node {
    const body = this.#choice();
    if (this.#peek() !== ')') throw this.#error("Not enough )'s.");
    this.#at++;
    return body;
  }
  #inlineOptions(): Node | null {
    const flags = /([imnsx]*)(?:-([imnsx]*))?([:)])/y;
    flags.lastIndex = this.#at;
    const found = flags.exec(this.#text);
    if (!found) throw this.#error('Unrecognized grouping construct.');
    this.#at += found[0].length;
    const before = this.#options;
    for (const letter of found[1] ?? '') this.#options |= flagOf[letter] ?? 0;
    for (const letter of found[2] ?? '') this.#options &= ~(flagOf[letter] ?? 0);
    // (?i) stays until the end of the group around it: #choice restores the options.
    if (found[3] === ')') return null;
    const body = this.#closed();
    this.#options = before;
    return body;
  }
  #conditional(): Node {
    const reference = /(\w+)\)/y;
    reference.lastIndex = this.#at;
    const name = reference.exec(this.#text)?.[1];
    const number = name === undefined ? undefined : this.#groups?.get(name);
    if (name !== undefined && /^\d+$/.test(name) && this.#groups && number === undefined) {
      throw this.#error(`(?(${name})...) undefined group.`);
    }
    if (name !== undefined && (number !== undefined || /^\d+$/.test(name))) {
      this.#at += name.length + 1;
      const [yes, no] = this.#branches();
      return { kind: 'if-group', group: number ?? 0, yes, no };
    }
    const options = this.#options;
    const isLook = this.#peek() === '?';
    const test = isLook ? (this.#group() ?? this.#nothing()) : this.#closed();
    this.#options = options;
    const [yes, no] = this.#branches();
    return {
      kind: 'if-look',
      test: test.kind === 'look' ? test : { kind: 'look', behind: false, negative: false, body: test },
      yes,
      no,
    };
  }
  #nothing(): Node {
    return { kind: 'empty' };
  }
  #branches(): [Node, Node] {
    const body = this.#closed();
    if (body.kind !== 'choice') return [body, this.#nothing()];
    if (body.items.length > 2) throw this.#error('Too many | in (?()|).');
    return [body.items[0] ?? this.#nothing(), body.items[1] ?? this.#nothing()];
  }

  #escape(): Node {
    const c = this.#peek();
    if (c === undefined) throw this.#error('Illegal \\ at end of pattern.');
    const ecma = this.#has(RegexOptions.ECMAScript);
    const anchor = anchors[c];
    if (anchor) {
      this.#at++;
      return this.#anchor(anchor);
    }
    const test = classEscape(c, ecma);
    if (test) {
      this.#at++;
      return { kind: 'set', set: new CharSet(test) };
    }
    if (c === 'p' || c === 'P') {
      this.#at++;
      return this.#set(this.#property(c === 'P'));
    }
    if (c === 'k') return this.#namedReference();
    if (c >= '1' && c <= '9') return this.#numberedReference();
    return this.#char(this.#charEscape());
  }
  #namedReference(): Node {
    const reference = /k(?:<(\w+)>|'(\w+)')/y;
    reference.lastIndex = this.#at;
    const found = reference.exec(this.#text);
    if (!found) throw this.#error('Malformed \\k<...> named back reference.');
    this.#at += found[0].length;
    const name = found[1] ?? found[2] ?? '';
    const group = this.#groups ? this.#groups.get(name) : 0;
    if (group === undefined) {
      const what = /^\d+$/.test(name) ? 'number' : 'name';
      throw this.#error(`Reference to undefined group ${what} ${name}.`);
    }
    return { kind: 'backreference', group, ignoreCase: this.#has(RegexOptions.IgnoreCase) };
  }
  #numberedReference(): Node {
    const digits = /\d+/y;
    digits.lastIndex = this.#at;
    const text = digits.exec(this.#text)?.[0] ?? '';
    for (let length = text.length; length > 0; length--) {
      const number = text.slice(0, length);
      if (this.#groups && !this.#groups.has(number)) continue;
      this.#at += length;
      return {
        kind: 'backreference',
        group: this.#groups?.get(number) ?? 0,
        ignoreCase: this.#has(RegexOptions.IgnoreCase),
      };
    }
    if (text.length === 1 || !/^[0-7]/.test(text)) throw this.#error(`Reference to undefined group number ${text}.`);
    return this.#char(this.#octal());
  }
  #octal(): number {
    const digits = /[0-7]{1,3}/y;
    digits.lastIndex = this.#at;
    const text = digits.exec(this.#text)?.[0] ?? '0';
    this.#at += text.length;
    return Number.parseInt(text, 8) & 0xff;
  }
  /** An escape that stands for one character, in and outside of a class. */
  #charEscape(): number {
    const c = this.#peek();
    if (c === undefined) throw this.#error('Illegal \\ at end of pattern.');
    if (c === '0') return this.#octal();
    this.#at++;
    switch (c) {
      case 'x':
        return this.#hex(2);
      case 'u':
        return this.#hex(4);
      case 'c': {
        const control = this.#peek();
        if (control === undefined) throw this.#error('Missing control character.');
        const unit = control.toUpperCase().charCodeAt(0) - 64;
        if (unit < 0 || unit > 31) throw this.#error('Unrecognized control character.');
        this.#at++;
        return unit;
      }
      default: {
        const unit = plainEscapes[c];
        if (unit !== undefined) return unit;
        if (!this.#has(RegexOptions.ECMAScript) && /[\p{L}\p{Nd}_]/u.test(c)) {
          throw this.#error(`Unrecognized escape sequence \\${c}.`);
        }
        return c.charCodeAt(0);
      }
    }
  }
  #hex(length: number): number {
    const digits = this.#text.slice(this.#at, this.#at + length);
    if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) throw this.#error('Insufficient hexadecimal digits.');
    this.#at += length;
    return Number.parseInt(digits, 16);
  }
  #property(negative: boolean): Test {
    const named = /\{([\w-]+)\}/y;
    named.lastIndex = this.#at;
    const found = named.exec(this.#text);
    if (!found) throw this.#error('Malformed \\p{X} character escape.');
    this.#at += found[0].length;
    const name = found[1] ?? '';
    const test = unicodeProperty(name);
    if (!test) throw this.#error(`Unknown property '${name}'.`);
    return negative ? (unit) => !test(unit) : test;
  }

  /** After the `[`. */
  #class(): Test {
    if (++this.#depth > deepest) throw this.#error('The groups are nested too deeply.');
    const negative = this.#peek() === '^';
    if (negative) this.#at++;
    const tests: Test[] = [];
    let minus: Test | undefined;
    for (let first = true; ; first = false) {
      const c = this.#peek();
      if (c === undefined) throw this.#error('Unterminated [] set.');
      if (c === ']' && !first) break;
      if (c === '-' && !first && this.#text[this.#at + 1] === '[') {
        this.#at += 2;
        minus = this.#class();
        if (this.#peek() !== ']') throw this.#error('A subtraction must be the last element in a character class.');
        break;
      }
      tests.push(this.#classItem(c));
    }
    this.#at++;
    this.#depth--;
    const positive: Test = (unit) => tests.some((test) => test(unit));
    const cased = this.#has(RegexOptions.IgnoreCase) ? ignoringCase(positive) : positive;
    const whole: Test = negative ? (unit) => !cased(unit) : cased;
    const less = minus;
    return less ? (unit) => whole(unit) && !less(unit) : whole;
  }
  #classItem(c: string): Test {
    if (c === '[' && this.#text[this.#at + 1] === ':') {
      const posix = /\[:\w+:\]/y;
      posix.lastIndex = this.#at;
      if (posix.test(this.#text)) throw this.#error('POSIX classes such as [:alpha:] do not exist in .NET.');
    }
    const set = this.#classSet(c);
    if (set) {
      if (this.#peek() === '-' && this.#text[this.#at + 1] !== ']' && this.#text[this.#at + 1] !== '[') {
        throw this.#error('Cannot include class in character range.');
      }
      return set;
    }
    const from = this.#classChar();
    const next = this.#text[this.#at + 1];
    if (this.#peek() !== '-' || next === undefined || next === ']' || next === '[') return (unit) => unit === from;
    this.#at++;
    if (this.#classSet(this.#peek() ?? '')) throw this.#error('Cannot include class in character range.');
    const to = this.#classChar();
    if (from > to) throw this.#error('[x-y] range in reverse order.');
    return (unit) => unit >= from && unit <= to;
  }
  #classSet(c: string): Test | undefined {
    if (c !== '\\') return undefined;
    const letter = this.#text[this.#at + 1] ?? '';
    const test = classEscape(letter, this.#has(RegexOptions.ECMAScript));
    if (test) {
      this.#at += 2;
      return test;
    }
    if (letter !== 'p' && letter !== 'P') return undefined;
    this.#at += 2;
    return this.#property(letter === 'P');
  }
  #classChar(): number {
    const c = this.#peek() ?? '';
    this.#at++;
    if (c !== '\\') return c.charCodeAt(0);
    if (this.#peek() === 'b') {
      this.#at++;
      return 8;
    }
    return /[1-7]/.test(this.#peek() ?? '') ? this.#octal() : this.#charEscape();
  }

  #set(test: Test): Node {
    return { kind: 'set', set: new CharSet(test) };
  }
  #char(unit: number): Node {
    return { kind: 'char', unit, ignoreCase: this.#has(RegexOptions.IgnoreCase) };
  }
  #anchor(anchor: Anchor): Node {
    return { kind: 'anchor', anchor, ecma: this.#has(RegexOptions.ECMAScript) };
  }
  #peek(): string | undefined {
    return this.#text[this.#at];
  }
  #error(message: string): NetException {
    return argumentException(`parsing "${this.#text}" - ${message}`);
  }
}

const anchors: Readonly<Record<string, Anchor>> = {
  A: 'start',
  Z: 'end',
  z: 'end-only',
  G: 'here',
  b: 'boundary',
  B: 'not-boundary',
};
const plainEscapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  e: 27,
};
