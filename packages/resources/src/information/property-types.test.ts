import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../diagnostic.ts';
import { parseJsonDocument } from '../documents/json-document.ts';
import { Cursor } from './cursor.ts';
import { object, optional, readProperties, required } from './property-table.ts';
import {
  anyObject,
  anything,
  dateTime,
  duration,
  flag,
  integer,
  list,
  mapOf,
  mapped,
  number,
  oneOf,
  type PropertyType,
  text,
  url,
} from './property-types.ts';

/** What a type gives for a value, or the codes of its problems. */
function read(type: PropertyType<unknown>, value: unknown): unknown {
  const diagnostics: Diagnostic[] = [];
  const document = parseJsonDocument('a.json', JSON.stringify(value));
  const result = type.read(document.value, new Cursor(document, [], diagnostics));
  expect(result === undefined).toBe(diagnostics.length > 0);
  return result === undefined ? diagnostics.map(({ code }) => code).join(' ') : result;
}

const wrongType = 'WrongType';
const invalid = 'InvalidValue';
const minute = duration(1000, 60_000, 'up to a minute');
const january = Date.UTC(2026, 0, 31, 12);

const cases: readonly (readonly [string, PropertyType<unknown>, unknown, unknown])[] = [
  ['text', text({ min: 1, max: 3 }), 'abc', 'abc'],
  ['text', text({ min: 1, max: 3 }), '', invalid],
  ['text', text({ min: 1, max: 3 }), 'abcd', invalid],
  ['text', text(), 1, wrongType],
  ['text with a pattern', text({ pattern: /^a+$/ }), 'aa', 'aa'],
  ['text with a pattern', text({ pattern: /^a+$/ }), 'ab', invalid],
  ['a flag', flag, false, false],
  ['a flag', flag, 'false', wrongType],
  ['a flag', flag, 0, wrongType],
  ['an integer', integer(1, 5), 1, 1],
  ['an integer', integer(1, 5), 5, 5],
  ['an integer', integer(1, 5), 0, invalid],
  ['an integer', integer(1, 5), 6, invalid],
  ['an integer', integer(1, 5), 1.5, invalid],
  ['an integer', integer(1, 5), '1', wrongType],
  ['a number', number(0, 100), 0.5, 0.5],
  ['a number', number(0, 100), 100.1, invalid],
  ['a word', oneOf('Single', 'Pool'), 'pool', 'Pool'],
  ['a word', oneOf('Single', 'Pool'), 'Pools', invalid],
  ['a word', oneOf('Single', 'Pool'), null, wrongType],
  ['a duration', minute, 'PT1M', 60_000],
  ['a duration', minute, 'PT1S', 1000],
  ['a duration', minute, 'PT2M', invalid],
  ['a duration', minute, '00:01:00', invalid],
  ['a duration', minute, 60, wrongType],
  ['a date', dateTime, '2026-01-31T12:00:00Z', january],
  ['a date', dateTime, '2026-01-31T12:00:00', january],
  ['a date', dateTime, '2026-01-31T13:00:00.000+01:00', january],
  ['a date', dateTime, '2026-01-31', Date.UTC(2026, 0, 31)],
  ['a date', dateTime, '31 January 2026', invalid],
  ['a date', dateTime, '2026-13-01', invalid],
  ['a URL', url('https'), 'https://a.example/x', 'https://a.example/x'],
  ['a URL', url('https'), '{{base}}/x', '{{base}}/x'],
  ['a URL', url('https'), 'http://a.example', invalid],
  ['a URL', url('https'), '/x', invalid],
  ['a list', list(integer(0, 9), 'digits'), [1, 2], [1, 2]],
  ['a list', list(integer(0, 9), 'digits'), [1, 10, 'x'], `${invalid} ${wrongType}`],
  ['a list', list(integer(0, 9), 'digits'), { 0: 1 }, wrongType],
  ['a map', mapOf(flag, 'flags'), { a: true }, new Map([['a', true]])],
  ['a map', mapOf(flag, 'flags'), { a: 1 }, wrongType],
  ['a map', mapOf(flag, 'flags'), [], wrongType],
  ['any object', anyObject, { a: [1] }, { a: [1] }],
  ['any object', anyObject, [], wrongType],
  ['anything', anything, [null], [null]],
  ['a converted value', mapped(text(), (value) => value.length), 'abc', 3],
  ['a converted value', mapped(text(), (value) => value.length), 1, wrongType],
];

test.each(cases)('%s: %#', (_, type, value, expected) => {
  expect(read(type, value)).toEqual(expected);
});

test('a secret text is not shown when it is wrong', () => {
  const diagnostics: Diagnostic[] = [];
  const document = parseJsonDocument('a.json', '"hunter2"');
  text({ max: 3, secret: true }).read(document.value, new Cursor(document, [], diagnostics));
  expect(diagnostics.map(({ message }) => message)).toEqual([expect.not.stringContaining('hunter2')]);
});

describe('a table', () => {
  const inner = object({ size: required(integer(1, 9), 'Size.') });
  const table = {
    name: required(text({ min: 1 }), 'Name.'),
    colour: optional(oneOf('red', 'blue'), 'Colour.', 'red'),
    boxes: optional(list(inner, 'boxes'), 'Boxes.', []),
    note: optional(text(), 'Note.'),
  };
  const readTable = (json: string, accepted?: ReadonlySet<string>) => {
    const diagnostics: Diagnostic[] = [];
    const document = parseJsonDocument('a.json', json);
    const values = readProperties(table, document.value, new Cursor(document, [], diagnostics), accepted);
    return { values, problems: diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`), diagnostics };
  };

  test('gives its fallbacks for what is absent or null', () => {
    expect(readTable('{ "name": "a", "note": null }')).toMatchObject({
      values: { name: 'a', colour: 'red', boxes: [], note: null },
      problems: [],
    });
  });

  test('gives the fallback for a wrong value after reporting it', () => {
    expect(readTable('{ "name": "a",\n "colour": "green" }')).toMatchObject({
      values: { colour: 'red' },
      problems: ['InvalidValue 2:12'],
    });
  });

  test('reports everything that is wrong at once', () => {
    const { values, problems } = readTable('{\n "colour": 1,\n "boxes": [{ "size": 0 }, {}],\n "nme": "a" }');
    expect(values).toBeNull();
    expect(problems.toSorted()).toEqual([
      'InvalidValue 3:22',
      'MissingProperty 1:1',
      'MissingProperty 3:27',
      'UnknownProperty 4:2',
      'WrongType 2:12',
    ]);
  });

  test('names the property that was meant', () => {
    const { diagnostics } = readTable('{ "name": "a", "color": "blue" }');
    expect(diagnostics[0]?.message).toMatch(/did you mean 'colour'\?$/);
  });

  test('passes over what is accepted', () => {
    expect(readTable('{ "name": "a", "terms": 1 }', new Set(['terms'])).problems).toEqual([]);
  });

  test.each(['[]', '"x"', 'null', '1'])('is not read from %s', (json) => {
    expect(readTable(json)).toMatchObject({ values: null, problems: ['WrongType 1:1'] });
  });
});
