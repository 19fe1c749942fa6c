import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { startBudget } from '../budget.ts';
import { BudgetExceeded, NetException } from '../exceptions.ts';
import { selectTokens } from './path-select.ts';
import { parseJson } from './reader.ts';
import { JArray, JObject, JProperty, JValue } from './token.ts';

beforeEach(() => startBudget());

describe('reading and writing', () => {
  test('every JSON document reads back the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        startBudget();
        const text = JSON.stringify(value);
        const token = parseJson(text, 'JToken', { keepDates: true });
        expect(JSON.parse(token.toJson(false))).toEqual(JSON.parse(text));
        expect(JSON.parse(token.toJson(true))).toEqual(JSON.parse(text));
        expect(token.deepEquals(token.deepClone())).toBe(true);
      }),
    );
  });

  test('any text is read or is a JsonReaderException', () => {
    const text = fc.string({ unit: fc.constantFrom(...'{}[]:,"\'\\/*0123.eE+-xaut nrfls\r\n') });
    fc.assert(
      fc.property(text, (source) => {
        startBudget();
        try {
          parseJson(source);
        } catch (error) {
          expect(error).toBeInstanceOf(NetException);
          expect((error as NetException).typeName).toBe('Newtonsoft.Json.JsonReaderException');
          expect((error as NetException).message).toMatch(/ Path '.*', line \d+, position \d+\.$/s);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('deep nesting is refused by the reader', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow("The reader's MaxDepth of 64 has been exceeded.");
    expect(() => parseJson('{"a":'.repeat(100_000))).toThrow("The reader's MaxDepth of 64 has been exceeded.");
    expect(parseJson('['.repeat(64) + ']'.repeat(64)).toJson(false)).toHaveLength(128);
  });

  test('a tree that an expression builds too deep ends in BudgetExceeded, not in a stack overflow', () => {
    let token = new JArray();
    for (let i = 0; i < 5000; i++) {
      const outer = new JArray();
      outer.append(token);
      token = outer;
    }
    expect(() => token.toJson(false)).toThrow(BudgetExceeded);
    expect(() => token.deepClone()).toThrow(BudgetExceeded);
    expect(() => [...token.descendants(true)]).toThrow(BudgetExceeded);
  });

  test('a huge text costs the budget before it is read', () => {
    expect(() => parseJson(`[${'1,'.repeat(5_000_000)}1]`)).toThrow(BudgetExceeded);
  });
});

describe('the tree', () => {
  test('a token belongs to one parent: a second one gets a clone', () => {
    const child = new JValue('x');
    const first = new JArray();
    const second = new JArray();
    first.append(child);
    second.append(child);
    expect(child.parent).toBe(first);
    expect(second.at(0)).not.toBe(child);
  });
  test('names and positions stay in step through every change of a JObject', () => {
    const object = new JObject();
    object.add('a', new JValue(1));
    object.add('b', new JValue(2));
    object.property('a')?.replace(new JProperty('c', new JValue(3)));
    expect(object.get('a')).toBeNull();
    expect(object.get('c')?.path).toBe('c');
    object.remove('b');
    expect(object.count).toBe(1);
    object.clear();
    expect(object.find('c')).toBeUndefined();
  });
});

test('any JSONPath selects or is a JsonException', () => {
  const root = parseJson('{"a":[1,{"b":"x"}],"c":{"d":null}}');
  const path = fc.string({ unit: fc.constantFrom(...'$.[]()*?@\'"abcd01:,-=!<>&| /~\\') });
  fc.assert(
    fc.property(path, (source) => {
      startBudget();
      try {
        expect([...selectTokens(root, source)].length).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toBeInstanceOf(NetException);
        expect((error as NetException).typeName).toMatch(/JsonException$|ArgumentException$/);
      }
    }),
    { numRuns: 5000 },
  );
});
