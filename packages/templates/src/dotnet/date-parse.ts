/**
 * Reads a date as .NET's `DateTime.Parse` with the invariant culture does where templates write one: ISO 8601 in its
 * long and short forms, a space for the `T`, month/day/year with AM and PM, RFC 1123. Without an offset it is UTC.
 */
export function parseDate(text: string): Date | undefined {
  const trimmed = text.trim();
  const parts =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(
      trimmed,
    ) ?? /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(?:(\d{2})(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/i.exec(trimmed);
  if (parts) {
    const [, year, month, day, hour, minute, second, fraction, offset] = parts;
    return build([year, month, day, hour, minute, second], fraction, offset);
  }
  const american =
    /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*(AM|PM))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(
      trimmed,
    );
  if (american) {
    const [, month, day, year, hour, minute, second, half, offset] = american;
    return build([year, month, day, twentyFour(hour, half), minute, second], undefined, offset);
  }
  if (/^[A-Za-z]{3}, \d{1,2} [A-Za-z]{3} \d{4} [\d:]+ GMT$/.test(trimmed)) {
    const time = Date.parse(trimmed);
    return Number.isNaN(time) ? undefined : new Date(time);
  }
  return undefined;
}

function twentyFour(hour: string | undefined, half: string | undefined): string | undefined {
  if (hour === undefined || half === undefined) return hour;
  return String((Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0));
}

function build(fields: readonly (string | undefined)[], fraction: string | undefined, offset: string | undefined) {
  const [year, month, day, hour, minute, second] = fields.map((field) => Number(field ?? 0));
  const milliseconds = Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  const time = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!, milliseconds);
  const date = new Date(time);
  const exact =
    date.getUTCMonth() === month! - 1 && date.getUTCDate() === day && hour! < 24 && minute! < 60 && second! < 60;
  if (!exact) return undefined;
  return new Date(time - offsetMinutes(offset) * 60_000);
}

function offsetMinutes(offset: string | undefined): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(offset ?? '');
  if (!parts) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3]);
  return parts[1] === '-' ? -minutes : minutes;
}
