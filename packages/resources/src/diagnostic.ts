/** One thing wrong with a file, as `lazuli check` prints it. */
export interface Diagnostic {
  /** Stable code from the error table of the package that found it, e.g. `JsonSyntax`, `UnknownProduct`, `ValidationError`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** Path relative to the folder that was read, with `/`. */
  readonly file: string;
  /** From 1; 0 when the problem has no place in the file (a file that is missing). */
  readonly line: number;
  readonly column: number;
  /** What is wrong and what was expected. */
  readonly message: string;
}
