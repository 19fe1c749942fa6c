import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from './base64.ts';
import { startBudget } from './budget.ts';
import { DateTime, kinds } from './datetime.ts';
import { Decimal, powerOf10 } from './decimal.ts';
import { BudgetExceeded, NetException } from './exceptions.ts';
import { formatComposite } from './format-composite.ts';
import { formatDateTime } from './format-date.ts';
import { formatDouble } from './format-double.ts';
import { formatNumber } from './format-number.ts';
import { Guid } from './guid.ts';
import { toStringOf } from './object.ts';
import { dateStyles, readDate, toDateTime } from './parse-date.ts';
import { readDateExact } from './parse-date-exact.ts';
import { floatStyles, readDecimal, readDouble, readInteger, styles } from './parse-number.ts';
import { tryParseTimeSpan } from './parse-timespan.ts';
import { TimeSpan } from './timespan.ts';
import { Uri } from './uri.ts';
import { escapeDataString, unescapeDataString } from './uri-escape.ts';
import { Boxed } from './values.ts';

beforeEach(() => startBudget());

const ticks = fc.bigInt({ min: 0n, max: DateTime.maxValue.ticks });
const decimal = fc
  .tuple(fc.bigInt({ min: -(2n ** 96n) + 1n, max: 2n ** 96n - 1n }), fc.integer({ min: 0, max: 28 }))
  .map(([coefficient, scale]) => Decimal.of(coefficient, scale));
const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** Whatever happens, it is a .NET exception or the budget. */
function onlyNetErrors(run: () => unknown): void {
  startBudget();
  try {
    run();
  } catch (error) {
    if (!(error instanceof NetException || error instanceof BudgetExceeded)) throw error;
  }
}

describe('what is printed reads back', () => {
  test('doubles, as the shortest digits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        startBudget();
        expect(readDouble(formatDouble(value), floatStyles)).toBe(value);
      }),
    );
  });

  test('decimals, with their scale', () => {
    fc.assert(
      fc.property(decimal, (value) => {
        startBudget();
        const back = readDecimal(toStringOf(value), styles.number);
        expect(back).toMatchObject({ coefficient: value.coefficient, scale: value.scale });
      }),
    );
  });

  test('longs, in D, N and X', () => {
    fc.assert(
      fc.property(fc.bigInt(int64), (value) => {
        startBudget();
        const text = (format: string) => formatNumber('System.Int64', value, format);
        expect(readInteger(text('D25'), styles.integer, int64)).toBe(value);
        expect(readInteger(text('N0'), styles.number, int64)).toBe(value);
        expect(readInteger(text('X'), styles.hexNumber, int64)).toBe(value);
      }),
    );
  });

  test.each(['o', "yyyy'-'MM'-'dd' 'HH':'mm':'ss'.'fffffff"])('dates, in %s', (format) => {
    fc.assert(
      fc.property(ticks, (value) => {
        startBudget();
        const text = formatDateTime(new DateTime(value, kinds.unspecified), format, null);
        expect(readDateExact(text, format, 0)?.clock.ticks).toBe(value);
        expect(readDate(text)?.clock.ticks).toBe(value);
      }),
    );
  });

  test('time spans, in c, g and G', () => {
    fc.assert(
      fc.property(fc.bigInt(int64), (value) => {
        startBudget();
        for (const format of ['c', 'G', 'g']) {
          const text = formatComposite(`{0:${format}}`, [new TimeSpan(value)]);
          expect(tryParseTimeSpan(text)).toMatchObject({ ticks: value });
        }
      }),
    );
  });

  test('GUIDs, in every format and as bytes', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom('N', 'D', 'B', 'P', 'X'), (uuid, format) => {
        startBudget();
        const guid = Guid.parse(uuid);
        expect(Guid.parse(formatComposite(`{0:${format}}`, [guid])).hex).toBe(guid.hex);
        expect(Guid.fromBytes(guid.toBytes()).hex).toBe(guid.hex);
      }),
    );
  });

  test('bytes in Base64, and text in URIs', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: 'grapheme' }), (bytes, text) => {
        startBudget();
        expect(fromBase64(toBase64(bytes, 0, bytes.length, true))).toEqual(bytes);
        expect(unescapeDataString(escapeDataString(text.toWellFormed()))).toBe(text.toWellFormed());
      }),
    );
  });
});

describe('arithmetic', () => {
  test('the calendar is that of JavaScript', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const net = DateTime.fromUnixMilliseconds(date.getTime());
          expect([
            net.year,
            net.month,
            net.day,
            net.dayOfWeek,
            net.hour,
            net.minute,
            net.second,
            net.millisecond,
          ]).toEqual([
            date.getUTCFullYear(),
            date.getUTCMonth() + 1,
            date.getUTCDate(),
            date.getUTCDay(),
            date.getUTCHours(),
            date.getUTCMinutes(),
            date.getUTCSeconds(),
            date.getUTCMilliseconds(),
          ]);
          expect(DateTime.of(net.year, net.month, net.day).ticks).toBe(net.date.ticks);
        },
      ),
    );
  });

  test('decimals: a quotient is correctly rounded, a - b + b is a when nothing is rounded', () => {
    const small = fc
      .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: 0, max: 8 }))
      .map(([coefficient, scale]) => Decimal.of(coefficient, scale));
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(a.subtract(b).add(b).compare(a)).toBe(0);
        if (b.coefficient === 0n) return;
        const quotient = a.divide(b);
        // Exact: the quotient is off by half a unit of its last digit at most.
        const exact = a.coefficient * powerOf10(b.scale + quotient.scale);
        const error = 2n * (quotient.coefficient * b.coefficient * powerOf10(a.scale) - exact);
        const unit = b.coefficient * powerOf10(a.scale);
        expect(error * error).toBeLessThanOrEqual(unit * unit);
        expect(a.remainder(b).compare(a.subtract(b.multiply(a.divide(b).round(0, 'toZero'))))).toBe(0);
      }),
    );
  });
});

describe('hostile text', () => {
  const text = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[\d :.,+\-/TZAPMeE%;#0'"\\{}()]*$/),
    fc.string({ unit: 'binary' }),
  );

  test('gives a .NET exception or a value, never anything else', () => {
    fc.assert(
      fc.property(text, text, fc.double(), (a, b, number) => {
        for (const run of [
          () => formatComposite(a, [b, number, new Boxed('System.Double', number)]),
          () => formatNumber('System.Double', number, a),
          () => formatNumber('System.Int32', 42, a),
          () => formatDateTime(DateTime.unixEpoch, a, null),
          () => formatComposite(`{0:${a}}`, [new TimeSpan(5n)]),
          () => readDate(a),
          () => readDateExact(a, b, dateStyles.allowInnerWhite),
          () => readDouble(a, styles.any),
          () => readDecimal(a, styles.any),
          () => readInteger(a, styles.any, int64),
          () => tryParseTimeSpan(a),
          () => Guid.tryParse(a),
          () => toStringOf(Uri.create(a, 0)),
          () => fromBase64(a),
        ]) {
          onlyNetErrors(run);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is read in a time that grows with its length', () => {
    const long = 200_000;
    const started = performance.now();
    for (const run of [
      () => readDouble(`${'\0'.repeat(long)}x`, styles.any),
      () => readDouble(`${' '.repeat(long)}x`, styles.any),
      () => readDecimal('9'.repeat(long), styles.any),
      () => readDecimal(`0.${'0'.repeat(long)}1`, styles.any),
      () => readInteger('1'.repeat(long), styles.any, int64),
      () => readDate('1 '.repeat(long)),
      () => readDate(`1${' '.repeat(150)}x`),
      () => tryParseTimeSpan('1:'.repeat(long)),
      () => Guid.tryParse('{0x'.repeat(long)),
      () => Uri.create(`http://h/${'a/../'.repeat(long)}`),
      () => Uri.create(`http://${'a.'.repeat(long)}`),
      () => formatComposite('{0'.repeat(long), [1]),
      () => formatNumber('System.Double', 1.5, '#,'.repeat(long)),
      () => formatNumber('System.Double', 1e308, 'N999999999'),
      () => formatComposite('{0,9999999}'.repeat(100), [1]),
      () => fromBase64('AAA='.repeat(long)),
    ]) {
      onlyNetErrors(run);
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test('a date that is no date under any styles is refused', () => {
    for (const bad of ['', ' ', '2024-13-01', '00/00/0000', '25:00', '2024-02-30T00:00', '1/2/3/4', 'Foo 2024']) {
      const parsed = readDate(bad);
      expect(parsed && toDateTime(parsed, 0), bad).toBeUndefined();
    }
  });
});
