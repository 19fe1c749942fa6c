import { charge } from './budget.ts';
import { customFormatParts } from './custom-format.ts';
import type { DateTime } from './datetime.ts';
import { formatException } from './exceptions.ts';
import { type TimeSpan, ticksPerMinute, ticksPerSecond } from './timespan.ts';

export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** The standard formats as custom ones, in the invariant culture. `o`, `r`, `s`, `u` are the same in every culture. */
export const standardDateFormats: Readonly<Record<string, string>> = {
  d: 'MM/dd/yyyy',
  D: 'dddd, dd MMMM yyyy',
  f: 'dddd, dd MMMM yyyy HH:mm',
  F: 'dddd, dd MMMM yyyy HH:mm:ss',
  g: 'MM/dd/yyyy HH:mm',
  G: 'MM/dd/yyyy HH:mm:ss',
  m: 'MMMM dd',
  M: 'MMMM dd',
  o: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  O: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  r: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  R: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  s: "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
  t: 'HH:mm',
  T: 'HH:mm:ss',
  u: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
  U: 'dddd, dd MMMM yyyy HH:mm:ss',
  y: 'yyyy MMMM',
  Y: 'yyyy MMMM',
};

/**
 * `DateTime.ToString(format)`, and DateTimeOffset's when there is an `offset`. Throws FormatException.
 * Source: .NET documentation, "Standard" and "Custom date and time format strings".
 */
export function formatDateTime(date: DateTime, format: string | null, offset: TimeSpan | null): string {
  if (!format) return write(date, offset ? 'MM/dd/yyyy HH:mm:ss zzz' : 'MM/dd/yyyy HH:mm:ss', offset);
  if (format.length > 1) return write(date, format, offset);
  const standard = standardDateFormats[format];
  if (standard === undefined || (format === 'U' && offset)) throw formatException();
  // R and u print an offset's instant in UTC; a DateTime as it is.
  const utc = offset && /[rRu]/.test(format) ? date.addTicks(-offset.ticks) : date;
  return write(utc, standard, offset);
}

const pad = (value: number, width: number) => String(value).padStart(width, '0');

function write(date: DateTime, format: string, offset: TimeSpan | null): string {
  charge(format.length);
  let text = '';
  for (const { literal, specifier, count } of customFormatParts(format)) {
    if (specifier === undefined) text += literal;
    else if (specifier === 'F' && text.endsWith('.') && fraction(date, Math.min(count, 7)).replace(/0+$/, '') === '') {
      text = text.slice(0, -1);
    } else text += part(specifier, count, date, offset);
  }
  return text;
}

function part(c: string, count: number, date: DateTime, offset: TimeSpan | null): string {
  switch (c) {
    case 'd': {
      if (count <= 2) return pad(date.day, count);
      const name = dayNames[date.dayOfWeek] ?? '';
      return count === 3 ? name.slice(0, 3) : name;
    }
    case 'M': {
      if (count <= 2) return pad(date.month, count);
      const name = monthNames[date.month - 1] ?? '';
      return count === 3 ? name.slice(0, 3) : name;
    }
    case 'y':
      return count <= 2 ? pad(date.year % 100, count) : pad(date.year, count);
    case 'H':
      return pad(date.hour, Math.min(count, 2));
    case 'h':
      return pad(date.hour % 12 || 12, Math.min(count, 2));
    case 'm':
      return pad(date.minute, Math.min(count, 2));
    case 's':
      return pad(date.second, Math.min(count, 2));
    case 'f':
    case 'F':
      if (count > 7) throw formatException();
      return c === 'f' ? fraction(date, count) : fraction(date, count).replace(/0+$/, '');
    case 't': {
      const designator = date.hour < 12 ? 'AM' : 'PM';
      return count === 1 ? designator.slice(0, 1) : designator;
    }
    case 'g':
      return 'A.D.';
    case 'z':
      return offsetText(offset, count);
    case 'K':
      if (offset || date.kind === 2) return offsetText(offset, 3).repeat(count);
      return date.kind === 1 ? 'Z'.repeat(count) : '';
    default:
      return c.repeat(count);
  }
}

const fraction = (date: DateTime, digits: number) =>
  String(date.ticks % ticksPerSecond)
    .padStart(7, '0')
    .slice(0, digits);

/** A DateTime has the offset of the local zone, which is UTC. */
function offsetText(offset: TimeSpan | null, count: number): string {
  const minutes = Number((offset?.ticks ?? 0n) / ticksPerMinute);
  const size = Math.abs(minutes);
  const sign = minutes < 0 ? '-' : '+';
  const hours = Math.floor(size / 60);
  if (count <= 2) return sign + pad(hours, count);
  return `${sign}${pad(hours, 2)}:${pad(size % 60, 2)}`;
}
