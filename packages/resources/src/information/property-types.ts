import { isObject, nameOfType } from '../documents/document.ts';
import { parseDuration } from '../duration.ts';
import type { Cursor } from './cursor.ts';
import type { PropertyTable } from './property-table.ts';

/** How a property is checked and read. */
export interface PropertyType<out T> {
  /** Completes "expected …", in messages and in the reference. */
  readonly expected: string;
  /** The value, or undefined after reporting what is wrong with it. */
  read(value: unknown, at: Cursor): T | undefined;
  /** The properties of the value, or of its items, for the reference. */
  readonly table?: PropertyTable | undefined;
}

function wrongType(expected: string, value: unknown, at: Cursor): undefined {
  at.problem('WrongType', { what: at.what, actual: nameOfType(value), expected });
  return undefined;
}

function invalid(expected: string, value: string | number, at: Cursor): undefined {
  at.problem('InvalidValue', { what: at.what, actual: value, expected });
  return undefined;
}

/** A string of limited length that matches a pattern, if one is given. A `secret` one is never shown in messages. */
export function text(
  limits: { min?: number; max?: number; pattern?: RegExp; expected?: string; secret?: true } = {},
): PropertyType<string> {
  const { min = 0, max = 65_536, pattern } = limits;
  const expected =
    limits.expected ??
    (max === 65_536
      ? min > 0
        ? 'a string that is not empty'
        : 'a string'
      : `a string of ${min} to ${max} characters`);
  return {
    expected,
    read: (value, at) => {
      if (typeof value !== 'string') return wrongType(expected, value, at);
      if (value.length < min || value.length > max || pattern?.test(value) === false)
        return invalid(expected, limits.secret === true ? `(${value.length} characters)` : value, at);
      return value;
    },
  };
}

export const flag: PropertyType<boolean> = {
  expected: 'true or false',
  read: (value, at) => (typeof value === 'boolean' ? value : wrongType('true or false', value, at)),
};

export function integer(min: number, max: number): PropertyType<number> {
  return numeric(
    `an integer from ${min} to ${max}`,
    (value) => Number.isInteger(value) && value >= min && value <= max,
  );
}

export function number(min: number, max: number): PropertyType<number> {
  return numeric(`a number from ${min} to ${max}`, (value) => value >= min && value <= max);
}

function numeric(expected: string, holds: (value: number) => boolean): PropertyType<number> {
  return {
    expected,
    read: (value, at) => {
      if (typeof value !== 'number') return wrongType(expected, value, at);
      return holds(value) ? value : invalid(expected, value, at);
    },
  };
}

/** One of the given words; Azure takes them in any case and answers in its own. */
export function oneOf<const Word extends string>(...words: readonly Word[]): PropertyType<Word> {
  const expected = words.map((word) => `'${word}'`).join(' or ');
  return {
    expected,
    read: (value, at) => {
      if (typeof value !== 'string') return wrongType(expected, value, at);
      return words.find((word) => word.toLowerCase() === value.toLowerCase()) ?? invalid(expected, value, at);
    },
  };
}

/** An ISO 8601 duration within limits, in milliseconds. */
export function duration(min: number, max: number, limits: string): PropertyType<number> {
  const expected = `an ISO 8601 duration such as 'PT1M', ${limits}`;
  return {
    expected,
    read: (value, at) => {
      if (typeof value !== 'string') return wrongType(expected, value, at);
      const milliseconds = parseDuration(value);
      return milliseconds !== null && milliseconds >= min && milliseconds <= max
        ? milliseconds
        : invalid(expected, value, at);
    },
  };
}

/** An ISO 8601 date and time, in milliseconds since 1970. */
export const dateTime: PropertyType<number> = {
  expected: "a date and time such as '2026-01-31T12:00:00Z'",
  read: (value, at) => {
    if (typeof value !== 'string') return wrongType(dateTime.expected, value, at);
    const milliseconds = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/i.test(value)
      ? Date.parse(withZone(value))
      : Number.NaN;
    return Number.isNaN(milliseconds) ? invalid(dateTime.expected, value, at) : milliseconds;
  },
};

/** Azure's times are UTC where they do not say otherwise; JavaScript would take them as local. */
function withZone(value: string): string {
  return /T/i.test(value) && !/(Z|[+-]\d\d:\d\d)$/i.test(value) ? `${value}Z` : value;
}

/** An absolute URL with one of the schemes, without a trailing slash being added. */
export function url(...schemes: readonly string[]): PropertyType<string> {
  const expected = `an absolute URL (${schemes.join(', ')})`;
  return {
    expected,
    read: (value, at) => {
      if (typeof value !== 'string') return wrongType(expected, value, at);
      // `{{name}}` stands for a named value, which may be the whole URL.
      if (value.includes('{{')) return value;
      return URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1))
        ? value
        : invalid(expected, value, at);
    },
  };
}

export function list<T>(item: PropertyType<T>, expectedItems: string): PropertyType<readonly T[]> {
  const expected = `an array of ${expectedItems}`;
  return {
    expected,
    table: item.table,
    read: (value, at) => {
      if (!Array.isArray(value)) return wrongType(expected, value, at);
      const read = value.map((element: unknown, index) => item.read(element, at.child(index)));
      return read.every((element) => element !== undefined) ? read : undefined;
    },
  };
}

/** An object whose keys are free. */
export function mapOf<T>(item: PropertyType<T>, expectedItems: string): PropertyType<ReadonlyMap<string, T>> {
  const expected = `an object with ${expectedItems}`;
  return {
    expected,
    table: item.table,
    read: (value, at) => {
      if (!isObject(value)) return wrongType(expected, value, at);
      const read = new Map<string, T>();
      let complete = true;
      for (const [key, element] of Object.entries(value)) {
        const one = item.read(element, at.child(key));
        if (one === undefined) complete = false;
        else read.set(key, one);
      }
      return complete ? read : undefined;
    },
  };
}

/** Any JSON object, kept as it is. */
export const anyObject: PropertyType<Readonly<Record<string, unknown>>> = {
  expected: 'an object',
  read: (value, at) => (isObject(value) ? value : wrongType('an object', value, at)),
};

/** Any JSON value, kept as it is. */
export const anything: PropertyType<unknown> = { expected: 'any value', read: (value) => value };

/** Reads with one type and goes on with what it gives. */
export function mapped<T, U>(type: PropertyType<T>, convert: (value: T, at: Cursor) => U | undefined): PropertyType<U> {
  return {
    expected: type.expected,
    table: type.table,
    read: (value, at) => {
      const read = type.read(value, at);
      return read === undefined ? undefined : convert(read, at);
    },
  };
}
