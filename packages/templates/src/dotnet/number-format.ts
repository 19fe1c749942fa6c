import { FormatError } from './composite-format.ts';

/** .NET's numeric format strings with the invariant culture: standard (C D E F G N P X B R) and custom (`0.00`, `#,##0`, `0%`). */
export function formatNumber(value: number, format: string): string {
  if (format === '') return String(value);
  const standard = /^([A-Za-z])(\d{0,3})$/.exec(format);
  if (!standard) return custom(value, format);
  const [, letter, digits] = standard;
  const precision = digits === '' ? undefined : Number(digits);
  if (precision !== undefined && precision > 100) throw new FormatError(`the precision '${precision}' is too large`);
  return standardNumber(value, letter!, precision);
}

function standardNumber(value: number, letter: string, precision: number | undefined): string {
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  switch (letter.toUpperCase()) {
    case 'C':
      return value < 0 ? `(¤${grouped(size, precision ?? 2)})` : `¤${grouped(size, precision ?? 2)}`;
    case 'D':
      return sign + String(integer(size, letter)).padStart(precision ?? 0, '0');
    case 'X':
    case 'B': {
      const radix = letter.toUpperCase() === 'X' ? 16 : 2;
      const bits = BigInt.asUintN(64, BigInt(integer(value, letter))).toString(radix);
      const text = letter === 'X' ? bits.toUpperCase() : bits;
      return text.padStart(precision ?? 0, '0');
    }
    case 'E': {
      const [mantissa, exponent] = size.toExponential(precision ?? 6).split('e');
      const power = `${exponent![0]}${exponent!.slice(1).padStart(3, '0')}`;
      return `${sign}${mantissa}${letter}${power}`;
    }
    case 'F':
      return sign + size.toFixed(precision ?? 2);
    case 'N':
      return sign + grouped(size, precision ?? 2);
    case 'P':
      return `${sign}${grouped(size * 100, precision ?? 2)} %`;
    case 'G':
    case 'R':
      return precision ? String(Number(value.toPrecision(precision))) : String(value);
    default:
      throw new FormatError(`the format specifier '${letter}' is not valid`);
  }
}

function integer(value: number, letter: string): number {
  if (!Number.isInteger(value)) throw new FormatError(`the format specifier '${letter}' takes integers only`);
  return value;
}

function grouped(value: number, decimals: number): string {
  const [whole, fraction] = value.toFixed(decimals).split('.');
  const text = whole!.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? text : `${text}.${fraction}`;
}

/** Custom formats: digits (`0`, `#`), `.`, `,`, `%`, quoted text and sections for negative numbers and zero. */
function custom(value: number, format: string): string {
  const sections = format.split(';');
  if (value < 0 && sections[1]) return custom(-value, sections[1]);
  if (value === 0 && sections[2]) return custom(value, sections[2]);
  const section = sections[0]!;
  const scaled = section.includes('%') ? value * 100 : value;
  const digits = section.replace(/'[^']*'|"[^"]*"|\\./g, '');
  const [wholeFormat = '', fractionFormat = ''] = digits.replace(/[^0#.,]/g, '').split('.');
  const least = (wholeFormat.match(/0/g) ?? []).length;
  const most = fractionFormat.replace(/,/g, '').length;
  const leastFraction = fractionFormat.lastIndexOf('0') + 1;
  const fixed = Math.abs(scaled).toFixed(Math.min(most, 100));
  let [whole = '', fraction = ''] = fixed.split('.');
  while (fraction.length > leastFraction && fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  whole = (whole === '0' && least === 0 ? '' : whole).padStart(least, '0');
  if (/[0#],+[0#]/.test(wholeFormat)) whole = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const number = (scaled < 0 ? '-' : '') + whole + (fraction === '' ? '' : `.${fraction}`);
  return around(section, number);
}

/** Puts the text of `section` around `number`, which stands where its digits stand. */
function around(section: string, number: string): string {
  let result = '';
  let placed = false;
  for (const [token] of section.matchAll(/'[^']*'|"[^"]*"|\\.|[0#.,]+|[\s\S]/g)) {
    if (/^[0#.,]+$/.test(token)) {
      if (!placed) result += number;
      placed = true;
    } else if (token.length > 1) {
      result += token.startsWith('\\') ? token.slice(1) : token.slice(1, -1);
    } else {
      result += token;
    }
  }
  return result;
}
