import type { JsonValue } from '@lazuli/store';
import type { ExportedParameter } from './exported-api.ts';

const types = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object']);

/** The schema of a parameter that names none. */
export function parameterSchema({ type, values, defaultValue }: ExportedParameter): {
  readonly [name: string]: JsonValue;
} {
  const known = types.has(type) ? type : 'string';
  const typed = (value: string): JsonValue => {
    if (known === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
    const number = Number(value);
    return (known === 'integer' || known === 'number') && value.trim() !== '' && Number.isFinite(number)
      ? number
      : value;
  };
  return {
    ...(values.length === 0 ? {} : { enum: values.map(typed) }),
    type: known,
    ...(known === 'array' ? { items: { type: 'string' } } : {}),
    ...(defaultValue === null ? {} : { default: typed(defaultValue) }),
  };
}
