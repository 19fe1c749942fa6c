import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pointerOf } from './document.ts';
import { parseJsonDocument } from './json-document.ts';

const codes = (text: string) =>
  parseJsonDocument('a.json', text).diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`);

describe('JSON', () => {
  test('refuses comments, with their place', () => {
    expect(codes('{\n  "a": 1 // one\n}')).toEqual(['JsonSyntax 2:10']);
  });

  test('refuses trailing commas, with their place', () => {
    const { diagnostics } = parseJsonDocument('a.json', '{\r\n  "a": [1,],\r\n  "b": {"c": 1,}\r\n}');
    expect(diagnostics.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '2 Not valid JSON: a trailing comma; expected none before the closing bracket.',
      '3 Not valid JSON: a trailing comma; expected none before the closing bracket.',
    ]);
  });

  test('reads what is beside comments and trailing commas, so that other problems can be told too', () => {
    expect(parseJsonDocument('a.json', '{"a": 1, /* b */ "c": [2,]}').value).toEqual({ a: 1, c: [2] });
  });

  test('reports every duplicate key', () => {
    expect(codes('{\n"a": 1,\n"a": 2, "b": {"c": 1,\n  "c": 2}}')).toEqual(['DuplicateKey 3:1', 'DuplicateKey 4:3']);
  });

  test('reports an empty file', () => {
    expect(codes('')).toEqual(['JsonSyntax 1:1']);
  });

  test('does not quote the text of a malformed file', () => {
    const { diagnostics } = parseJsonDocument('secrets.json', '{"key": "hunter2\u0001"}');
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.message).not.toContain('hunter2');
  });

  test('says where values and keys are, and the nearest value around what is not there', () => {
    const document = parseJsonDocument('a.json', '{\n  "a": {\n    "b/c": [1,\n   22]\n  }\n}');
    expect(document.locate(['a', 'b/c', 1])).toEqual({ line: 4, column: 4 });
    expect(document.locate(['a', 'b/c'], 'key')).toEqual({ line: 3, column: 5 });
    expect(document.locate(['a', 'x', 'y'])).toEqual({ line: 2, column: 8 });
  });

  test.each([
    ['arrays', '['.repeat(100_000)],
    ['closed arrays', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', '{"a":'.repeat(100_000)],
    ['arrays after a quote in a comment', `/*"*/${'['.repeat(100_000)}`],
    ['arrays after a quote in a comment on a line', `//"\n${'['.repeat(100_000)}`],
    ['arrays after a string that does not end', `"a\n${'['.repeat(100_000)}`],
    ['arrays after brackets that close nothing', `${']'.repeat(1000)}${'['.repeat(100_000)}`],
  ])('refuses 100,000 levels of %s', (_, text) => {
    expect(parseJsonDocument('a.json', text).diagnostics.map(({ code }) => code)).toEqual(['NestedTooDeep']);
  });

  test('keeps __proto__ a plain key', () => {
    const { value } = parseJsonDocument('a.json', '{"__proto__": {"polluted": true}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect((value as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('reads whatever JSON.stringify writes, and finds every place in it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const document = parseJsonDocument('a.json', JSON.stringify(value, null, indent));
        expect(document.value).toEqual(JSON.parse(JSON.stringify(value)));
        expect(document.diagnostics).toEqual([]);
        expect(document.locate(['0', 'x']).line).toBeGreaterThan(0);
      }),
    );
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', 'u', '1', '/', '*', '\n', 'a') }),
        (text) => {
          const document = parseJsonDocument('a.json', text);
          expect(document.value !== undefined || document.diagnostics.length > 0).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test('a pointer escapes what RFC 6901 escapes', () => {
  expect(pointerOf(['a/b', 'c~d', 0])).toBe('/a~1b/c~0d/0');
});
