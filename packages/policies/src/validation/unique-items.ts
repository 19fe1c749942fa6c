import type { FuncKeywordDefinition, SchemaValidateFunction } from 'ajv';

const hasUniqueItems: SchemaValidateFunction = (isWanted: boolean, items: readonly unknown[]): boolean => {
  if (!isWanted) return true;
  const seen = new Set<string>();
  for (const [i, item] of items.entries()) {
    const text = canonical(item);
    if (seen.has(text)) {
      hasUniqueItems.errors = [{ keyword: 'uniqueItems', params: { i } }];
      return false;
    }
    seen.add(text);
  }
  return true;
};

/**
 * `uniqueItems` in time that grows with the array's text: the validator's own compares each item with each other one,
 * which a caller could keep busy for hours.
 */
export const uniqueItems: FuncKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  errors: true,
  validate: hasUniqueItems,
};

/** The same text for the same value, whatever the order of its properties. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`);
  return `{${members.sort().join()}}`;
}
