import type { ExpressionProblem } from '../compile.ts';

/** Where something stands in the source: UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** More than this many problems helps nobody; later ones are dropped. */
const mostProblems = 50;

/** Collects what is wrong. One place is reported once: the first report about a span wins, which stops cascades. */
export class Problems {
  readonly list: ExpressionProblem[] = [];

  report(code: string, message: string, at: Span): void {
    if (this.list.length >= mostProblems) return;
    const length = Math.max(1, at.end - at.start);
    if (this.list.some((p) => p.offset === at.start && p.length === length)) return;
    this.list.push({ code, message, offset: at.start, length });
  }

  /** A cause that the source may name in many places, such as a type that does not exist: its first place is enough. */
  reportOnce(code: string, message: string, at: Span): void {
    if (!this.list.some((p) => p.code === code && p.message === message)) this.report(code, message, at);
    this.#once.add(message);
  }
  readonly #once = new Set<string>();

  addAll(other: Problems): void {
    for (const problem of other.list) {
      const at = { start: problem.offset, end: problem.offset + problem.length };
      if (other.#once.has(problem.message)) this.reportOnce(problem.code, problem.message, at);
      else this.report(problem.code, problem.message, at);
    }
  }

  get isFull(): boolean {
    return this.list.length >= mostProblems;
  }

  get any(): boolean {
    return this.list.length > 0;
  }
}

/** Ends the parse of the statement it is thrown in. Never leaves the package. */
export class SyntaxProblem extends Error {
  readonly code: string;
  readonly at: Span;
  constructor(code: string, message: string, at: Span) {
    super(message);
    this.code = code;
    this.at = at;
  }
}
