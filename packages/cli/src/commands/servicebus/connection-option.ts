import type { Command } from 'commander';
import { developmentConnectionString, OperatorClient } from '../../servicebus/operator-client.ts';

export interface ConnectionOptions {
  readonly connectionString: string;
  readonly data?: string;
}

/** Which namespace a command speaks to. */
export function withConnectionOption(command: Command): Command {
  return command
    .option(
      '--connection-string <text>',
      'of the namespace (or SERVICEBUS_CONNECTION_STRING; default: the development namespace of this machine)',
    )
    .option('--data <folder>', 'data folder whose local authority is trusted');
}

export function openNamespace({ connectionString, data }: Partial<ConnectionOptions>): Promise<OperatorClient> {
  // Keys in it are secrets: the default is not shown in the help.
  const named = connectionString ?? process.env.SERVICEBUS_CONNECTION_STRING ?? developmentConnectionString;
  return OperatorClient.open(named, data);
}
