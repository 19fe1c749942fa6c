import { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { type ConnectionOptions, openNamespace, withConnectionOption } from './connection-option.ts';
import { repeatUntilDone } from './progress.ts';

interface PurgeOptions extends Partial<ConnectionOptions> {
  readonly before?: string;
  readonly yes?: boolean;
}

export function purgeCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return withConnectionOption(
    new Command('purge')
      .summary('delete the messages of a queue or a subscription')
      .description(
        'Deletes the messages that are in a queue, a subscription or a dead-letter queue at the start; those that are locked,\n' +
          'scheduled or deferred stay. A number shows how far it is; Ctrl-C leaves the rest.',
      )
      .argument('<entity>', 'where they lie')
      .option('--before <time>', 'only those that were enqueued before: 2026-01-31T12:00:00Z')
      .option('--yes', 'do it; without it only what would be done is said'),
  ).action(async (entity: string, options: PurgeOptions) => {
    const namespace = await openNamespace(options);
    if (!options.yes) {
      terminal.error(`This deletes the messages of ${entity} for good. Add --yes to do it.`);
      return exit(2);
    }
    const before = options.before ?? new Date().toISOString();
    const deleted = await repeatUntilDone(terminal, 'deleted', 4000, async (count) => {
      const answer = await namespace.ask('POST', 'purge', { entity, before, count });
      return Number(answer.deleted);
    });
    terminal.out(`${deleted} messages deleted from ${entity}`);
  });
}
