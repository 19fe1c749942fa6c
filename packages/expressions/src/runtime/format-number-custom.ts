import { charge } from './budget.ts';
import { type NumberDigits, roundDigits } from './number-digits.ts';

/**
 * A number in a custom format (`0.00`, `#,##0;(#,##0);zero`, `0.0E+00`, `0%`) of the invariant culture.
 * Source: .NET documentation, "Custom numeric format strings".
 */
export function formatCustomNumber(number: NumberDigits, format: string): string {
  charge(format.length);
  let section = findSection(format, number.digits === '' ? 2 : number.negative ? 1 : 0);
  let layout = readLayout(format, section);
  for (;;) {
    if (number.digits === '') {
      if (!number.floating) number.negative = false;
      number.exponent = 0;
      break;
    }
    number.exponent += layout.scaleBy;
    const count = layout.scientific ? layout.digitCount : number.exponent + layout.digitCount - layout.decimalAt;
    roundDigits(number, count);
    if (number.digits !== '') break;
    const zeroSection = findSection(format, 2);
    if (zeroSection === section) break;
    section = zeroSection;
    layout = readLayout(format, section);
  }
  return write(number, format, section, layout);
}

interface Layout {
  digitCount: number;
  /** Digit placeholders before the decimal point. */
  decimalAt: number;
  /** Index of the first `0`, and one past the last, among the placeholders. */
  firstZero: number;
  lastZero: number;
  scientific: boolean;
  grouped: boolean;
  /** Powers of ten by `%`, `‰` and scaling commas. */
  scaleBy: number;
}

/** Where the section starts; an empty or missing section is the first. */
function findSection(format: string, section: number): number {
  if (section === 0) return 0;
  let left = section;
  for (let i = 0; i < format.length; i++) {
    const c = format[i];
    if (c === '\\') i++;
    else if (c === '"' || c === "'") i = endOfQuote(format, i);
    else if (c === ';' && --left === 0) {
      const next = format[i + 1];
      return next !== undefined && next !== ';' ? i + 1 : 0;
    }
  }
  return 0;
}

function endOfQuote(format: string, start: number): number {
  const end = format.indexOf(format[start] ?? '"', start + 1);
  return end < 0 ? format.length : end;
}

/** Matches the exponent part `E0`, `E+0`, `E-0` at `i`. */
function exponentAt(format: string, i: number): string | undefined {
  return /^[Ee][+-]?0+/.exec(format.slice(i, i + 64))?.[0];
}

function readLayout(format: string, section: number): Layout {
  let digitCount = 0;
  let decimalAt = -1;
  let firstZero = Number.POSITIVE_INFINITY;
  let lastZero = 0;
  let scientific = false;
  let grouped = false;
  let scaleBy = 0;
  let commaAt = -1;
  let commas = 0;
  for (let i = section; i < format.length && format[i] !== ';'; i++) {
    switch (format[i]) {
      case '#':
        digitCount++;
        break;
      case '0':
        firstZero = Math.min(firstZero, digitCount);
        lastZero = ++digitCount;
        break;
      case '.':
        if (decimalAt < 0) decimalAt = digitCount;
        break;
      case ',':
        if (digitCount === 0 || decimalAt >= 0) break;
        if (commaAt === digitCount) {
          commas++;
          break;
        }
        if (commaAt >= 0) grouped = true;
        commaAt = digitCount;
        commas = 1;
        break;
      case '%':
        scaleBy += 2;
        break;
      case '‰':
        scaleBy += 3;
        break;
      case '\\':
        i++;
        break;
      case '"':
      case "'":
        i = endOfQuote(format, i);
        break;
      case 'E':
      case 'e': {
        const exponent = exponentAt(format, i);
        if (exponent) {
          scientific = true;
          i += exponent.length - 1;
        }
      }
    }
  }
  if (decimalAt < 0) decimalAt = digitCount;
  if (commaAt === decimalAt) scaleBy -= commas * 3;
  else if (commaAt >= 0) grouped = true;
  return { digitCount, decimalAt, firstZero, lastZero, scientific, grouped, scaleBy };
}

function write(number: NumberDigits, format: string, section: number, layout: Layout): string {
  const { digits, exponent } = number;
  const { decimalAt, digitCount } = layout;
  const leading = layout.firstZero < decimalAt ? decimalAt - layout.firstZero : 0;
  const trailing = layout.lastZero > decimalAt ? decimalAt - layout.lastZero : 0;
  let position = layout.scientific ? decimalAt : Math.max(exponent, decimalAt);
  let adjust = layout.scientific ? 0 : exponent - decimalAt;
  let next = 0;
  let scientific = layout.scientific;
  let pointWritten = false;
  let text = '';

  const put = (digit: string) => {
    text += digit;
    if (layout.grouped && position > 1 && (position - 1) % 3 === 0) text += ',';
  };
  const placeholder = () => {
    while (adjust > 0) {
      put(digits[next] ?? '0');
      next++;
      position--;
      adjust--;
    }
  };

  for (let i = section; i < format.length && format[i] !== ';'; i++) {
    const c = format[i] ?? '';
    switch (c) {
      case '#':
      case '0': {
        placeholder();
        let digit = '';
        if (adjust < 0) {
          adjust++;
          digit = position <= leading ? '0' : '';
        } else {
          digit = digits[next] ?? (position > trailing ? '0' : '');
          next++;
        }
        if (digit !== '') put(digit);
        position--;
        break;
      }
      case '.':
        placeholder();
        if (position !== 0 || pointWritten) break;
        if (trailing < 0 || (decimalAt < digitCount && next < digits.length)) {
          text += '.';
          pointWritten = true;
        }
        break;
      case ',':
        break;
      case '"':
      case "'": {
        const end = endOfQuote(format, i);
        text += format.slice(i + 1, end);
        i = end;
        break;
      }
      case '\\':
        i++;
        text += format[i] ?? '';
        break;
      case 'E':
      case 'e': {
        const part = exponentAt(format, i);
        if (!part) {
          text += c;
          break;
        }
        i += part.length - 1;
        if (!scientific) {
          text += part;
          break;
        }
        scientific = false;
        text += exponentText(part, digits === '' ? 0 : exponent - decimalAt);
        break;
      }
      default:
        text += c;
    }
  }
  return number.negative && section === 0 && text !== '' ? `-${text}` : text;
}

function exponentText(part: string, power: number): string {
  const zeros = Math.min(part.replace(/[^0]/g, '').length, 10);
  const plus = part[1] === '+' ? '+' : '';
  return `${part[0]}${power < 0 ? '-' : plus}${String(Math.abs(power)).padStart(zeros, '0')}`;
}
