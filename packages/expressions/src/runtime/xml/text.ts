import { DateTime } from '../datetime.ts';
import { DateTimeOffset } from '../datetimeoffset.ts';
import { isoDate } from '../json/dates.ts';
import { toStringOf } from '../object.ts';
import { TimeSpan } from '../timespan.ts';
import { Boxed, type Uniform } from '../values.ts';

/** A value as System.Xml.Linq writes it (XmlConvert.ToString). */
export function xmlText(value: Uniform): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value instanceof DateTime || value instanceof DateTimeOffset) {
    const text = isoDate(value);
    return value instanceof DateTimeOffset ? text.replace(/\+00:00$/, 'Z') : text;
  }
  if (value instanceof TimeSpan) return duration(value);
  if (value instanceof Boxed && (value.type === 'System.Double' || value.type === 'System.Single')) {
    return toStringOf(value).replace('Infinity', 'INF');
  }
  return toStringOf(value);
}

/** ISO 8601: `P1DT2H3M4.5S`. */
function duration(span: TimeSpan): string {
  const ticks = span.ticks < 0n ? -span.ticks : span.ticks;
  const seconds = Number((ticks / 10_000_000n) % 60n);
  const fraction = String(ticks % 10_000_000n)
    .padStart(7, '0')
    .replace(/0+$/, '');
  const part = (amount: bigint | string, unit: string) => (String(amount) === '0' ? '' : `${amount}${unit}`);
  const date = part(ticks / 864_000_000_000n, 'D');
  const time =
    part((ticks / 36_000_000_000n) % 24n, 'H') +
    part((ticks / 600_000_000n) % 60n, 'M') +
    part(fraction === '' ? String(seconds) : `${seconds}.${fraction}`, 'S');
  if (date === '' && time === '') return 'PT0S';
  return `${span.ticks < 0n ? '-' : ''}P${date}${time === '' ? '' : `T${time}`}`;
}
