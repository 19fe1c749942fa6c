import { readReference } from './entities.ts';
import type { SourceText } from './source-text.ts';
import { ValueBuilder } from './value-builder.ts';

/** Where the expression ends (after its closing bracket), or why it does not. Offsets are in the scanned text. */
export type ExpressionEnd =
  | { readonly end: number; readonly interpolated: readonly (readonly [number, number])[] }
  | ExpressionFault;

export interface ExpressionFault {
  readonly message: string;
  readonly at: number;
  /** The bracket at `at` is not closed when the text ends. */
  readonly unclosed: { readonly open: string; readonly close: string } | null;
}

export function startsExpression(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 64) return false;
  const next = text.charCodeAt(at + 1);
  return next === 40 || next === 123;
}

/**
 * Finds the end of the expression that starts with the `@` at `start`, by C#'s lexical rules: brackets balance, and
 * strings (plain, verbatim, interpolated with nested holes), characters and comments hide what is in them.
 * `decode`: XML references are read as the characters they stand for (people paste escaped text into raw documents).
 * The decoded text goes to `into`.
 */
export function scanExpression(
  text: string,
  start: number,
  limit: number,
  decode: boolean,
  into: ValueBuilder,
): ExpressionEnd {
  return new ExpressionScanner(text, start, limit, decode, into).scan();
}

/**
 * What is wrong with an expression that `fault` was found in, when it should have ended before `limit`. A scan goes on
 * behind the place where an expression was meant to end, so what it trips over may be many lines further down.
 */
export function faultBefore(
  text: string,
  start: number,
  limit: number,
  decode: boolean,
  source: SourceText,
  fault: ExpressionFault,
): ExpressionFault {
  const scanned = scanExpression(text, start, limit, decode, new ValueBuilder(source));
  if (!('message' in scanned)) return fault;
  if (!scanned.unclosed) return scanned;
  const { open, close } = scanned.unclosed;
  const { line, column } = source.position(scanned.at);
  return {
    message: `'${close}' is missing: the expression must end here, but its '${open}' on line ${line}, column ${column} is not closed.`,
    at: limit,
    unclosed: scanned.unclosed,
  };
}

const deepest = 500;
const closers: Readonly<Record<number, number>> = { 40: 41, 91: 93, 123: 125 };

interface Frame {
  /** 40 `(`, 91 `[`, 123 `{`; a hole of an interpolated string is a `{` too. */
  readonly open: number;
  readonly at: number;
  /** For a hole: the string it belongs to. */
  readonly hole: { readonly verbatim: boolean; readonly start: number } | null;
}

class Unbalanced extends Error {
  readonly at: number;
  readonly unclosed: ExpressionFault['unclosed'];
  constructor(message: string, at: number, unclosed: ExpressionFault['unclosed'] = null) {
    super(message);
    this.at = at;
    this.unclosed = unclosed;
  }
}

class ExpressionScanner {
  readonly #text: string;
  readonly #limit: number;
  readonly #decode: boolean;
  readonly #into: ValueBuilder;
  readonly #frames: Frame[] = [];
  readonly #interpolated: (readonly [number, number])[] = [];
  #pos: number;
  #run: number;
  /** Width in the source of the character that {@link #code} read last. */
  #width = 1;

  constructor(text: string, start: number, limit: number, decode: boolean, into: ValueBuilder) {
    this.#text = text;
    this.#pos = start;
    this.#run = start;
    this.#limit = limit;
    this.#decode = decode;
    this.#into = into;
  }

  scan(): ExpressionEnd {
    try {
      this.#advance();
      this.#open(null);
      while (this.#frames.length > 0) this.#token();
    } catch (error) {
      if (!(error instanceof Unbalanced)) throw error;
      return { message: error.message, at: error.at, unclosed: error.unclosed };
    }
    this.#into.slice(this.#run, this.#pos);
    return { end: this.#pos, interpolated: this.#interpolated };
  }

  #token(): void {
    const c = this.#code(this.#pos);
    switch (c) {
      case -1: {
        const frame = this.#frames.at(-1);
        const open = String.fromCharCode(frame?.open ?? 40);
        const close = String.fromCharCode(closers[frame?.open ?? 40] ?? 41);
        throw new Unbalanced(
          `The expression does not end: '${close}' is missing for the '${open}' that stands here.`,
          frame?.at ?? this.#pos,
          { open, close },
        );
      }
      case 34:
        this.#plain(34, 'string');
        break;
      case 39:
        this.#plain(39, 'character');
        break;
      case 64:
        this.#prefixed(36);
        break;
      case 36:
        this.#prefixed(64);
        break;
      case 47:
        this.#slash();
        break;
      case 40:
      case 91:
      case 123:
        this.#open(null);
        break;
      case 41:
      case 93:
      case 125:
        this.#close(c);
        break;
      case 58:
        this.#colon();
        break;
      default:
        this.#advance();
    }
  }

  #open(hole: Frame['hole']): void {
    if (this.#frames.length >= deepest)
      throw new Unbalanced(`Brackets are nested more than ${deepest} levels deep.`, this.#pos);
    this.#frames.push({ open: this.#code(this.#pos), at: this.#pos, hole });
    this.#advance();
  }

  #close(c: number): void {
    const frame = this.#frames.at(-1);
    if (!frame || closers[frame.open] !== c)
      throw new Unbalanced(
        `'${String.fromCharCode(c)}' does not close the '${String.fromCharCode(frame?.open ?? 40)}' before it.`,
        this.#pos,
      );
    this.#frames.pop();
    this.#advance();
    if (frame.hole) this.#interpolatedText(frame.hole.verbatim, frame.hole.start);
  }

  /** At the top of a hole a colon begins the format, which is no code: `{price:0.00}`. */
  #colon(): void {
    this.#advance();
    if (!this.#frames.at(-1)?.hole) return;
    if (this.#code(this.#pos) === 58) {
      this.#advance();
      return;
    }
    for (;;) {
      const c = this.#code(this.#pos);
      if (c === 125 || c === 34 || c === -1) return;
      this.#advance();
    }
  }

  #slash(): void {
    const start = this.#pos;
    this.#advance();
    const next = this.#code(this.#pos);
    if (next === 47) {
      for (let c = next; c !== 10 && c !== 13 && c !== -1; c = this.#code(this.#pos)) this.#advance();
    } else if (next === 42) {
      this.#advance();
      for (let last = 0; ; ) {
        const c = this.#code(this.#pos);
        if (c === -1) throw new Unbalanced("The comment that starts here does not end: '*/' is missing.", start);
        this.#advance();
        if (last === 42 && c === 47) return;
        last = c;
      }
    }
  }

  /** A string or character literal with backslash escapes. */
  #plain(quote: number, what: string): void {
    const start = this.#pos;
    this.#advance();
    for (;;) {
      const c = this.#code(this.#pos);
      if (c === -1 || c === 10 || c === 13)
        throw new Unbalanced(`The ${what} that starts here does not end on its line.`, start);
      this.#advance();
      if (c === quote) return;
      if (c === 92 && this.#code(this.#pos) !== -1) this.#advance();
    }
  }

  /** After `@` or `$`: a string of another kind, or just the character (`@class`). */
  #prefixed(other: number): void {
    const start = this.#pos;
    const isVerbatim = this.#code(start) === 64;
    this.#advance();
    const next = this.#code(this.#pos);
    if (next === 34) {
      this.#advance();
      if (isVerbatim) this.#verbatimText(start);
      else this.#interpolatedText(false, start);
    } else if (next === other && this.#code(this.#pos + this.#width) === 34) {
      this.#advance();
      this.#advance();
      this.#interpolatedText(true, start);
    }
  }

  #verbatimText(start: number): void {
    for (;;) {
      const c = this.#code(this.#pos);
      if (c === -1) throw new Unbalanced('The string that starts here does not end.', start);
      this.#advance();
      if (c !== 34) continue;
      if (this.#code(this.#pos) !== 34) return;
      this.#advance();
    }
  }

  /** Up to the closing quote, or up to a hole: then the code in it comes first and calls this again. */
  #interpolatedText(verbatim: boolean, start: number): void {
    for (;;) {
      const c = this.#code(this.#pos);
      if (c === -1 || (!verbatim && (c === 10 || c === 13)))
        throw new Unbalanced('The string that starts here does not end.', start);
      if (c === 123 && this.#code(this.#pos + this.#width) !== 123) {
        this.#open({ verbatim, start });
        return;
      }
      this.#advance();
      const next = this.#code(this.#pos);
      if (c === 34) {
        if (!verbatim || next !== 34) {
          this.#interpolated.push([start, this.#pos]);
          return;
        }
        this.#advance();
      } else if ((c === 123 || c === 125 || (c === 92 && !verbatim)) && (c === 92 ? next !== -1 : next === c)) {
        this.#advance();
      }
    }
  }

  /** The character at `at`, references decoded; -1 at the end. Sets {@link #width}. */
  #code(at: number): number {
    this.#width = 1;
    if (at >= this.#limit) return -1;
    const c = this.#text.charCodeAt(at);
    if (c !== 38 || !this.#decode) return c;
    const reference = readReference(this.#text, at, this.#limit);
    if (!reference) return c;
    this.#width = reference.length;
    return reference.text.charCodeAt(0);
  }

  #advance(): void {
    const at = this.#pos;
    if (at >= this.#limit) return;
    if (this.#decode && this.#text.charCodeAt(at) === 38) {
      const reference = readReference(this.#text, at, this.#limit);
      if (reference) {
        this.#into.slice(this.#run, at);
        this.#into.decoded(reference.text, at, at + reference.length);
        this.#run = this.#pos = at + reference.length;
        return;
      }
    }
    this.#pos = at + 1;
  }
}
