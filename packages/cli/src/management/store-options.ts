import { join } from 'node:path';
import { defaultDataFolder } from '@lazuli/server';
import { openStore, type Store } from '@lazuli/store';
import type { Command } from 'commander';

/** Which store a command works on: that of `lazuli start`, which may run meanwhile. */
export interface StoreOptions {
  readonly data: string;
  readonly store?: string;
}

export function withStoreOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'the data folder', defaultDataFolder())
    .option(
      '--store <url>',
      'the store: sqlite:FILE or postgres://… (default: lazuli.db in the data folder)',
      process.env.LAZULI_STORE,
    );
}

export async function openGivenStore({ data, store }: StoreOptions): Promise<Store> {
  return openStore(store || `sqlite:${join(data, 'lazuli.db')}`);
}
