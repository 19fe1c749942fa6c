import { Command } from 'commander';
import { apiVersion, type ConnectionOptions, connect, withConnectionOptions } from '../management/connection.ts';
import { planFolder, readFolder } from '../management/folder-changes.ts';
import { changed, printFailure, printPlan } from '../management/print-plan.ts';
import { formatDiagnostic, paint, type Terminal } from '../terminal.ts';

interface DiffOptions extends ConnectionOptions {
  readonly secrets?: string;
  readonly json?: boolean;
  readonly allowUnsupported?: boolean;
}

export function diffCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return withConnectionOptions(
    new Command('diff')
      .summary('tell whether a service still is what a folder says')
      .description(
        'Compares a folder of API Management artifacts with a service and shows what `lazuli publish --prune` would change.\n' +
          'Exit status 0 when nothing differs, 1 when something does, or when the folder has errors.',
      )
      .argument('[folder]', 'the folder', '.'),
  )
    .option('--json', 'one JSON object: changes')
    .option('--secrets <file>', 'JSON or YAML file with secret named values and subscription keys')
    .option('--allow-unsupported', 'policies that are not built yet are warnings, not errors')
    .action(async (folder: string, options: DiffOptions) => {
      const read = await readFolder(folder, {
        secretsFile: options.secrets,
        allowUnsupported: options.allowUnsupported ?? false,
      });
      const errors = read.diagnostics.filter(({ severity }) => severity === 'error');
      for (const diagnostic of errors) terminal.error(formatDiagnostic(terminal, diagnostic));
      if (errors.length > 0) return exit(1);
      using connection = await connect(options);
      if (!(await connection.client.find(`${connection.serviceId}?api-version=${apiVersion}`)))
        throw new Error(
          `The service ${options.service} does not exist in the resource group ${options.resourceGroup}.`,
        );
      try {
        const plan = await planFolder(connection, read, { prune: true });
        const differences = changed(plan);
        if (options.json) terminal.out(JSON.stringify({ changes: differences }));
        else {
          printPlan(terminal, plan);
          const isSame = differences.length === 0;
          const text = isSame
            ? 'no drift'
            : `${differences.length} resource${differences.length === 1 ? '' : 's'} differ`;
          terminal.out(paint(terminal, isSame ? 'green' : 'yellow', `${folder} and ${options.service}: ${text}`));
        }
        exit(differences.length === 0 ? 0 : 1);
      } catch (error) {
        printFailure(terminal, error, connection.serviceId);
        exit(1);
      }
    });
}
