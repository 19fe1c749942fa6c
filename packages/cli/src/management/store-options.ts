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
    .option('--store <url>', 'the store: sqlite:FILE or postgres://… (default: lazuli.db in the data folder)');
}

export async function openGivenStore({ data, store }: StoreOptions): Promise<Store> {
  // Not an option's default: the help would print it, and it may hold a password.
  return openStore(store || process.env.LAZULI_STORE || `sqlite:${join(data, 'lazuli.db')}`);
}
