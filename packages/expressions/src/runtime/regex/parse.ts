import { argumentException, type NetException } from '../exceptions.ts';
import { anyButNewline, anything, CharSet, classEscape, type Test } from './char-set.ts';
import { numberGroups } from './group-numbers.ts';
import { RegexOptions } from './options.ts';
import { readClass } from './parse-class.ts';
import { readCharEscape, readOctal, readProperty } from './parse-escape.ts';
import { PatternCursor } from './pattern-cursor.ts';
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
  readonly #cursor: PatternCursor;
  readonly #groups: ReadonlyMap<string, number> | null;

  constructor(text: string, options: number, groups: ReadonlyMap<string, number> | null) {
    this.#cursor = new PatternCursor(text, options);
    this.#groups = groups;
  }

  whole(): Node {
    const root = this.#choice();
    if (this.#cursor.at < this.#cursor.text.length) throw this.#error("Too many )'s.");
    return root;
  }

  #has(option: number): boolean {
    return this.#cursor.has(option);
  }

  #choice(): Node {
    return this.#cursor.nested(() => this.#choiceHere());
  }
  #choiceHere(): Node {
    const options = this.#cursor.options;
    const items = [this.#sequence()];
    while (this.#peek() === '|') {
      this.#cursor.at++;
      items.push(this.#sequence());
    }
    this.#cursor.options = options;
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
      if (x && c !== undefined && /\s/.test(c)) this.#cursor.at++;
      else if (x && c === '#') {
        const end = this.#cursor.text.indexOf('\n', this.#cursor.at);
        this.#cursor.at = end < 0 ? this.#cursor.text.length : end;
      } else if (this.#cursor.text.startsWith('(?#', this.#cursor.at)) {
        const end = this.#cursor.text.indexOf(')', this.#cursor.at);
        if (end < 0) throw this.#error('Unterminated (?#...) comment.');
        this.#cursor.at = end + 1;
      } else return;
    }
  }

  /** Null for an element that matches nothing by itself, such as `(?i)`. */
  #atom(c: string): Node | null {
    switch (c) {
      case '[':
        this.#cursor.at++;
        return this.#set(readClass(this.#cursor));
      case '(':
        this.#cursor.at++;
        return this.#group();
      case '*':
      case '+':
      case '?':
        throw this.#error('Quantifier {x,y} following nothing.');
      case '{':
        if (this.#bounds()) throw this.#error('Quantifier {x,y} following nothing.');
        break;
      case '.':
        this.#cursor.at++;
        return { kind: 'set', set: this.#has(RegexOptions.Singleline) ? anything : anyButNewline };
      case '^':
        this.#cursor.at++;
        return this.#anchor(this.#has(RegexOptions.Multiline) ? 'line-start' : 'start');
      case '$':
        this.#cursor.at++;
        return this.#anchor(this.#has(RegexOptions.Multiline) ? 'line-end' : 'end');
      case '\\':
        this.#cursor.at++;
        return this.#escape();
      default:
    }
    this.#cursor.at++;
    return this.#char(c.charCodeAt(0));
  }

  #quantified(item: Node): Node {
    this.#blank();
    const range = this.#quantifier();
    if (!range) return item;
    const lazy = this.#peek() === '?';
    if (lazy) this.#cursor.at++;
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
        this.#cursor.at++;
        return [0, unlimited];
      case '+':
        this.#cursor.at++;
        return [1, unlimited];
      case '?':
        this.#cursor.at++;
        return [0, 1];
      case '{': {
        const bounds = this.#bounds();
        if (!bounds) return undefined;
        this.#cursor.at += bounds[0].length;
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
    return this.#cursor.match(/\{(\d+)(,(\d*))?\}/y);
  }

  #group(): Node | null {
    if (this.#peek() !== '?') {
      if (this.#has(RegexOptions.ExplicitCapture)) return this.#closed();
      return this.#capture(null);
    }
    this.#cursor.at++;
    const c = this.#peek();
    this.#cursor.at++;
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
        this.#cursor.at++;
        return { kind: 'look', behind: true, negative: next === '!', body: this.#closed() };
      }
      case '(':
        return this.#conditional();
      default:
        this.#cursor.at--;
        return this.#inlineOptions();
    }
  }
  #named(end: string): Node {
    const text = this.#cursor.match(/[\w]*/y)?.[0] ?? '';
    this.#cursor.at += text.length;
    if (this.#peek() === '-') {
      throw this.#error('Balancing groups (?<name1-name2>) are not supported in policy expressions.');
    }
    if (text === '' || (/^\d/.test(text) && !/^\d+$/.test(text)) || this.#peek() !== end) {
      throw this.#error('Invalid group name: Group names must begin with a word character.');
    }
    if (text === '0') throw this.#error('Capture number cannot be zero.');
    this.#cursor.at++;
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
    this.#cursor.at++;
    return body;
  }
  #inlineOptions(): Node | null {
    const found = this.#cursor.match(/([imnsx]*)(?:-([imnsx]*))?([:)])/y);
    if (!found) throw this.#error('Unrecognized grouping construct.');
    this.#cursor.at += found[0].length;
    const before = this.#cursor.options;
    for (const letter of found[1] ?? '') this.#cursor.options |= flagOf[letter] ?? 0;
    for (const letter of found[2] ?? '') this.#cursor.options &= ~(flagOf[letter] ?? 0);
    // (?i) stays until the end of the group around it: #choice restores the options.
    if (found[3] === ')') return null;
    const body = this.#closed();
    this.#cursor.options = before;
    return body;
  }
  #conditional(): Node {
    const name = this.#cursor.match(/(\w+)\)/y)?.[1];
    const number = name === undefined ? undefined : this.#groups?.get(name);
    if (name !== undefined && /^\d+$/.test(name) && this.#groups && number === undefined) {
      throw this.#error(`(?(${name})...) undefined group.`);
    }
    if (name !== undefined && (number !== undefined || /^\d+$/.test(name))) {
      this.#cursor.at += name.length + 1;
      const [yes, no] = this.#branches();
      return { kind: 'if-group', group: number ?? 0, yes, no };
    }
    const options = this.#cursor.options;
    const isLook = this.#peek() === '?';
    const test = isLook ? (this.#group() ?? this.#nothing()) : this.#closed();
    this.#cursor.options = options;
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
      this.#cursor.at++;
      return this.#anchor(anchor);
    }
    const test = classEscape(c, ecma);
    if (test) {
      this.#cursor.at++;
      return { kind: 'set', set: new CharSet(test) };
    }
    if (c === 'p' || c === 'P') {
      this.#cursor.at++;
      return this.#set(readProperty(this.#cursor, c === 'P'));
    }
    if (c === 'k') return this.#namedReference();
    if (c >= '1' && c <= '9') return this.#numberedReference();
    return this.#char(readCharEscape(this.#cursor));
  }
  #namedReference(): Node {
    const found = this.#cursor.match(/k(?:<(\w+)>|'(\w+)')/y);
    if (!found) throw this.#error('Malformed \\k<...> named back reference.');
    this.#cursor.at += found[0].length;
    const name = found[1] ?? found[2] ?? '';
    const group = this.#groups ? this.#groups.get(name) : 0;
    if (group === undefined) {
      const what = /^\d+$/.test(name) ? 'number' : 'name';
      throw this.#error(`Reference to undefined group ${what} ${name}.`);
    }
    return { kind: 'backreference', group, ignoreCase: this.#has(RegexOptions.IgnoreCase) };
  }
  #numberedReference(): Node {
    const text = this.#cursor.match(/\d+/y)?.[0] ?? '';
    for (let length = text.length; length > 0; length--) {
      const number = text.slice(0, length);
      if (this.#groups && !this.#groups.has(number)) continue;
      this.#cursor.at += length;
      return {
        kind: 'backreference',
        group: this.#groups?.get(number) ?? 0,
        ignoreCase: this.#has(RegexOptions.IgnoreCase),
      };
    }
    if (text.length === 1 || !/^[0-7]/.test(text)) throw this.#error(`Reference to undefined group number ${text}.`);
    return this.#char(readOctal(this.#cursor));
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
    return this.#cursor.peek();
  }
  #error(message: string): NetException {
    return this.#cursor.error(message);
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
