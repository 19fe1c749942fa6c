import { describe, expect, it } from 'vitest';
import { compositeFormat } from './composite-format.ts';
import { formatDate } from './date-format.ts';
import { parseDate } from './date-parse.ts';
import { formatNumber } from './number-format.ts';

describe('numbers', () => {
  it.each([
    [1234.5, 'N', '1,234.50'],
    [-1234, 'N0', '-1,234'],
    [5, 'D3', '005'],
    [-5, 'D3', '-005'],
    [255, 'x', 'ff'],
    [255, 'X4', '00FF'],
    [-1, 'X', 'FFFFFFFFFFFFFFFF'],
    [5, 'B8', '00000101'],
    [0.256, 'P1', '25.6 %'],
    [12345.678, 'E2', '1.23E+004'],
    [2.345678, 'F2', '2.35'],
    [2.345678, 'G3', '2.35'],
    [7, '000', '007'],
    [1234567, '#,##0', '1,234,567'],
    [0.5, '0%', '50%'],
    [5, "0 'items'", '5 items'],
    [-2, '0;(0);zero', '(2)'],
    [0, '0;(0);zero', 'zero'],
    [1.5, '0.00#', '1.50'],
  ])('%d as %s is %s', (value, format, text) => {
    expect(formatNumber(value, format)).toBe(text);
  });

  it('refuses what .NET refuses', () => {
    expect(() => formatNumber(1.5, 'D')).toThrow('integers only');
    expect(() => formatNumber(1, 'Q')).toThrow("'Q' is not valid");
    expect(() => compositeFormat('{0', [1])).toThrow('not in a correct format');
    expect(() => compositeFormat('{0,999999999}', [1])).toThrow('too large');
  });
});

describe('dates', () => {
  const date = new Date('2024-03-05T07:08:09.045Z');
  it.each([
    ['yyyy-MM-ddTHH:mm:ssZ', '2024-03-05T07:08:09Z'],
    ['yy-M-d h:m:s', '24-3-5 7:8:9'],
    ['ddd MMM', 'Tue Mar'],
    ['HH\\h mm', '07h 08'],
    ["'at' fff FFF", 'at 045 045'],
    ['K zzz', 'Z +00:00'],
    ['%d', '5'],
    ['D', 'Tuesday, 05 March 2024'],
    ['g', '03/05/2024 07:08'],
    ['s', '2024-03-05T07:08:09'],
    ['Y', '2024 March'],
  ])('as %s', (format, text) => {
    expect(formatDate(date, format)).toBe(text);
  });

  it.each([
    ['2020-04-07 14:53:14Z', '2020-04-07T14:53:14.000Z'],
    ['2020-04-07T14:53:14.5+02:00', '2020-04-07T12:53:14.500Z'],
    ['20200407T145314Z', '2020-04-07T14:53:14.000Z'],
    ['2020-04-07', '2020-04-07T00:00:00.000Z'],
    ['4/7/2020 2:53:14 PM', '2020-04-07T14:53:14.000Z'],
    ['Tue, 07 Apr 2020 14:53:14 GMT', '2020-04-07T14:53:14.000Z'],
  ])('reads %s', (text, iso) => {
    expect(parseDate(text)?.toISOString()).toBe(iso);
  });

  it.each(['', 'x', '2020-02-30', '2020-13-01', '2020-01-01 25:00:00'])('refuses %j', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });
});
