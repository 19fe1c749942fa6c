import { Command } from 'commander';
import { wholeNumber } from '../../numbers.ts';
import type { Terminal } from '../../terminal.ts';
import { type ConnectionOptions, openNamespace, withConnectionOption } from './connection-option.ts';
import { repeatUntilDone } from './progress.ts';

interface ResubmitOptions extends Partial<ConnectionOptions> {
  readonly count?: number;
}

export function resubmitCommand(terminal: Terminal): Command {
  return withConnectionOption(
    new Command('resubmit')
      .summary('move dead letters back')
      .description(
        'Moves messages from the dead-letter queue of a queue or a subscription back to the queue or topic, fifty in one\n' +
          'transaction: none is lost or doubled. A number shows how far it is; Ctrl-C leaves the rest.',
      )
      .argument('<entity>', 'queue, or topic/Subscriptions/name')
      .option('--count <number>', 'how many at most; default: all', wholeNumber(1, Number.MAX_SAFE_INTEGER)),
  ).action(async (entity: string, options: ResubmitOptions) => {
    const namespace = await openNamespace(options);
    let left = options.count ?? Number.POSITIVE_INFINITY;
    const moved = await repeatUntilDone(terminal, 'moved', 50, async (most) => {
      const count = Math.min(most, left);
      if (count === 0) return 0;
      const answer = await namespace.ask('POST', 'resubmit', { entity, count });
      left -= Number(answer.moved);
      return Number(answer.moved);
    });
    terminal.out(`${moved} messages moved from the dead-letter queue of ${entity}`);
  });
}
