import type { PolicyValue, Position } from './element.ts';
import type { SourceText } from './source-text.ts';

/** Collects the decoded text of a value together with where each piece of it came from. */
export class ValueBuilder {
  readonly #source: SourceText;
  readonly #parts: string[] = [];
  /** Pairs: offset in the decoded text, offset in the source. */
  readonly #map: number[] = [];
  #length = 0;
  #end = 0;

  constructor(source: SourceText) {
    this.#source = source;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** The source as it is, but a CR LF becomes LF as XML has it (1.0, section 2.11). */
  slice(from: number, to: number): void {
    const piece = this.#source.text.slice(from, to);
    let start = 0;
    for (let cr = piece.indexOf('\r'); cr >= 0; cr = piece.indexOf('\r', start)) {
      const next = piece.charCodeAt(cr + 1) === 10 ? cr + 2 : cr + 1;
      this.#add(piece.slice(start, cr), from + start, from + cr);
      this.#add('\n', from + cr, from + next);
      start = next;
    }
    this.#add(piece.slice(start), from + start, to);
  }

  /** Exactly as it is. */
  verbatim(from: number, to: number): void {
    this.#add(this.#source.text.slice(from, to), from, to);
  }

  /** Text that `source.slice(from, to)` stands for. */
  decoded(text: string, from: number, to: number): void {
    this.#add(text, from, to);
  }

  #add(text: string, from: number, to: number): void {
    if (text === '' && this.#map.length > 0) return;
    this.#map.push(this.#length, from);
    this.#parts.push(text);
    this.#length += text.length;
    this.#end = to;
  }

  /** `at`: where an empty value stands. */
  build(kind: PolicyValue['kind'], at: number, unresolved: boolean): SourceValue {
    if (this.#map.length === 0) {
      this.#map.push(0, at);
      this.#end = at;
    }
    return new SourceValue(kind, this.#parts.join(''), this.#source, this.#map, this.#end, unresolved);
  }
}

/** A value that knows its way back to the file. Positions are computed when asked for. */
export class SourceValue implements PolicyValue {
  readonly kind: PolicyValue['kind'];
  readonly text: string;
  readonly unresolved: boolean;
  readonly #source: SourceText;
  readonly #map: readonly number[];
  readonly #end: number;

  constructor(
    kind: PolicyValue['kind'],
    text: string,
    source: SourceText,
    map: readonly number[],
    end: number,
    unresolved: boolean,
  ) {
    this.kind = kind;
    this.text = text;
    this.unresolved = unresolved;
    this.#source = source;
    this.#map = map;
    this.#end = end;
  }

  get written(): string {
    return this.#source.written(this.#map[1] ?? 0, this.#end);
  }

  get at(): Position {
    return this.locate(0);
  }

  locate(offset: number): Position {
    return this.#source.position(this.#toSource(offset));
  }

  namedValueIn(offset: number, length: number): string | null {
    return this.#source.namedValueIn(this.#toSource(offset), this.#toSource(offset + Math.max(length, 1)));
  }

  #toSource(offset: number): number {
    let low = 0;
    let high = this.#map.length / 2 - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#map[middle * 2] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.min((this.#map[low * 2 + 1] ?? 0) + (offset - (this.#map[low * 2] ?? 0)), this.#end);
  }
}
