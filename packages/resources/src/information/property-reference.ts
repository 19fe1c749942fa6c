import type { InformationFile } from './information-file.ts';
import type { PropertyTable } from './property-table.ts';

/** The reference of an information file as a Markdown table, with the properties of its objects indented by name. */
export function propertyReference({ properties, accepted }: InformationFile): string {
  const rows = [...rowsOf(properties, '')];
  const table = ['| property | value | if absent | meaning |', '|---|---|---|---|', ...rows].join('\n');
  if (accepted.length === 0) return table;
  return `${table}\n\nMay stand in the file and changes nothing: ${accepted.map((name) => `\`${name}\``).join(', ')}.`;
}

function* rowsOf(table: PropertyTable, prefix: string): Iterable<string> {
  for (const [name, { type, required, fallback, description }] of Object.entries(table)) {
    const absent = required ? '**required**' : absentText(fallback);
    yield `| \`${prefix}${name}\` | ${cell(type.expected)} | ${absent} | ${cell(description)} |`;
    if (type.table !== undefined)
      yield* rowsOf(type.table, `${prefix}${name}${type.expected.startsWith('an array') ? '[]' : ''}.`);
  }
}

function absentText(fallback: unknown): string {
  if (fallback === null) return '';
  if (fallback instanceof Map || (Array.isArray(fallback) && fallback.length === 0) || fallback === '') return 'empty';
  return `\`${String(fallback)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
