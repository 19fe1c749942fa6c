import type { AttributeSchema } from './definition.ts';

/** A literal as its type has it, or what is wrong with it. Strings are themselves; dateTime is milliseconds since 1970. */
export type Literal = { readonly value: string | boolean | number | bigint } | { readonly expected: string };

const int32 = { min: -2147483648, max: 2147483647 } as const;
const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n } as const;

export function parseLiteral(text: string, schema: AttributeSchema): Literal {
  switch (schema.type) {
    case 'string':
      return { value: text };
    case 'boolean':
      return parseBoolean(text) ?? { expected: "'true' or 'false'" };
    case 'enum':
      return schema.values?.includes(text) ? { value: text } : { expected: oneOf(schema.values ?? []) };
    case 'int':
      return whole(text, schema);
    case 'long':
      return long(text, schema);
    case 'double':
      return double(text, schema);
    case 'dateTime':
      return dateTime(text);
  }
}

export function parseBoolean(text: string): { readonly value: boolean } | null {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === 'true') return { value: true };
  return trimmed === 'false' ? { value: false } : null;
}

/** `'a', 'b' or 'c'` */
export function oneOf(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`);
  if (quoted.length < 2) return quoted.join('');
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

/** The range of a number in words, for messages. */
export function rangeOf(schema: AttributeSchema, what: string): string {
  const { min, max } = schema;
  if (min !== undefined && max !== undefined) return `${what} from ${min} to ${max}`;
  if (min !== undefined) return `${what} of at least ${min}`;
  return max === undefined ? what : `${what} of at most ${max}`;
}

export function isInRange(value: number | bigint, { min, max }: AttributeSchema): boolean {
  return !(min !== undefined && value < min) && !(max !== undefined && value > max);
}

function whole(text: string, schema: AttributeSchema): Literal {
  const expected = rangeOf(schema, 'a whole number');
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return { expected };
  const value = Number(text);
  return value >= int32.min && value <= int32.max && isInRange(value, schema) ? { value } : { expected };
}

function long(text: string, schema: AttributeSchema): Literal {
  const expected = rangeOf(schema, 'a whole number');
  if (!/^\s*[+-]?\d{1,25}\s*$/.test(text)) return { expected };
  const value = BigInt(text.trim().replace(/^\+/, ''));
  return value >= int64.min && value <= int64.max && isInRange(value, schema) ? { value } : { expected };
}

function double(text: string, schema: AttributeSchema): Literal {
  const expected = rangeOf(schema, 'a number');
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text)) return { expected };
  const value = Number(text);
  return Number.isFinite(value) && isInRange(value, schema) ? { value } : { expected };
}

function dateTime(text: string): Literal {
  const expected = "a date and time such as '2024-01-31T00:00:00Z'";
  const match = /^\s*\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?\s*$/.exec(text);
  if (!match) return { expected };
  const hasZone = match[4] !== undefined || match[1] === undefined;
  const value = Date.parse(`${text.trim()}${hasZone ? '' : 'Z'}`);
  return Number.isNaN(value) ? { expected } : { value };
}
