import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { startingFolder } from '../init/starting-folder.ts';
import { invocation } from '../invocation.ts';
import type { Terminal } from '../terminal.ts';

export function initCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return new Command('init')
    .summary('make a small folder to start from')
    .description('Writes one API with an OpenAPI document, a policy and a subscription into a new or empty folder.')
    .argument('[folder]', 'the folder to make', 'lazuli')
    .option('--backend <url>', 'where the API sends its requests', 'http://127.0.0.1:3000')
    .action(async (folder: string, { backend }: { backend: string }) => {
      if (!/^https?:\/\/[^/\s]/.test(backend)) {
        terminal.error(`--backend: '${backend}' is not an http or https URL such as http://127.0.0.1:3000`);
        return exit(2);
      }
      await mkdir(folder, { recursive: true });
      if ((await readdir(folder)).some((name) => !name.startsWith('.'))) {
        terminal.error(`${folder} is not empty: nothing was written. Name a folder that is new or empty.`);
        return exit(1);
      }
      for (const [path, text] of startingFolder(backend)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
        terminal.out(`  ${join(folder, path)}`);
      }
      terminal.out(`\nNext: ${invocation()} start ${folder}`);
    });
}
