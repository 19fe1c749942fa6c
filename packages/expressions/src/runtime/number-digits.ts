import type { Decimal } from './decimal.ts';
import { digitsOf } from './format-double.ts';

/** A number as formatting sees it: `0.digits × 10^exponent`. Zero has no digits. */
export interface NumberDigits {
  negative: boolean;
  digits: string;
  exponent: number;
  /** A float or double, which keeps the sign of a rounded zero (`-0.00`), as in .NET Core 3.0 and later. */
  readonly floating: boolean;
}

export function digitsOfInteger(value: number | bigint): NumberDigits {
  const negative = value < 0;
  const digits = String(value).replace('-', '');
  return digits === '0'
    ? { negative, digits: '', exponent: 0, floating: false }
    : { negative, digits, exponent: digits.length, floating: false };
}

/** With the trailing zeros of the scale. */
export function digitsOfDecimal(value: Decimal): NumberDigits {
  const digits = String(value.coefficient).replace('-', '');
  return value.coefficient === 0n
    ? { negative: false, digits: '', exponent: 0, floating: false }
    : { negative: value.coefficient < 0n, digits, exponent: digits.length - value.scale, floating: false };
}

/** All digits of a finite double: binary fractions end, so this is exact. */
export function exactDigitsOfDouble(value: number): NumberDigits {
  const negative = value < 0 || Object.is(value, -0);
  const size = Math.abs(value);
  if (size === 0) return { negative, digits: '', exponent: 0, floating: true };
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  const bits = view.getBigUint64(0);
  const field = Number(bits >> 52n);
  const fraction = bits & ((1n << 52n) - 1n);
  const mantissa = field === 0 ? fraction : fraction | (1n << 52n);
  const power = (field === 0 ? 1 : field) - 1075;
  const text = power >= 0 ? String(mantissa << BigInt(power)) : String(mantissa * 5n ** BigInt(-power));
  const exponent = power >= 0 ? text.length : text.length + power;
  return { negative, digits: text.replace(/0+$/, ''), exponent, floating: true };
}

/** `precision` significant digits of a finite double, correctly rounded. */
export function significantDigitsOfDouble(value: number, precision: number): NumberDigits {
  const { digits, exponent } = digitsOf(Math.abs(value).toExponential(precision - 1));
  return { negative: value < 0 || Object.is(value, -0), digits, exponent, floating: true };
}

/** Keeps `count` digits, rounding half away from zero; drops trailing zeros. `count` may be negative. */
export function roundDigits(number: NumberDigits, count: number): void {
  let kept = number.digits.slice(0, Math.max(count, 0));
  if (count >= 0 && count < number.digits.length && number.digits.charCodeAt(count) >= 53) {
    const up = String(BigInt(`1${kept}`) + 1n);
    if (up.startsWith('2')) {
      kept = `1${up.slice(1)}`;
      number.exponent++;
    } else {
      kept = up.slice(1);
    }
  }
  number.digits = kept.replace(/0+$/, '');
  if (number.digits === '') {
    number.exponent = 0;
    if (!number.floating) number.negative = false;
  }
}
