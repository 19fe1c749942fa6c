import { readFileSync } from 'node:fs';

/** What the test of all operations found, by path: `GET`: `served`, `not applicable: …` or `refused: …`. */
export type OperationOutcomes = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Provider {
  readonly namespace: string;
  /** `NAME.outcomes.json` in tests/management/operations. */
  readonly name: string;
  readonly apiVersion: string;
  /** What short paths begin with. */
  readonly beginning: string;
}

const providers: readonly Provider[] = [
  {
    namespace: 'Microsoft.ApiManagement',
    name: 'api-management',
    apiVersion: '2024-05-01',
    beginning: 'Paths beginning with `service` are those of one service.',
  },
  {
    namespace: 'Microsoft.ServiceBus',
    name: 'service-bus',
    apiVersion: '2024-01-01',
    beginning: 'Paths beginning with `namespace` are those of one namespace.',
  },
];

/** The operations of each provider, which the tests in tests/management/operations ask for one by one. */
export function managementSections(): string[] {
  return providers.flatMap(section);
}

function section({ namespace, name, apiVersion, beginning }: Provider): string[] {
  const file = new URL(`../../tests/management/operations/${name}.outcomes.json`, import.meta.url);
  const outcomes: OperationOutcomes = JSON.parse(readFileSync(file, 'utf8'));
  const all = Object.values(outcomes).flatMap((methods) => Object.values(methods));
  const count = (kind: string) => all.filter((outcome) => outcome.startsWith(kind)).length;
  const never = count('not applicable');
  return [
    `## The management plane: ${namespace}`,
    '',
    `The ${all.length} operations of api-version ${apiVersion}: ${count('served')} are served, ${count('refused')} are refused with the error`,
    `\`UnsupportedFeature\` that names what is missing${never === 0 ? '' : `, ${never} ask for what there never is`}. A test asks for each of them and`,
    `compares the status with those that the official SDK accepts. ${beginning}`,
    '',
    '| path | served | not served |',
    '|---|---|---|',
    ...Object.entries(outcomes).map(([path, methods]) => row(path, methods)),
    '',
  ];
}

function row(path: string, methods: Readonly<Record<string, string>>): string {
  const entries = Object.entries(methods);
  const served = entries.filter(([, outcome]) => outcome === 'served').map(([method]) => method);
  const reasons = new Map<string, string[]>();
  for (const [method, outcome] of entries) {
    if (outcome === 'served') continue;
    const reason = outcome.replace(/^refused: |^not applicable: /, '');
    reasons.set(reason, [...(reasons.get(reason) ?? []), method]);
  }
  const refused = [...reasons].map(([reason, names]) => `${names.join(', ')}: ${reason}`);
  return `| \`${path}\` | ${served.join(', ')} | ${refused.join('; ')} |`;
}
