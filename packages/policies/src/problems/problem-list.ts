import type { Position } from '../document/element.ts';
import type { DocumentErrorCode } from '../errors.ts';
import type { PolicyProblem } from './problem.ts';

/** Collects the problems of one file. */
export class ProblemList {
  readonly file: string;
  readonly items: PolicyProblem[] = [];
  readonly #syntaxPrefix: string;

  /** `syntaxPrefix` goes before what is said about XML that is none. */
  constructor(file: string, syntaxPrefix = '') {
    this.file = file;
    this.#syntaxPrefix = syntaxPrefix;
  }

  get hasErrors(): boolean {
    return this.items.some((problem) => problem.severity === 'error');
  }

  /** The text is not XML: `'x' is an unexpected token. Line 4, position 86.` */
  syntax(message: string, at: Position): void {
    this.#add(
      'PolicySyntax',
      'error',
      'representation',
      `${this.#syntaxPrefix}${message} Line ${at.line}, position ${at.column}.`,
      at,
    );
  }

  /** `Error in element 'x' on line L, column C: message` */
  inElement(
    code: DocumentErrorCode,
    element: { readonly name: string; readonly at: Position },
    message: string,
    at: Position = element.at,
    severity: PolicyProblem['severity'] = 'error',
  ): void {
    const label = severity === 'error' ? 'Error' : 'Warning';
    const text = `${label} in element '${element.name}' on line ${at.line}, column ${at.column}: ${message}`;
    this.#add(code, severity, element.name, text, at);
  }

  #add(
    code: DocumentErrorCode,
    severity: PolicyProblem['severity'],
    target: string,
    message: string,
    { line, column }: Position,
  ): void {
    this.items.push({ code, severity, target, message, file: this.file, line, column });
  }
}
