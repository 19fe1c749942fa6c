import type { JsonValue } from '../json/values.ts';
import { formatNumber } from './number-format.ts';

/** A format string that .NET would refuse. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

const item = /\{\{|\}\}|\{\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?(?::((?:[^{}]|\{\{|\}\})*))?\}|[{}]/g;
/** Widest field that is padded. */
const widest = 100_000;

/** .NET's `String.Format` with the invariant culture: `{0}`, `{0,10}`, `{0:N2}`, `{{`. Throws `FormatError`. */
export function compositeFormat(format: string, values: readonly JsonValue[]): string {
  return format.replace(item, (match: string, index?: string, width?: string, itemFormat?: string) => {
    if (match === '{{') return '{';
    if (match === '}}') return '}';
    if (index === undefined) throw new FormatError('the input string was not in a correct format');
    if (Number(index) >= values.length) {
      throw new FormatError(`the index '${index}' is beyond the '${values.length}' argument(s)`);
    }
    return pad(formatted(values[Number(index)]!, itemFormat ?? ''), Number(width ?? 0));
  });
}

function formatted(value: JsonValue, format: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatNumber(value, format);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === null ? '' : singleQuoted(value);
}

/** Objects and arrays inside a text are JSON with single quotes, as Bicep's own tests of the engine show. */
function singleQuoted(value: JsonValue): string {
  if (typeof value === 'string') {
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  }
  if (Array.isArray(value)) return `[${value.map(singleQuoted).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${singleQuoted(key)}:${singleQuoted(item)}`)
    .join(',')}}`;
}

function pad(text: string, width: number): string {
  if (Math.abs(width) > widest) throw new FormatError(`the width '${width}' is too large`);
  return width < 0 ? text.padEnd(-width) : text.padStart(width);
}
