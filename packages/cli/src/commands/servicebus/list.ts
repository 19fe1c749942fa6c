import { Command } from 'commander';
import { formatTable, paint, type Terminal } from '../../terminal.ts';
import { type ConnectionOptions, openNamespace, withConnectionOption } from './connection-option.ts';

const columns = ['active', 'deadLetter', 'scheduled', 'transferDeadLetter', 'bytes'] as const;

export function listCommand(terminal: Terminal): Command {
  return withConnectionOption(
    new Command('list')
      .summary('queues, topics and subscriptions with the number of their messages')
      .description('Lists queues, topics and subscriptions with the number of their messages.')
      .option('--json', 'one JSON object a line'),
  ).action(async (options: Partial<ConnectionOptions> & { readonly json?: boolean }) => {
    const namespace = await openNamespace(options);
    const { entities } = await namespace.ask('GET', 'entities', {});
    const rows: readonly Readonly<Record<string, unknown>>[] = Array.isArray(entities) ? entities : [];
    if (options.json) {
      for (const row of rows) terminal.out(JSON.stringify(row));
      return;
    }
    const head = ['entity', 'status', 'active', 'dead letters', 'scheduled', 'transfer dead letters', 'bytes'];
    terminal.out(
      formatTable([
        head.map((title) => paint(terminal, 'bold', title)),
        ...rows.map((row) => [String(row.path), String(row.status), ...columns.map((name) => String(row[name] ?? ''))]),
      ]),
    );
  });
}
