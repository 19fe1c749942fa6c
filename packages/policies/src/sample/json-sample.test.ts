import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleOf } from './json-sample.ts';

const schemas: Record<string, unknown> = {
  '#/schemas/Node': {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      next: { $ref: '#/schemas/Node' },
      all: { type: 'array', items: { $ref: '#/schemas/Node' } },
    },
  },
  '#/schemas/Self': { $ref: '#/schemas/Self' },
};
const sample = (schema: unknown) => sampleOf(schema, (reference) => schemas[reference]);

test.each<[string, unknown, unknown]>([
  ['string', { type: 'string' }, 'string'],
  ['shortest string', { type: 'string', maxLength: 3 }, 'str'],
  ['long string', { type: 'string', minLength: 8 }, 'stringst'],
  ['date-time', { type: 'string', format: 'date-time' }, '2025-01-01T00:00:00Z'],
  ['unknown format', { type: 'string', format: 'toString' }, 'string'],
  ['enum', { type: 'string', enum: ['b', 'a'] }, 'b'],
  ['const', { const: 7 }, 7],
  ['default', { type: 'integer', default: 5 }, 5],
  ['example', { type: 'object', example: { a: 1 } }, { a: 1 }],
  ['examples', { type: 'string', examples: ['x', 'y'] }, 'x'],
  ['integer', { type: 'integer' }, 0],
  ['bounds', { type: 'integer', minimum: 3, maximum: 5 }, 3],
  ['negative', { type: 'integer', maximum: -2 }, -2],
  ['exclusive', { type: 'integer', exclusiveMinimum: 3 }, 4],
  ['exclusive, draft 4', { type: 'integer', minimum: 3, exclusiveMinimum: true }, 4],
  ['multiple', { type: 'number', minimum: 0.3, multipleOf: 0.5 }, 0.5],
  ['boolean', { type: 'boolean' }, true],
  ['null', { type: 'null' }, null],
  ['nullable', { type: ['null', 'string'] }, 'string'],
  ['array', { type: 'array', items: { type: 'integer' } }, [0]],
  ['array with a minimum', { type: 'array', minItems: 2, items: { type: 'integer' } }, [0, 0]],
  ['empty array', { type: 'array', maxItems: 0, items: { type: 'integer' } }, []],
  ['tuple', { prefixItems: [{ type: 'integer' }, { type: 'boolean' }] }, [0, true]],
  ['object', { properties: { a: { type: 'string' }, b: { type: 'integer' } } }, { a: 'string', b: 0 }],
  ['map', { type: 'object', additionalProperties: { type: 'integer' } }, { property: 0 }],
  [
    'allOf',
    { allOf: [{ properties: { a: { type: 'integer' } } }, { properties: { b: { const: 1 } } }] },
    { a: 0, b: 1 },
  ],
  [
    'oneOf beside properties',
    { oneOf: [{ properties: { b: { const: 1 } } }], properties: { a: { const: 2 } } },
    { a: 2, b: 1 },
  ],
  ['anyOf', { anyOf: [{ type: 'null' }, { type: 'string' }] }, 'string'],
  ['a cycle', { $ref: '#/schemas/Node' }, { id: 0, all: [] }],
  ['a reference to itself', { $ref: '#/schemas/Self' }, null],
  ['a broken reference', { $ref: '#/nothing' }, null],
  ['anything', true, {}],
  ['nothing', null, null],
])('%s', (_, schema, expected) => {
  expect(sample(schema)).toEqual(expected);
});

test('a property named __proto__ is a property', () => {
  const schema: unknown = JSON.parse('{"properties":{"__proto__":{"type":"integer"}}}');
  expect(JSON.stringify(sample(schema))).toBe('{"__proto__":0}');
});

test('bounded for schemas that explode or nest deeply', () => {
  const wide = { properties: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`p${i}`, { $ref: 'x' }])) };
  const explode = (depth: number): unknown =>
    depth === 0
      ? { type: 'integer' }
      : {
          ...wide,
          properties: Object.fromEntries(Object.keys(wide.properties).map((key) => [key, { $ref: String(depth - 1) }])),
        };
  const text = JSON.stringify(sampleOf(explode(10), (reference) => explode(Number(reference))));
  expect(text.length).toBeLessThan(200_000);
  let deep: unknown = { type: 'integer' };
  for (let i = 0; i < 100_000; i++) deep = { type: 'array', items: deep };
  expect(() => sample(deep)).not.toThrow();
});

test('any JSON as a schema gives JSON, the same every time', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (schema) => {
      expect(JSON.stringify(sample(schema))).toBe(JSON.stringify(sample(schema)));
    }),
  );
});
