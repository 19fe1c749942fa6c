import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import {
  apiVersion,
  type Connection,
  type ConnectionOptions,
  connect,
  groupVersion,
  withConnectionOptions,
} from '../management/connection.ts';
import { type ChangeRequest, planFolder, readFolder, sendChangeSet } from '../management/folder-changes.ts';
import { changed, printFailure, printPlan, summary } from '../management/print-plan.ts';
import { formatDiagnostic, paint, type Terminal } from '../terminal.ts';

interface PublishOptions extends ConnectionOptions {
  readonly secrets?: string;
  readonly whatIf?: boolean;
  readonly prune?: boolean;
  readonly yes?: boolean;
  readonly location: string;
  readonly allowUnsupported?: boolean;
}

export function publishCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return withConnectionOptions(
    new Command('publish')
      .summary('bring a folder to a service of a running management plane')
      .description(
        'Writes a folder of API Management artifacts (either layout of APIOps) to a service, as one change that happens\n' +
          'as a whole or not at all. What changes is shown first. Credentials: AZURE_TENANT_ID, AZURE_CLIENT_ID and\n' +
          'AZURE_CLIENT_SECRET, or those that `lazuli principal create --save` keeps in the data folder.',
      )
      .argument('[folder]', 'the folder', '.'),
  )
    .option('--what-if', 'show what would change, change nothing')
    .option('--prune', 'delete what the folder does not have')
    .option('--secrets <file>', 'JSON or YAML file with secret named values and subscription keys')
    .option('--yes', 'make the resource group and the service without asking where they do not exist')
    .option('--location <name>', 'location of a resource group and a service that are made', 'westeurope')
    .option('--allow-unsupported', 'policies that are not built yet are warnings, not errors')
    .action(async (folder: string, options: PublishOptions) => {
      const read = await readFolder(folder, {
        secretsFile: options.secrets,
        allowUnsupported: options.allowUnsupported ?? false,
      });
      for (const diagnostic of read.diagnostics) terminal.error(formatDiagnostic(terminal, diagnostic));
      if (read.diagnostics.some(({ severity }) => severity === 'error')) {
        terminal.error(`lazuli: ${folder} has errors: nothing was published.`);
        return exit(1);
      }
      using connection = await connect(options);
      const isWhatIf = options.whatIf ?? false;
      const made = await makeService(terminal, connection, options);
      if (made === undefined) return exit(1);
      if (made === 'predicted') {
        terminal.out(
          `${options.service} does not exist: it would be made, with ${read.artifacts.length} resources of ${folder}.`,
        );
        return exit(0);
      }
      try {
        const plan = await planFolder(connection, read, { prune: options.prune ?? false, before: made });
        printPlan(terminal, plan);
        if (plan.onlyThere.length > 0 && !options.prune)
          terminal.out(
            `Not in ${folder} (--prune deletes them): ${plan.onlyThere.slice(0, 20).join(', ')}${plan.onlyThere.length > 20 ? ` and ${plan.onlyThere.length - 20} more` : ''}`,
          );
        terminal.out(paint(terminal, 'bold', `${options.service}: ${summary(plan)}`));
        if (isWhatIf || changed(plan).length === 0) return exit(0);
        await sendChangeSet(connection, 'Apply', plan.requests);
        terminal.out(paint(terminal, 'green', `Published ${folder} to ${options.service}.`));
        exit(0);
      } catch (error) {
        printFailure(terminal, error, connection.serviceId);
        exit(1);
      }
    });
}

/**
 * The requests that make the service, none where it is there; undefined where the user does not want it, `predicted` where it
 * is not there and nothing may be made.
 */
async function makeService(
  terminal: Terminal,
  { client, groupId, serviceId }: Connection,
  options: PublishOptions,
): Promise<readonly ChangeRequest[] | 'predicted' | undefined> {
  const group = await client.find(`${groupId}?api-version=${groupVersion}`);
  const service = group && (await client.find(`${serviceId}?api-version=${apiVersion}`));
  if (service) return [];
  if (options.whatIf && !group) return 'predicted';
  const what = group
    ? `The service ${options.service} does`
    : `The resource group ${options.resourceGroup} and the service ${options.service} do`;
  if (!options.whatIf && !options.yes && !(await agrees(terminal, `${what} not exist.`))) return undefined;
  const { location } = options;
  if (!group) await client.send('PUT', `${groupId}?api-version=${groupVersion}`, { location });
  const body = {
    location,
    sku: { name: 'Developer', capacity: 1 },
    properties: { publisherEmail: 'admin@example.com', publisherName: options.service },
  };
  return [{ method: 'PUT', url: `${serviceId}?api-version=${apiVersion}`, body }];
}

async function agrees(terminal: Terminal, statement: string): Promise<boolean> {
  if (!terminal.isInteractive || process.stdin.isTTY !== true) {
    terminal.error(`lazuli: ${statement} Add --yes to make what is missing.`);
    return false;
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question(`${statement} Make what is missing? [y/N] `);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}
