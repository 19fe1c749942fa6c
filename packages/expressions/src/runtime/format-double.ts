/**
 * `double.ToString()` and `float.ToString()` of the invariant culture: the shortest digits that read back to the same
 * number, with an exponent (`E+15`, `E-05`) when there would be padding zeros beyond 15 digits, and below 10^-4. This is .NET Core 3.0 and later;
 * .NET Framework gave at most 15 digits.
 */
export function formatDouble(value: number): string {
  return formatShortest(value, String(Math.abs(value)), 15);
}

/** `value` is a float (rounded with Math.fround); padding beyond 7 digits gives an exponent; see {@link formatDouble}. */
export function formatSingle(value: number): string {
  return formatShortest(value, shortestSingle(Math.abs(value)), 7);
}

/** Digits and decimal exponent of JavaScript's number text: value = 0.digits × 10^exponent. */
export function digitsOf(text: string): { digits: string; exponent: number } {
  const [mantissa = '0', power = '0'] = text.toLowerCase().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  const leading = all.length - all.replace(/^0+/, '').length;
  const digits = all.slice(leading).replace(/0+$/, '');
  if (digits === '') return { digits: '', exponent: 0 };
  return { digits, exponent: whole.length - leading + Number(power) };
}

/** The shortest decimal text of a float32 that reads back to it. */
export function shortestSingle(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  for (let precision = 1; precision < 9; precision++) {
    const text = value.toPrecision(precision);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toPrecision(9);
}

function formatShortest(value: number, text: string, limit: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const { digits, exponent } = digitsOf(text);
  if (digits === '') return `${sign}0`;
  return sign + layOut(digits, exponent, Math.max(digits.length, limit));
}

/** Lays digits out as format G does: scientific when the exponent is over `limit` or below 10^-4. */
export function layOut(digits: string, exponent: number, limit: number, e = 'E', minimumExponentDigits = 2): string {
  if (exponent > limit || exponent < -3) {
    const power = exponent - 1;
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${mantissa}${e}${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(minimumExponentDigits, '0')}`;
  }
  if (exponent <= 0) return `0.${'0'.repeat(-exponent)}${digits}`;
  if (digits.length <= exponent) return digits.padEnd(exponent, '0');
  return `${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}
