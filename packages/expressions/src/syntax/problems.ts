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

  addAll(other: Problems): void {
    for (const problem of other.list) {
      this.report(problem.code, problem.message, { start: problem.offset, end: problem.offset + problem.length });
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
