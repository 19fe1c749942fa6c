import { argumentNull, argumentOutOfRange } from '../exceptions.ts';
import { toStringMember } from '../object.ts';
import { netType, type Uniform } from '../values.ts';
import { type Found, Matcher, type Spans } from './matcher.ts';
import type { Regex } from './regex.ts';
import { expandReplacement, parseReplacement } from './replacement.ts';

/** `System.Text.RegularExpressions.Capture`. */
export class Capture {
  get [netType](): string {
    return 'System.Text.RegularExpressions.Capture';
  }
  readonly index: number;
  readonly length: number;
  readonly #input: string;
  constructor(input: string, start: number, end: number) {
    this.#input = input;
    this.index = start;
    this.length = end - start;
  }
  get value(): string {
    return this.#input.slice(this.index, this.index + this.length);
  }
  [toStringMember](): string {
    return this.value;
  }
}

/** `Group`: its last capture. */
export class Group extends Capture {
  override get [netType](): string {
    return 'System.Text.RegularExpressions.Group';
  }
  readonly name: string;
  readonly success: boolean;
  readonly #spans: Spans;
  readonly #text: string;
  constructor(name: string, input: string, spans: Spans | undefined) {
    super(input, spans?.[spans.length - 2] ?? 0, spans?.[spans.length - 1] ?? 0);
    this.name = name;
    this.success = spans !== undefined;
    this.#spans = spans ?? [];
    this.#text = input;
  }
  get captures(): MatchItems<Capture> {
    const captures: Capture[] = [];
    for (let i = 0; i < this.#spans.length; i += 2) {
      captures.push(new Capture(this.#text, this.#spans[i] ?? 0, this.#spans[i + 1] ?? 0));
    }
    return new MatchItems('System.Text.RegularExpressions.CaptureCollection', captures);
  }
}

/** `Match`: group 0, with the others. */
export class Match extends Group {
  override get [netType](): string {
    return 'System.Text.RegularExpressions.Match';
  }
  readonly input: string;
  readonly #regex: Regex | null;
  readonly #found: Found | null;
  #groups: GroupCollection | undefined;

  private constructor(regex: Regex | null, input: string, found: Found | null) {
    super('0', input, found ? [found.start, found.end] : undefined);
    this.input = input;
    this.#regex = regex;
    this.#found = found;
  }
  static readonly empty = new Match(null, '', null);
  static of(regex: Regex, input: string, found: Found | null): Match {
    return found ? new Match(regex, input, found) : Match.empty;
  }

  get groups(): GroupCollection {
    this.#groups ??= this.#makeGroups();
    return this.#groups;
  }
  #makeGroups(): GroupCollection {
    const numbers = new Map<number, number>();
    const items: Group[] = [];
    for (const [number, name] of this.#regex?.names ?? [[0, '0'] as const]) {
      numbers.set(number, items.length);
      items.push(number === 0 ? this : new Group(name, this.input, this.#found?.groups[number]));
    }
    return new GroupCollection(items, numbers);
  }

  next(): Match {
    if (!this.#regex || !this.#found) return this;
    const { start, end } = this.#found;
    const from = start === end ? end + 1 : end;
    if (from > this.input.length) return Match.empty;
    return Match.of(this.#regex, this.input, new Matcher(this.#regex.program, this.input).find(from));
  }
  /** `Match.Result(replacement)`. */
  result(replacement: string | null): string {
    if (replacement === null) throw argumentNull('replacement');
    return this.#regex ? expandReplacement(parseReplacement(replacement, this.#regex), this) : '';
  }
}

/** A read-only collection of captures or matches. */
export class MatchItems<T extends Capture> implements Iterable<T> {
  readonly [netType]: string;
  readonly items: readonly T[];
  constructor(type: string, items: readonly T[]) {
    this[netType] = type;
    this.items = items;
  }
  get count(): number {
    return this.items.length;
  }
  at(index: number): T {
    const item = this.items[index];
    if (!item) throw argumentOutOfRange('i');
    return item;
  }
  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }
}

export class GroupCollection extends MatchItems<Group> {
  readonly #numbers: ReadonlyMap<number, number>;
  constructor(items: readonly Group[], numbers: ReadonlyMap<number, number>) {
    super('System.Text.RegularExpressions.GroupCollection', items);
    this.#numbers = numbers;
  }
  /** By number; a group that does not exist is one that failed, as in .NET. */
  override at(number: number): Group {
    return this.items[this.#numbers.get(number) ?? -1] ?? missing;
  }
  named(name: Uniform): Group {
    return this.items.find((group) => group.name === name) ?? missing;
  }
}

const missing = new Group('', '', undefined);
