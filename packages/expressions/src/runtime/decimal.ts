import { NetException, overflow } from './exceptions.ts';
import { compareMember, equalsMember, hashMember, hashString, toStringMember } from './object.ts';
import { netType, type Uniform } from './values.ts';

const largest = (1n << 96n) - 1n;
const maxScale = 28;
const tooLarge = () => overflow('Value was either too large or too small for a Decimal.');

const powers: bigint[] = [1n];
/** 10 to the power of `n`. */
export function powerOf10(n: number): bigint {
  for (let i = powers.length; i <= n; i++) powers.push((powers[i - 1] ?? 1n) * 10n);
  return powers[n] ?? 1n;
}

/**
 * `System.Decimal`: a 96-bit coefficient over a power of ten, `coefficient / 10^scale`. The scale is kept (`1.10m` prints
 * `1.10`); results that do not fit are rounded half to even, as .NET does. Immutable.
 */
export class Decimal {
  readonly [netType] = 'System.Decimal';
  readonly coefficient: bigint;
  readonly scale: number;

  private constructor(coefficient: bigint, scale: number) {
    this.coefficient = coefficient;
    this.scale = scale;
  }

  static readonly zero = new Decimal(0n, 0);
  static readonly one = new Decimal(1n, 0);
  static readonly maxValue = new Decimal(largest, 0);
  static readonly minValue = new Decimal(-largest, 0);

  /** `coefficient / 10^scale`, rounded until it fits 96 bits and a scale of 28. Throws OverflowException. */
  static of(coefficient: bigint, scale = 0): Decimal {
    let value = coefficient;
    let places = scale;
    if (places < 0) {
      value *= powerOf10(Math.min(-places, 60));
      places = 0;
    }
    if (places > maxScale || abs(value) > largest) {
      const digits = abs(value).toString().length;
      let drop = Math.max(places - maxScale, digits - 29, 0);
      for (; drop <= places; drop++) {
        const rounded = divideHalfEven(value, powerOf10(drop));
        if (abs(rounded) <= largest) return new Decimal(rounded, places - drop);
      }
      throw tooLarge();
    }
    return new Decimal(value, places);
  }

  /** From an integer, exactly. */
  static fromInteger(value: number | bigint): Decimal {
    return Decimal.of(BigInt(value));
  }

  /** From a double, to 15 significant digits; from a float (`digits` 7), to 7. Source: Decimal(Double) constructor. */
  static fromDouble(value: number, digits = 15): Decimal {
    if (!Number.isFinite(value) || Math.abs(value) >= 7.922816251426434e28) throw tooLarge();
    const [mantissa = '0', power = '0'] = value.toExponential(digits - 1).split('e');
    const text = mantissa.replace('.', '').replace(/0+$/, '');
    const negative = text.startsWith('-');
    const figures = negative ? text.slice(1) : text;
    if (figures === '') return Decimal.zero;
    const coefficient = BigInt(figures) * (negative ? -1n : 1n);
    return Decimal.of(coefficient, figures.length - 1 - Number(power));
  }

  toDouble(): number {
    return Number(`${this.coefficient}e-${this.scale}`);
  }

  /** Without the fraction. */
  toBigInt(): bigint {
    return this.coefficient / powerOf10(this.scale);
  }

  add(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return Decimal.of(this.#at(scale) + other.#at(scale), scale);
  }

  subtract(other: Decimal): Decimal {
    return this.add(other.negate());
  }

  multiply(other: Decimal): Decimal {
    return Decimal.of(this.coefficient * other.coefficient, this.scale + other.scale);
  }

  /** Exact at the natural scale if possible, else to the digits that fit, without trailing zeros. */
  divide(other: Decimal): Decimal {
    if (other.coefficient === 0n) throw divideByZero();
    const natural = this.scale - other.scale;
    if (natural >= 0 && this.coefficient % other.coefficient === 0n) {
      return Decimal.of(this.coefficient / other.coefficient, natural);
    }
    for (let scale = maxScale; scale >= 0; scale--) {
      const up = scale - natural;
      const top = up >= 0 ? this.coefficient * powerOf10(up) : this.coefficient;
      const bottom = up >= 0 ? other.coefficient : other.coefficient * powerOf10(-up);
      const quotient = divideHalfEven(top, bottom);
      if (abs(quotient) <= largest) return new Decimal(quotient, scale).#withoutTrailingZeros();
    }
    throw tooLarge();
  }

  /** The sign is that of the left side. */
  remainder(other: Decimal): Decimal {
    if (other.coefficient === 0n) throw divideByZero();
    const scale = Math.max(this.scale, other.scale);
    return Decimal.of(this.#at(scale) % other.#at(scale), scale);
  }

  negate(): Decimal {
    return new Decimal(-this.coefficient, this.scale);
  }

  compare(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale);
    const a = this.#at(scale);
    const b = other.#at(scale);
    return a < b ? -1 : a > b ? 1 : 0;
  }

  /** To `places` decimals. A value that has no more is itself. */
  round(places: number, mode: 'even' | 'awayFromZero' | 'toZero' | 'down' | 'up'): Decimal {
    if (places >= this.scale) return this;
    const divisor = powerOf10(this.scale - places);
    return new Decimal(divideBy(mode, this.coefficient, divisor), places);
  }

  [toStringMember](): string {
    const digits = abs(this.coefficient)
      .toString()
      .padStart(this.scale + 1, '0');
    const sign = this.coefficient < 0n ? '-' : '';
    if (this.scale === 0) return sign + digits;
    return `${sign}${digits.slice(0, -this.scale)}.${digits.slice(-this.scale)}`;
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof Decimal && this.compare(other) === 0;
  }
  [hashMember](): number {
    const plain = this.#withoutTrailingZeros();
    return hashString(`${plain.coefficient}e${plain.scale}`);
  }
  [compareMember](other: Uniform): number {
    return this.compare(other as Decimal);
  }

  #at(scale: number): bigint {
    return this.coefficient * powerOf10(scale - this.scale);
  }

  #withoutTrailingZeros(): Decimal {
    let { coefficient, scale } = this;
    while (scale > 0 && coefficient % 10n === 0n) {
      coefficient /= 10n;
      scale--;
    }
    return new Decimal(coefficient, scale);
  }
}

export const divideByZero = () => new NetException('System.DivideByZeroException', 'Attempted to divide by zero.');

const abs = (value: bigint) => (value < 0n ? -value : value);

const divideHalfEven = (top: bigint, bottom: bigint) => divideBy('even', top, bottom);

/** Integer division with the rounding named. */
function divideBy(mode: Parameters<Decimal['round']>[1], top: bigint, bottom: bigint): bigint {
  const quotient = top / bottom;
  const rest = top % bottom;
  if (rest === 0n || mode === 'toZero') return quotient;
  const negative = top < 0n !== bottom < 0n;
  const away = negative ? quotient - 1n : quotient + 1n;
  if (mode === 'down') return negative ? away : quotient;
  if (mode === 'up') return negative ? quotient : away;
  const twice = abs(rest) * 2n;
  const size = abs(bottom);
  if (twice !== size) return twice > size ? away : quotient;
  return mode === 'awayFromZero' || quotient % 2n !== 0n ? away : quotient;
}
