import type { Api } from '@lazuli/resources';

const deepest = 100;

/**
 * `case-insensitive-property-names`: gives the properties of a value the spelling that the schema has, wherever the schema
 * (or one that it refers to) has exactly one for them.
 */
export function renameProperties(value: unknown, schema: unknown, schemas: Api['schemas']): unknown {
  const spellings = new Map<string, string | null>();
  collect(schema, spellings, 0);
  for (const one of schemas.values()) collect(one, spellings, 0);
  return rename(value, spellings);
}

function collect(schema: unknown, spellings: Map<string, string | null>, depth: number): void {
  if (depth > deepest || typeof schema !== 'object' || schema === null) return;
  if (Array.isArray(schema)) {
    for (const item of schema) collect(item, spellings, depth + 1);
    return;
  }
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'required' && Array.isArray(value))
      for (const name of value) if (typeof name === 'string') note(name, spellings);
    if (keyword === 'properties' && typeof value === 'object' && value !== null)
      for (const name of Object.keys(value)) note(name, spellings);
    collect(value, spellings, depth + 1);
  }
}

/** Null: two spellings, nobody knows which one is meant. */
function note(name: string, spellings: Map<string, string | null>): void {
  const lower = name.toLowerCase();
  const known = spellings.get(lower);
  spellings.set(lower, known === undefined || known === name ? name : null);
}

function rename(value: unknown, spellings: ReadonlyMap<string, string | null>): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, spellings));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [spellings.get(name.toLowerCase()) ?? name, rename(item, spellings)]),
  );
}
