import { readFileSync } from 'node:fs';

/** What the test of all operations found, by path: `GET`: `served`, `not applicable: …` or `refused: …`. */
export type OperationOutcomes = Readonly<Record<string, Readonly<Record<string, string>>>>;

const outcomes: OperationOutcomes = JSON.parse(
  readFileSync(new URL('../../tests/management/operations/outcomes.json', import.meta.url), 'utf8'),
);

/** The operations of Microsoft.ApiManagement, which the test in tests/management/operations asks for one by one. */
export function managementSection(): string[] {
  const all = Object.values(outcomes).flatMap((methods) => Object.values(methods));
  const count = (kind: string) => all.filter((outcome) => outcome.startsWith(kind)).length;
  return [
    '## The management plane: Microsoft.ApiManagement',
    '',
    `The ${all.length} operations of api-version 2024-05-01: ${count('served')} are served, ${count('refused')} are refused with the error`,
    `\`UnsupportedFeature\` that names what is missing, ${count('not applicable')} ask for what there never is. A test asks for each of them and`,
    'compares the status with those that the official SDK accepts. Paths beginning with `service` are those of one service.',
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
