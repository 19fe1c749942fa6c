import { lazuliProgram } from '@lazuli/cli';
import { defaultDataFolder } from '@lazuli/server';

type Command = ReturnType<typeof lazuliProgram>;
type Option = Command['options'][number];

/** The whole of docs/command-line.md. */
export function commandLinePage(): string {
  return `${[...introduction, ...lazuliProgram().commands.flatMap((command) => section(command, 'lazuli'))].join('\n')}\n`;
}

const introduction = [
  '# The command line',
  '',
  'Generated from the code by `npm run command-line`; a test fails when this page and the code differ.',
  '',
  'In a clone of the repository `npm run -s lazuli -- COMMAND` is what this page writes as `lazuli COMMAND`. Each command takes',
  '`--help`. The exit status is 0 when the command did its work, 1 when it found errors or failed, and 2 when the command line itself',
  'is wrong.',
  '',
  '| environment variable | |',
  '|---|---|',
  '| `LAZULI_DATA` | the data folder, where `--data` is not given: certificates, quotas, the store, saved credentials |',
  '| `LAZULI_STORE`, `LAZULI_REDIS` | in place of `--store` and `--redis`, which may hold passwords that other users of the machine should not see |',
  '| `LAZULI_MANAGEMENT_URL` | in place of `--url` |',
  '| `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET`, `AZURE_SUBSCRIPTION_ID` | credentials and subscription of `publish`, `extract` and `diff`, as the SDKs of Azure read them |',
  '| `LAZULI_KEK_PKCS11`, `LAZULI_KEK_FILE`, `LAZULI_KEK` | keys that encrypt the secrets of the store: [store.md](store.md#keys) |',
  '| `LAZULI_NAMED_VALUE_…`, `LAZULI_SUBSCRIPTION_…`, `LAZULI_CERTIFICATE_…` | secrets of a folder: [configuration.md](configuration.md#secrets) |',
  '| `config.service.endpoint`, `config.service.auth`, `LAZULI_CONFIG_CA` | in place of `--config-endpoint`, `--config-auth` and `--config-ca`: [self-hosted-gateway.md](self-hosted-gateway.md) |',
  '| `NO_COLOR` | no colours |',
];

function section(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`;
  const usage = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  const parameters = [
    ...command.registeredArguments.map((argument) =>
      row(argument.name(), argument.description, argument.defaultValueDescription ?? argument.defaultValue),
    ),
    ...command.options.filter(({ hidden }) => !hidden).map(optionRow),
  ];
  return [
    '',
    `${'#'.repeat(name.split(' ').length)} \`${[name, ...usage].join(' ')}\``,
    '',
    command.description().replaceAll('\n', ' '),
    ...(parameters.length > 0 ? ['', '| | | default |', '|---|---|---|', ...parameters] : []),
    ...command.commands.flatMap((inner) => section(inner, name)),
  ];
}

function optionRow(option: Option): string {
  const choices = option.argChoices ? ` (${option.argChoices.map((choice) => `\`${choice}\``).join(', ')})` : '';
  const mandatory = option.mandatory && option.defaultValue === undefined ? '; **required**' : '';
  // The default of `--no-tls` is that there is TLS: the flag says it.
  const given = option.negate ? undefined : (option.defaultValueDescription ?? option.defaultValue);
  return row(option.flags, `${option.description}${choices}${mandatory}`, given);
}

function row(name: string, description: string, given: unknown): string {
  return `| \`${name}\` | ${description.replaceAll('|', '\\|')} | ${defaultText(given)} |`;
}

function defaultText(given: unknown): string {
  if (given === undefined || (Array.isArray(given) && given.length === 0)) return '';
  // The home folder is another one on every machine.
  if (given === defaultDataFolder()) return '`~/.lazuli`';
  return `\`${String(given)}\``;
}
