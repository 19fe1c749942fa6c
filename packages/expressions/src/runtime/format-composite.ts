import { charge, chargeMemory } from './budget.ts';
import { Decimal } from './decimal.ts';
import { argumentNull, formatException } from './exceptions.ts';
import { formatEnum, formatNumber, isEnumType } from './format-number.ts';
import { toStringOf } from './object.ts';
import { Boxed, type Uniform } from './values.ts';

/** `[formatMember](format: string | null): string`: IFormattable.ToString in the invariant culture. */
export const formatMember: unique symbol = Symbol('IFormattable.ToString');

/**
 * `string.Format(format, args)`: `{index[,alignment][:format]}`, `{{` and `}}`. Throws FormatException.
 * Source: .NET documentation, "Composite formatting".
 */
export function formatComposite(format: string | null, args: readonly Uniform[]): string {
  if (format === null) throw argumentNull('format');
  charge(format.length >> 3);
  let text = '';
  let i = 0;
  while (i < format.length) {
    const brace = nextBrace(format, i);
    text += format.slice(i, brace);
    if (brace === format.length) break;
    if (format[brace] === format[brace + 1]) {
      text += format[brace];
      i = brace + 2;
      continue;
    }
    if (format[brace] === '}') throw formatException();
    const item = readItem(format, brace + 1);
    if (item.index >= args.length) {
      throw formatException(
        'Index (zero based) must be greater than or equal to zero and less than the size of the argument list.',
      );
    }
    const formatted = formatItem(args[item.index], item.alignment, item.format);
    chargeMemory(formatted.length * 2);
    text += formatted;
    i = item.end;
  }
  return text;
}

/** One hole of an interpolated string or a composite format: `{value,alignment:format}`. */
export function formatItem(value: Uniform, alignment: number, format: string | null): string {
  const text = formatValue(value, format);
  const width = Math.abs(alignment);
  if (text.length >= width) return text;
  chargeMemory(width * 2);
  return alignment < 0 ? text.padEnd(width) : text.padStart(width);
}

/** `value.ToString(format)` where the value is IFormattable, else `value.ToString()`; null is empty. */
export function formatValue(value: Uniform, format: string | null): string {
  if (!format) return toStringOf(value);
  if (typeof value === 'number') return formatNumber('System.Int32', value, format);
  if (typeof value === 'bigint') return formatNumber('System.Int64', value, format);
  if (value instanceof Decimal) return formatNumber('System.Decimal', value, format);
  if (value instanceof Boxed) {
    if (value.type === 'System.Char') return toStringOf(value);
    if (isEnumType(value.type)) return formatEnum(value.type, Number(value.value), format);
    return formatNumber(value.type, value.value, format);
  }
  return isFormattable(value) ? value[formatMember](format) : toStringOf(value);
}

export function isFormattable(value: Uniform): value is { [formatMember](format: string | null): string } {
  return typeof value === 'object' && value !== null && formatMember in value;
}

function nextBrace(format: string, from: number): number {
  for (let i = from; i < format.length; i++) if (format[i] === '{' || format[i] === '}') return i;
  return format.length;
}

interface Item {
  readonly index: number;
  readonly alignment: number;
  readonly format: string | null;
  readonly end: number;
}

const head = /(\d{1,7}) *(?:, *(-?)(\d{1,7}) *)?(:|\})/y;

/** Reads a hole that starts after its opening brace. A format may contain escaped braces. */
function readItem(format: string, start: number): Item {
  head.lastIndex = start;
  const match = head.exec(format);
  if (!match) throw formatException();
  const index = Number(match[1]);
  const alignment = Number(match[3] ?? 0) * (match[2] === '-' ? -1 : 1);
  if (match[4] === '}') return { index, alignment, format: null, end: head.lastIndex };
  let specifier = '';
  for (let i = head.lastIndex; i < format.length; i++) {
    const c = format[i];
    if (c === '}' && format[i + 1] !== '}') return { index, alignment, format: specifier, end: i + 1 };
    if (c === '{' && format[i + 1] !== '{') throw formatException();
    if (c === '{' || c === '}') i++;
    specifier += c;
  }
  throw formatException();
}
