import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type WrittenFile, writeArtifacts } from '@lazuli/management';
import { folderFromDisk } from '@lazuli/resources';
import { Command } from 'commander';
import { apiVersion, type ConnectionOptions, connect, withConnectionOptions } from '../management/connection.ts';
import { readService } from '../management/read-service.ts';
import type { Terminal } from '../terminal.ts';

interface ExtractOptions extends ConnectionOptions {
  readonly only: readonly string[];
}

export function extractCommand(terminal: Terminal): Command {
  return withConnectionOptions(
    new Command('extract')
      .summary('write what a service holds to a folder')
      .description(
        'Writes a service as a folder of API Management artifacts (the layout of apiops-cli), which `lazuli start` serves and\n' +
          '`lazuli publish` brings back. Secrets are never written. Files in the folder that describe what the service no\n' +
          'longer has are removed, unless --only is given.',
      )
      .argument('<folder>', 'the folder; made where there is none'),
  )
    .option('--only <path>', 'this resource and what is below it: apis/orders; may be given again', collect, [])
    .action(async (folder: string, options: ExtractOptions) => {
      using connection = await connect(options);
      if (!(await connection.client.find(`${connection.serviceId}?api-version=${apiVersion}`)))
        throw new Error(
          `The service ${options.service} does not exist in the resource group ${options.resourceGroup}.`,
        );
      const artifacts = await readService(connection, options.only);
      const missing = options.only.filter(
        (path) => !artifacts.some((one) => one.path.toLowerCase() === path.toLowerCase()),
      );
      if (missing.length > 0) throw new Error(`The service has no ${missing.join(', ')}.`);
      const files = await writeArtifacts(artifacts);
      const removed = options.only.length > 0 ? 0 : await removeOthers(folder, files);
      for (const file of files) await write(folder, file);
      terminal.out(
        `${folder}: ${artifacts.length} resources of ${options.service} in ${files.length} files${removed > 0 ? `, ${removed} files removed` : ''}`,
      );
    });
}

async function write(folder: string, { path, content }: WrittenFile): Promise<void> {
  // Names of resources become names of folders: none may lead out of this one, or be passed over when it is read.
  if (path.split('/').some((part) => part.startsWith('.')))
    throw new Error(`'${path}' cannot be written: the name of a resource begins with a dot.`);
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
}

/** Artifacts of resources that are gone, and other spellings of what is written now. Other files are the user's own. */
async function removeOthers(folder: string, files: readonly WrittenFile[]): Promise<number> {
  await mkdir(folder, { recursive: true });
  const kept = new Set(files.map(({ path }) => path));
  const isArtifact =
    /^policy\.xml$|^(apis|products|groups|users|tags|gateways|backends|loggers|diagnostics|schemas|certificates|subscriptions|named ?values|policy ?fragments|policy ?restrictions|documentations|(api)?version ?sets)\/.*(Information\.json|policy\.xml|\/(apis|groups|tags)\.json|\/specification\.(json|ya?ml|graphql|wsdl|wadl))$/i;
  let removed = 0;
  for (const { path } of (await folderFromDisk(folder).list()).files) {
    if (kept.has(path) || !isArtifact.test(path)) continue;
    await rm(join(folder, path));
    removed++;
  }
  return removed;
}

function collect(path: string, before: readonly string[]): readonly string[] {
  return [...before, path.replace(/^\/+|\/+$/g, '')];
}
