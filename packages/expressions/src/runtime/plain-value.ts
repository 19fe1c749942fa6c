import { startBudget } from './budget.ts';
import { isListLike, isReadOnlyDictionary } from './collection-protocol.ts';
import { DateTime, kinds } from './datetime.ts';
import { DateTimeOffset } from './datetimeoffset.ts';
import { NetException } from './exceptions.ts';
import { formatDateTime } from './format-date.ts';
import { readDate as readIsoDate } from './json/dates.ts';
import { JArray, JObject, JProperty, JValue } from './json/token.ts';
import { toStringOf } from './object.ts';
import { dateStyles, readDate, toDateTime } from './parse-date.ts';
import { Boxed, type Uniform } from './values.ts';

/** A .NET date outside of an expression: what a template may do with one. Prints as `DateTime.ToString()` does. */
export class PlainDate {
  readonly #date: DateTime;
  constructor(date: DateTime) {
    this.#date = date;
  }
  /** From milliseconds since 1970, UTC. */
  static fromMilliseconds(milliseconds: number): PlainDate {
    return new PlainDate(DateTime.fromUnixMilliseconds(milliseconds, kinds.utc));
  }
  /** A text that Newtonsoft takes for a date, or undefined. */
  static fromJsonText(text: string): PlainDate | undefined {
    const date = readIsoDate(text);
    return date && new PlainDate(date);
  }
  /** A text that `DateTime.TryParse` takes for a date, or undefined. */
  static parse(text: string): PlainDate | undefined {
    startBudget();
    const parsed = readDate(text, true);
    const date = parsed && toDateTime(parsed, dateStyles.roundtripKind);
    return date && new PlainDate(date);
  }
  /** `DateTime.ToString(format)`; undefined for a format that .NET refuses. */
  format(format: string): string | undefined {
    startBudget();
    try {
      return formatDateTime(this.#date, format, null);
    } catch (error) {
      if (error instanceof NetException) return undefined;
      throw error;
    }
  }
  toString(): string {
    return this.format('') ?? '';
  }
  /** Ticks, so that dates can be compared. */
  valueOf(): number {
    return Number(this.#date.ticks);
  }
}

export type PlainValue =
  | null
  | string
  | number
  | boolean
  | PlainDate
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

const deepest = 64;
const mostItems = 100_000;

/**
 * A UNIFORM value as plain data, for templates: tokens, lists and dictionaries become arrays and objects, numbers that
 * JavaScript cannot hold their text, everything else its `ToString()`.
 */
export function plainValue(value: Uniform): PlainValue {
  startBudget();
  return plainOf(value, 0);
}

function plainOf(value: Uniform, depth: number): PlainValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Boxed) return boxedValue(value);
  if (value instanceof DateTime) return new PlainDate(value);
  if (value instanceof DateTimeOffset) return new PlainDate(value.clock);
  if (value instanceof JValue) return plainOf(value.value, depth);
  if (value instanceof JProperty) return plainOf(value.value, depth);
  if (depth >= deepest) return null;
  if (value instanceof JArray) return items(value.children, depth);
  if (value instanceof JObject)
    return Object.fromEntries(value.properties.map((one) => [one.name, plainOf(one.value, depth + 1)]));
  if (value instanceof Uint8Array) return toStringOf(value);
  if (Array.isArray(value) || isListLike(value)) return items(value, depth);
  if (isReadOnlyDictionary(value))
    return Object.fromEntries(
      [...value.pairs()].map(({ key, value: item }) => [toStringOf(key), plainOf(item, depth + 1)]),
    );
  return toStringOf(value);
}

function items(values: Iterable<Uniform>, depth: number): PlainValue[] {
  const plain: PlainValue[] = [];
  for (const value of values) {
    if (plain.length >= mostItems) break;
    plain.push(plainOf(value, depth + 1));
  }
  return plain;
}

function boxedValue(boxed: Boxed): PlainValue {
  if (boxed.type === 'System.Double' || boxed.type === 'System.Single') return Number(boxed.value);
  const text = toStringOf(boxed);
  return /^-?\d{1,15}$/.test(text) && boxed.type !== 'System.Char' ? Number(text) : text;
}
