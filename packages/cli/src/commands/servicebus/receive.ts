import { Command } from 'commander';
import { wholeNumber } from '../../numbers.ts';
import type { Terminal } from '../../terminal.ts';
import { type ConnectionOptions, openNamespace, withConnectionOption } from './connection-option.ts';
import { printMessages } from './print-message.ts';

interface ReceiveOptions extends Partial<ConnectionOptions> {
  readonly count: number;
  readonly wait: number;
  readonly session?: string;
  readonly json?: boolean;
}

export function receiveCommand(terminal: Terminal): Command {
  return withConnectionOption(
    new Command('receive')
      .summary('take messages out and print them')
      .description(
        'Takes messages out of a queue, a subscription or a dead-letter queue and prints them: they are deleted.',
      )
      .argument('<entity>', 'where they lie')
      .option('--count <number>', 'how many, at most 250', wholeNumber(1, 250), 1)
      .option('--wait <seconds>', 'how long to wait for the first, at most 60', wholeNumber(0, 60), 5)
      .option('--session <id>', 'of this session; otherwise of the next that is free')
      .option('--json', 'one JSON object a line'),
  ).action(async (entity: string, options: ReceiveOptions) => {
    const namespace = await openNamespace(options);
    const { count, wait, session } = options;
    const { messages } = await namespace.ask('POST', 'receive', { entity, count, wait, session });
    printMessages(terminal, messages, options.json ?? false);
  });
}
