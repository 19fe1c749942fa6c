import { StoreError } from '../errors.ts';

/** The schema to use with a server at `url`. Throws `InvalidOption`. */
export function checkedSchema(url: string, schema = 'lazuli'): string {
  // PostgreSQL cuts longer names, silently, and the name of the channel is longer.
  if (!/^[a-z_][a-z0-9_]{0,47}$/.test(schema)) {
    throw new StoreError('InvalidOption', {
      option: 'schema',
      actual: `'${schema}'`,
      expected: 'at most 48 small letters, digits and _',
    });
  }
  // They would replace those that name the schema.
  if (/[?&]options=/.test(url)) {
    throw new StoreError('InvalidOption', { option: 'options', actual: 'in the URL', expected: 'none' });
  }
  return schema;
}
