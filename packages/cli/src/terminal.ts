import { stripVTControlCharacters, styleText } from 'node:util';
import type { Diagnostic } from '@lazuli/resources';

/** Where a command prints; tests give their own. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Is `out` a terminal that a person looks at? Colours and progress appear only there. */
  readonly isInteractive: boolean;
  /** Called when `lazuli start` serves: a place for what a script wants to add below its table. */
  readonly afterStart?: () => void;
}

export const processTerminal: Terminal = {
  out: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
  isInteractive: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
};

type Style = 'red' | 'yellow' | 'green' | 'cyan' | 'bold' | 'dim';

export function paint(terminal: Terminal, style: Style, text: string): string {
  return terminal.isInteractive ? styleText(style, text, { validateStream: false }) : text;
}

/** `apis/orders/policy.xml:4:9 error ValidationError Error in element ...` */
export function formatDiagnostic(terminal: Terminal, diagnostic: Diagnostic): string {
  const { file, line, column, severity, code, message } = diagnostic;
  const place = line > 0 ? `${file}:${line}:${column}` : file;
  const level = paint(terminal, severity === 'error' ? 'red' : 'yellow', severity);
  return `${paint(terminal, 'bold', place)} ${level} ${paint(terminal, 'dim', code)} ${message}`;
}

/** Two or more columns, padded to the widest cell; the last one is not padded. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, visibleLength(cell));
  return rows
    .map(
      (row) =>
        `  ${row.map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat((widths[i] ?? 0) - visibleLength(cell)))).join('  ')}`,
    )
    .join('\n');
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
