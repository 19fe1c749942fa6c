import { createPrincipal, openApplications } from '@lazuli/management';
import { Command } from 'commander';
import { saveCredentials } from '../management/credentials-file.ts';
import { openGivenStore, type StoreOptions, withStoreOptions } from '../management/store-options.ts';
import { formatTable, paint, type Terminal } from '../terminal.ts';

interface CreateOptions extends StoreOptions {
  readonly role: string;
  readonly scope: string;
  readonly save?: boolean;
}

export function principalCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return new Command('principal')
    .summary('make, list and delete who may use the management plane')
    .description(
      'Service principals of the management plane, written to its store: whoever can open the store may do this, and\n' +
        'the server may run meanwhile.',
    )
    .helpCommand(false)
    .addCommand(createCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(deleteCommand(terminal, exit));
}

function createCommand(terminal: Terminal): Command {
  return withStoreOptions(
    new Command('create')
      .summary('make a principal with a secret and a role')
      .description('Makes a service principal with a client secret and a role. The secret is shown only now.')
      .argument('<name>', 'what it is called')
      .requiredOption('--role <role>', "a role's name or id: Owner, Contributor, Reader …")
      .option('--scope <id>', 'resource id that the role is for; / is everything', '/')
      .option('--save', 'keep the credentials in the data folder, readable by you only, for publish, extract and diff'),
  ).action(async (name: string, options: CreateOptions) => {
    await using store = await openGivenStore(options);
    const { role, scope } = options;
    const made = await createPrincipal(store, { name, role, scope, now: Date.now });
    const credentials = {
      tenantId: made.tenantId,
      clientId: made.application.appId,
      clientSecret: made.secretText,
    };
    const file = options.save ? await saveCredentials(options.data, credentials) : undefined;
    terminal.out(
      formatTable([
        ['Tenant', made.tenantId],
        ['Subscription', made.subscriptionId],
        ['Client id', credentials.clientId],
        ['Object id', made.application.objectId],
        ...(file === undefined ? [['Client secret', credentials.clientSecret]] : [['Saved in', file]]),
      ]),
    );
    if (file === undefined)
      terminal.out(`\n${paint(terminal, 'bold', 'Keep the client secret: it is not shown again.')}`);
  });
}

function listCommand(terminal: Terminal): Command {
  return withStoreOptions(
    new Command('list').summary('list the principals').description('Lists all principals.'),
  ).action(async (options: StoreOptions) => {
    await using store = await openGivenStore(options);
    const applications = await openApplications(store, Date.now).list();
    const rows = applications.map(({ appId, displayName, createdAt }) => [appId, createdAt.slice(0, 10), displayName]);
    terminal.out(formatTable([['CLIENT ID', 'CREATED', 'NAME'], ...rows]));
  });
}

function deleteCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return withStoreOptions(
    new Command('delete')
      .summary('delete a principal')
      .description('Deletes a principal: it cannot sign in any more, and tokens that it has end within the hour.')
      .argument('<client-id>', 'its client id'),
  ).action(async (clientId: string, options: StoreOptions) => {
    await using store = await openGivenStore(options);
    if (await openApplications(store, Date.now).delete(clientId)) terminal.out(`Deleted ${clientId}.`);
    else {
      terminal.error(`lazuli: There is no principal with the client id '${clientId}'.`);
      exit(1);
    }
  });
}
