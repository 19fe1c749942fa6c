import type { BackupOptions, RotateOptions } from '@lazuli/store';
import { Command, Option } from 'commander';
import { openGivenStore, type StoreOptions, withStoreOptions } from '../management/store-options.ts';
import { paint, type Terminal } from '../terminal.ts';

export function storeCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return new Command('store')
    .summary('back up, restore and check the store; rotate its keys')
    .description(
      'The store of the management plane. The server may run meanwhile, except while another store is restored.',
    )
    .helpCommand(false)
    .addCommand(backupCommand(terminal))
    .addCommand(restoreCommand(terminal))
    .addCommand(checkStoreCommand(terminal, exit))
    .addCommand(rotateCommand(terminal));
}

function backupCommand(terminal: Terminal): Command {
  return withStoreOptions(
    new Command('backup')
      .summary('write everything to a new file')
      .description(
        'Writes the store, as of one moment, to a new file that only you can read. The keys that encrypt its secrets are\n' +
          'not in it: keep those (FILE.keys beside a SQLite store) elsewhere, a backup is worth nothing without them.',
      )
      .argument('<file>', 'the file')
      .addOption(
        new Option('--format <format>', 'portable restores into SQLite and PostgreSQL; sqlite opens as it is')
          .choices(['portable', 'sqlite'])
          .default('portable'),
      ),
  ).action(async (file: string, options: StoreOptions & Required<BackupOptions>) => {
    await using store = await openGivenStore(options);
    const { rows, bytes, sequence } = await store.backup(file, { format: options.format });
    terminal.out(`Wrote ${file}: ${rows} rows, ${bytes} bytes, as of change ${sequence}.`);
  });
}

function restoreCommand(terminal: Terminal): Command {
  return withStoreOptions(
    new Command('restore')
      .summary('take a backup over')
      .description('Takes over a backup of either format in one transaction.')
      .argument('<file>', 'the backup')
      .option('--replace', 'replace what the store holds; otherwise it must be empty'),
  ).action(async (file: string, options: StoreOptions & { readonly replace?: boolean }) => {
    await using store = await openGivenStore(options);
    const { rows, sequence } = await store.restore(file, { replace: options.replace ?? false });
    terminal.out(`Restored ${file}: ${rows} rows, up to change ${sequence}.`);
  });
}

function checkStoreCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return withStoreOptions(
    new Command('check')
      .summary('read everything and check it')
      .description(
        'Reads the whole store: hashes, secrets, the change feed, logs. Exit status 1 when something is wrong.',
      ),
  ).action(async (options: StoreOptions) => {
    await using store = await openGivenStore(options);
    const report = await store.check();
    for (const { code, subject, message } of report.problems)
      terminal.error(`${paint(terminal, 'bold', subject)} ${paint(terminal, 'red', 'error')} ${code} ${message}`);
    const { resources, changes, secrets, logEntries } = report;
    terminal.out(
      `${report.ok ? paint(terminal, 'green', 'sound') : paint(terminal, 'red', 'damaged')}: ${resources} resources, ${secrets} secrets, ${changes} changes, ${logEntries} log entries`,
    );
    if (!report.ok) exit(1);
  });
}

function rotateCommand(terminal: Terminal): Command {
  return withStoreOptions(
    new Command('rotate-keys')
      .summary('protect all secrets with the newest key')
      .description(
        'Wraps every data key with the newest key-encryption key. --new-key makes one first, where the keys are in a file\n' +
          'of their own.',
      )
      .option('--new-key', 'make a new key first'),
  ).action(async (options: StoreOptions & RotateOptions) => {
    await using store = await openGivenStore(options);
    const { keyId, rewrapped } = await store.rotateKeys({ newKey: options.newKey ?? false });
    terminal.out(`${rewrapped} data keys are protected by the key ${keyId} now.`);
  });
}
