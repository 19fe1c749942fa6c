import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { TemplateError } from '../errors.ts';
import { plain } from '../testing/evaluate.ts';
import { copyJson, readJson } from './reader.ts';

describe('reading as Newtonsoft does', () => {
  it.each([
    ['comments', '{ // one\n "a": /* two */ 1 }', { a: 1 }],
    ['single quotes and names without quotes', "{a: 'it\\'s', $b_c: \"d\"}", { a: "it's", $b_c: 'd' }],
    ['line breaks in strings', '{"a": "one\ntwo"}', { a: 'one\ntwo' }],
    ['commas before the end', '{"a": [1, 2,], }', { a: [1, 2] }],
    ['numbers', '{"a": [0x1F, -0x2, .5, 1e3, -7, +3]}', { a: [31, -2, 0.5, 1000, -7, 3] }],
    ['words', '{"a": [true, false, null, undefined]}', { a: [true, false, null, null] }],
    ['escapes', '{"a": "\\u00e9\\n\\t\\/\\\\\\b"}', { a: 'é\n\t/\\\b' }],
    ['a byte order mark', '\ufeff{"a": 1}', { a: 1 }],
    ['the last of two values', '{"a": 1, "a": 2}', { a: 2 }],
    [
      'what az sends',
      '{"properties": {"parameters": {}, "mode": "Incremental", template:{ // raw file\n "x": 1}}}',
      { properties: { parameters: {}, mode: 'Incremental', template: { x: 1 } } },
    ],
  ])('takes %s', (_, text, value) => {
    expect(plain(readJson(text).value)).toEqual(value);
  });

  it.each([
    ['', 1, 1, 'the content is empty'],
    ['{"a": 1', 1, 8, "unexpected end; expected '}'"],
    ['{\n  "a" 1}', 2, 7, "expected ':' after the name 'a'"],
    ['{"a": "x', 1, 7, 'the string has no end'],
    ['[1 2]', 1, 4, "unexpected '2'; expected ',' or ']'"],
    ['{"a": foo}', 1, 7, "unexpected 'foo'; expected a value"],
    ['{} x', 1, 4, "unexpected 'x' after the end"],
    ['{"a": "\\q"}', 1, 8, "'\\q' is no escape"],
    ['/* x', 1, 1, 'the comment has no end'],
  ])('refuses %j at line %i, column %i', (text, line, column, reason) => {
    const error = thrown(() => readJson(text));
    expect(error.message).toContain(reason);
    expect(error.position).toEqual({ line, column });
  });

  it('knows where properties stand', () => {
    const { value, positions } = readJson('{\n  "a": [\n    1,\n    {"b": 2}\n  ]\n}');
    const object = value as Record<string, object[]>;
    expect(positions.at(object, 'a')).toEqual({ line: 2, column: 3 });
    expect(positions.at(object.a!, 1)).toEqual({ line: 4, column: 5 });
    expect(positions.at(object.a![1]!, 'b')).toEqual({ line: 4, column: 6 });
  });

  it('refuses documents nested without end', () => {
    expect(thrown(() => readJson('['.repeat(100_000))).code).toBe('InvalidRequestContent');
    let deep: unknown = 1;
    for (let i = 0; i < 1000; i++) deep = [deep];
    expect(thrown(() => copyJson(deep)).code).toBe('InvalidRequestContent');
  });
});

test('reads every JSON document', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      expect(JSON.stringify(readJson(text).value)).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

test('reads anything or says what is wrong', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom('{', '}', '[', ']', ',', ':', '"', "'", 'a', '1', '-', '.', '\\', '/', '*', '\n', 'true', ' '),
      ),
      (parts) => {
        try {
          readJson(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

function thrown(work: () => unknown): TemplateError {
  try {
    work();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
