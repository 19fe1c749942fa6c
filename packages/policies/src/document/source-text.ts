import type { Position } from './element.ts';

/** A piece of the expanded text that stands for `{{name}}` of the file. Offsets are UTF-16 units. */
export interface Replacement {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly writtenStart: number;
  readonly writtenEnd: number;
}

/** The text of a document with its named values replaced, and the way back to the file as its author sees it. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  readonly #written: string;
  readonly #replacements: readonly Replacement[];
  #lineStarts: number[] | null = null;

  constructor(file: string, written: string, text: string, replacements: readonly Replacement[]) {
    this.file = file;
    this.#written = written;
    this.text = text;
    this.#replacements = replacements;
  }

  position(offset: number): Position {
    const at = this.#toWritten(offset, false);
    this.#lineStarts ??= lineStartsOf(this.#written);
    const starts = this.#lineStarts;
    const line = lastAtMost(starts, at, (start) => start);
    return { line: line + 1, column: at - (starts[line] ?? 0) + 1 };
  }

  /** The piece of the file that became `text.slice(start, end)`. */
  written(start: number, end: number): string {
    return this.#written.slice(this.#toWritten(start, false), this.#toWritten(end, true));
  }

  /** The name of a named value whose text overlaps the range, else null. */
  namedValueIn(start: number, end: number): string | null {
    const index = lastAtMost(this.#replacements, Math.max(start, end - 1), (replacement) => replacement.start);
    const candidate = this.#replacements[index];
    return candidate && candidate.end > start ? candidate.name : null;
  }

  #toWritten(offset: number, toEnd: boolean): number {
    const replacement = this.#replacements[lastAtMost(this.#replacements, offset, (one) => one.start)];
    if (!replacement) return offset;
    if (offset < replacement.end)
      return toEnd && offset > replacement.start ? replacement.writtenEnd : replacement.writtenStart;
    return replacement.writtenEnd + (offset - replacement.end);
  }
}

/** A byte order mark takes no column. */
function lineStartsOf(text: string): number[] {
  const starts = [text.startsWith('\uFEFF') ? 1 : 0];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

/** Index of the last item whose key is at most `key`; -1 when there is none. */
function lastAtMost<T>(items: readonly T[], key: number, keyOf: (item: T) => number): number {
  let low = 0;
  let high = items.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && keyOf(item) <= key) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}
