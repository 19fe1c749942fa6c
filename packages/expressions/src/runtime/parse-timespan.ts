import { argumentNull, formatException, overflow } from './exceptions.ts';
import { TimeSpan } from './timespan.ts';

const pattern = /^(-)?(?:(\d{1,8})\.(?=\d+:))?(\d{1,8})(?::(\d{1,8}))?(?::(\d{1,8}))?(?::(\d{1,8}))?(?:\.(\d{1,7}))?$/;

/**
 * `TimeSpan.Parse` in the invariant culture: `[-]d`, `[-][d.]hh:mm[:ss[.fffffff]]` and `[-]d:hh:mm:ss[.fffffff]`.
 * Throws FormatException, and OverflowException when a part is out of range (`24:00` is; `24:00:00` is 24 days).
 */
export function parseTimeSpan(text: string | null): TimeSpan {
  if (text === null) throw argumentNull('input');
  const span = tryParseTimeSpan(text);
  if (span === 'format') throw formatException('String was not recognized as a valid TimeSpan.');
  if (span === 'overflow') {
    throw overflow(
      'The TimeSpan could not be parsed because at least one of the numeric components is out of range or contains too many digits.',
    );
  }
  return span;
}

export function tryParseTimeSpan(text: string | null): TimeSpan | 'format' | 'overflow' {
  if (text !== null && text.length > 100) return 'format';
  const numbers = text === null ? null : split(text.trim());
  if (!numbers) return 'format';
  const { negative, days, hours, minutes, seconds, fraction } = numbers;
  if (hours > 23 || minutes > 59 || seconds > 59 || days > 10_675_199) return 'overflow';
  const size = TimeSpan.of(days, hours, minutes, seconds).ticks + BigInt(fraction.padEnd(7, '0'));
  return new TimeSpan(negative ? -size : size);
}

/** By the number of parts: `d`, `h:m`, `h:m:s` (`d:h:m` when there are too many hours), `d:h:m:s`. */
function split(text: string) {
  const match = pattern.exec(text);
  if (!match) return null;
  const [, sign, dotted, ...rest] = match;
  const fraction = rest.pop();
  const parts = rest.filter((part) => part !== undefined).map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  if (fraction !== undefined && parts.length < 3) return null;
  if (dotted !== undefined && parts.length > 3) return null;
  const result = {
    negative: !!sign,
    days: Number(dotted ?? 0),
    hours: a,
    minutes: b,
    seconds: c,
    fraction: fraction ?? '',
  };
  if (parts.length === 1) return { ...result, days: a, hours: 0 };
  if (parts.length === 4) return { ...result, days: a, hours: b, minutes: c, seconds: d };
  const daysFirst = parts.length === 3 && a > 23 && dotted === undefined && fraction === undefined;
  return daysFirst ? { ...result, days: a, hours: b, minutes: c, seconds: 0 } : result;
}

/** `TimeSpan.ParseExact` for the formats c, g, G and custom ones. */
export function parseTimeSpanExact(text: string | null, format: string | null): TimeSpan {
  if (text === null) throw argumentNull('input');
  if (format === null) throw argumentNull('format');
  const span = tryParseTimeSpanExact(text, format);
  if (!span) throw formatException('String was not recognized as a valid TimeSpan.');
  return span;
}

export function tryParseTimeSpanExact(text: string, format: string): TimeSpan | undefined {
  if (text.length > 500 || format.length > 500) return undefined;
  if (format.length === 1) {
    const shape = standardShapes[format];
    if (!shape) throw formatException();
    const span = shape.test(text) ? tryParseTimeSpan(text) : 'format';
    return typeof span === 'string' ? undefined : span;
  }
  const fields: Record<string, string> = {};
  const source = customPattern(format);
  const match = new RegExp(`^${source}$`, 'u').exec(text);
  if (!match) return undefined;
  Object.assign(fields, match.groups);
  const number = (name: string) => Number(fields[name] ?? 0);
  if (number('h') > 23 || number('m') > 59 || number('s') > 59) return undefined;
  const fraction = (fields.f ?? fields.F ?? '').padEnd(7, '0');
  return new TimeSpan(TimeSpan.of(number('d'), number('h'), number('m'), number('s')).ticks + BigInt(fraction));
}

const standardShapes: Readonly<Record<string, RegExp>> = {
  c: /^-?(\d+\.)?\d+:\d+:\d+(\.\d{7})?$/,
  t: /^-?(\d+\.)?\d+:\d+:\d+(\.\d{7})?$/,
  T: /^-?(\d+\.)?\d+:\d+:\d+(\.\d{7})?$/,
  g: /^-?(\d+:)?\d+:\d+:\d+(\.\d{1,7})?$/,
  G: /^-?\d+:\d+:\d+:\d+\.\d{7}$/,
};

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** A custom format as a regular expression with the fields as groups. */
function customPattern(format: string): string {
  const limit: Readonly<Record<string, number>> = { d: 8, h: 2, m: 2, s: 2, f: 7, F: 7 };
  const seen = new Set<string>();
  let source = '';
  for (let i = 0; i < format.length; ) {
    const c = format[i] ?? '';
    if (c === '\\') {
      source += literal(format[i + 1] ?? '');
      i += 2;
    } else if (c === "'" || c === '"') {
      const end = format.indexOf(c, i + 1);
      if (end < 0) throw formatException();
      source += literal(format.slice(i + 1, end));
      i = end + 1;
    } else if (c === '%') {
      i++;
    } else {
      let count = 1;
      while (format[i + count] === c) count++;
      if (count > (limit[c] ?? 0) || seen.has(c)) throw formatException();
      seen.add(c);
      const digits = c === 'F' ? `{0,${count}}` : count === 1 && c !== 'f' ? `{1,${c === 'd' ? 8 : 2}}` : `{${count}}`;
      source += `(?<${c}>\\d${digits})`;
      i += count;
    }
  }
  return source;
}
