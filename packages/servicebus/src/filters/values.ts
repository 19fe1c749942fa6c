/** How .NET writes and names the values of properties: what concatenation and messages show. */
import type { SqlOther, SqlValue } from '../contract.ts';
import { FilterError } from '../errors.ts';

const otherNames = { guid: 'Guid', timespan: 'TimeSpan', uri: 'Uri' } as const satisfies Record<
  SqlOther['type'],
  string
>;

export function typeName(value: SqlValue): string {
  if (value === null) return '<null>';
  switch (typeof value) {
    case 'string':
      return 'String';
    case 'bigint':
      return 'Int64';
    case 'number':
      return 'Double';
    case 'boolean':
      return 'Boolean';
  }
  if (value instanceof Date) return 'DateTime';
  return value instanceof Uint8Array ? 'Byte[]' : otherNames[value.type];
}

/** As `ToString()` in the invariant culture. */
export function textOf(value: SqlValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return doubleText(value);
  if (value instanceof Date) return dateText(value);
  return value instanceof Uint8Array ? 'System.Byte[]' : value.text;
}

function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power > -5 && power < 15) return String(value);
  return `${mantissa}E${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function dateText(value: Date): string {
  if (Number.isNaN(value.getTime())) throw new FilterError('A DateTime is out of range.');
  const iso = value.toISOString();
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}

/** Ticks of a time span as `TimeSpan.ToString()` writes it. */
export function ticksOf(text: string): bigint {
  const match = /^(-?)(?:(\d{1,8})\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?$/.exec(text);
  if (match === null) throw new FilterError(`'${text}' is no time span.`);
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = whole * 10_000_000n + BigInt(fraction.padEnd(7, '0'));
  return sign === '-' ? -ticks : ticks;
}
