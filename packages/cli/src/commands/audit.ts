import { AUDIT_LOG, type LogEntry } from '@lazuli/store';
import { Command, InvalidArgumentError } from 'commander';
import { openGivenStore, type StoreOptions, withStoreOptions } from '../management/store-options.ts';
import { formatTable, paint, type Terminal } from '../terminal.ts';

interface ShowOptions extends StoreOptions {
  readonly last: number;
  readonly resource?: string;
  readonly json?: boolean;
}

export function auditCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return new Command('audit')
    .summary('show and verify the audit log')
    .description('The audit log of the management plane: who changed what, in a chain of hashes.')
    .helpCommand(false)
    .addCommand(verifyCommand(terminal, exit))
    .addCommand(showCommand(terminal));
}

function verifyCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return withStoreOptions(
    new Command('verify')
      .summary('check that no entry was altered or removed')
      .description(
        'Recomputes the chain of hashes. Prints the hash of the last entry: kept elsewhere, it proves later that nothing\n' +
          'before it was rewritten. Exit status 1 when the chain is broken.',
      ),
  ).action(async (options: StoreOptions) => {
    await using store = await openGivenStore(options);
    const result = await store.verifyAudit();
    if (result.ok) {
      terminal.out(
        `${paint(terminal, 'green', 'intact')} ${result.entries} entries, last ${result.head.sequence} ${result.head.hash}`,
      );
      return;
    }
    terminal.error(`${paint(terminal, 'red', 'broken')} at entry ${result.sequence}: ${result.reason}`);
    exit(1);
  });
}

function showCommand(terminal: Terminal): Command {
  return withStoreOptions(
    new Command('show')
      .summary('print entries')
      .description('Prints the newest entries of the audit log, oldest first.')
      .option('--last <number>', 'how many', entryCount, 50)
      .option('--resource <id>', 'only about this resource and what is below it')
      .option('--json', 'one JSON object a line'),
  ).action(async (options: ShowOptions) => {
    await using store = await openGivenStore(options);
    const { entries } = await store.readLog(AUDIT_LOG, {
      order: 'descending',
      limit: options.last,
      subject: options.resource,
    });
    const oldestFirst = [...entries].reverse();
    if (options.json) for (const entry of oldestFirst) terminal.out(JSON.stringify(entry));
    else terminal.out(formatTable(oldestFirst.map(rowOf)));
  });
}

function rowOf({ sequence, at, subject = '', body }: LogEntry): readonly string[] {
  const operation = textAt(body.operationName, 'value') || textAt(body.authorization, 'action');
  return [String(sequence), at, textAt(body.status, 'value'), String(body.caller ?? ''), operation, subject];
}

function textAt(value: unknown, name: string): string {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === 'string' ? member : '';
}

function entryCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 10_000)
    throw new InvalidArgumentError('Expected a number from 1 to 10000.');
  return count;
}
