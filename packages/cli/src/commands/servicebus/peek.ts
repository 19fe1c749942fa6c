import { Command } from 'commander';
import { wholeNumber } from '../../numbers.ts';
import type { Terminal } from '../../terminal.ts';
import { type ConnectionOptions, openNamespace, withConnectionOption } from './connection-option.ts';
import { printMessages } from './print-message.ts';

interface PeekOptions extends Partial<ConnectionOptions> {
  readonly count: number;
  readonly from: number;
  readonly session?: string;
  readonly json?: boolean;
}

export function peekCommand(terminal: Terminal): Command {
  return withConnectionOption(
    new Command('peek')
      .summary('print messages and leave them where they are')
      .description(
        'Prints messages of a queue, a subscription (topic/Subscriptions/name) or a dead-letter queue\n' +
          '(queue/$DeadLetterQueue), whatever their state, and leaves them where they are.',
      )
      .argument('<entity>', 'where they lie')
      .option('--count <number>', 'how many, at most 250', wholeNumber(1, 250), 10)
      .option('--from <number>', 'sequence number of the first', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0)
      .option('--session <id>', 'only of this session')
      .option('--json', 'one JSON object a line'),
  ).action(async (entity: string, options: PeekOptions) => {
    const namespace = await openNamespace(options);
    const { count, from, session } = options;
    const { messages } = await namespace.ask('GET', 'peek', { entity, count, from, session });
    printMessages(terminal, messages, options.json ?? false);
  });
}
