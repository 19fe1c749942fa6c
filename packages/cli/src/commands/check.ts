import type { Diagnostic } from '@lazuli/resources';
import { checkFolder } from '@lazuli/server';
import { Command } from 'commander';
import { formatDiagnostic, paint, type Terminal } from '../terminal.ts';

interface CheckOptions {
  readonly json?: boolean;
  readonly secrets?: string;
  readonly allowUnsupported?: boolean;
}

export function checkCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return new Command('check')
    .summary('validate a folder, or one policy document, without starting')
    .description(
      'Reads and compiles a folder of API Management artifacts, as `lazuli start` would, and lists every problem with its\n' +
        'file, line and column. Exit status 1 if there is an error; warnings alone give 0. One policy document instead of\n' +
        'a folder is checked without its service: what it refers to is taken to exist, named values are warnings.',
    )
    .argument('[folder]', 'the folder, or a policy document', '.')
    .option('--json', 'one JSON object a line: code, severity, file, line, column, message')
    .option('--secrets <file>', 'JSON or YAML file with secret named values and subscription keys')
    .option('--allow-unsupported', 'policies that are not built yet are warnings, not errors')
    .action(async (folder: string, options: CheckOptions) => {
      const diagnostics = await checkFolder(folder, {
        secretsFile: options.secrets ?? null,
        allowUnsupported: options.allowUnsupported ?? false,
      });
      for (const diagnostic of diagnostics)
        terminal.out(options.json ? toJsonLine(diagnostic) : formatDiagnostic(terminal, diagnostic));
      const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
      if (!options.json) terminal.out(summary(terminal, folder, errors, diagnostics.length - errors));
      exit(errors > 0 ? 1 : 0);
    });
}

function toJsonLine({ code, severity, file, line, column, message }: Diagnostic): string {
  return JSON.stringify({ code, severity, file, line, column, message });
}

function summary(terminal: Terminal, folder: string, errors: number, warnings: number): string {
  const text = `${folder}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  return paint(terminal, errors > 0 ? 'red' : warnings > 0 ? 'yellow' : 'green', text);
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
