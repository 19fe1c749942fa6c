import type { Diagnostic } from '@lazuli/resources';
import type { DocumentErrorCode } from '../errors.ts';

/** One thing wrong with a policy document. */
export interface PolicyProblem {
  readonly code: DocumentErrorCode;
  readonly severity: 'error' | 'warning';
  /** ARM's target: the element's name, or `representation` when the text is not XML. */
  readonly target: string;
  /** With the place in it, in the words that the management API uses. */
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The problem as `lazuli check` prints it. */
export function toDiagnostic(problem: PolicyProblem): Diagnostic {
  const { code, severity, file, line, column, message } = problem;
  return { code, severity, file, line, column, message };
}

export interface ArmErrorEnvelope {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: readonly { readonly code: string; readonly target: string; readonly message: string }[];
  };
}

/** The body of the 400 that a PUT of the document is answered with. Warnings are left out. */
export function toErrorEnvelope(problems: readonly PolicyProblem[]): ArmErrorEnvelope {
  const errors = problems.filter((problem) => problem.severity === 'error');
  return {
    error: {
      code: 'ValidationError',
      message: 'One or more fields contain incorrect values:',
      details: errors.map(({ target, message }) => ({ code: 'ValidationError', target, message })),
    },
  };
}
