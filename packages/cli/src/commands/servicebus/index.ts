import { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { listCommand } from './list.ts';
import { peekCommand } from './peek.ts';
import { purgeCommand } from './purge.ts';
import { receiveCommand } from './receive.ts';
import { resubmitCommand } from './resubmit.ts';
import { sendCommand } from './send.ts';

/** In the order in which the help lists them. */
const commands = [listCommand, peekCommand, sendCommand, receiveCommand, purgeCommand, resubmitCommand];

export function serviceBusCommand(terminal: Terminal, exit: (status: number) => void): Command {
  const command = new Command('servicebus')
    .summary('look into queues and topics, send, receive, purge, move dead letters back')
    .description('Speaks to a Service Bus namespace that Lazuli serves, through the port of its messages.')
    .helpCommand(false);
  for (const one of commands) command.addCommand(one(terminal, exit));
  return command;
}
