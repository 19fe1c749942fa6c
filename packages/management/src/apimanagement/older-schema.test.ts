import { expect, test } from 'vitest';
import { asJson } from '../json/json.ts';
import { olderSchema } from './older-schema.ts';

test.each([
  [{ type: ['string', 'null'] }, { type: 'string', nullable: true }],
  [{ type: ['string', 'integer'] }, { anyOf: [{ type: 'string' }, { type: 'integer' }] }],
  [
    { type: ['string', 'integer', 'null'], anyOf: [{ minLength: 1 }] },
    { nullable: true, anyOf: [{ minLength: 1 }], allOf: [{ anyOf: [{ type: 'string' }, { type: 'integer' }] }] },
  ],
  [
    { anyOf: [{ $ref: '#/schemas/A' }, { type: 'null' }] },
    { allOf: [{ $ref: '#/components/schemas/A' }], nullable: true },
  ],
  [
    { const: 1, exclusiveMinimum: 0 },
    { enum: [1], minimum: 0, exclusiveMinimum: true },
  ],
  [
    { properties: { type: { type: ['integer'] }, $ref: true } },
    { properties: { type: { type: 'integer' }, $ref: {} } },
  ],
  [
    { additionalProperties: false, examples: ['a', 'b'] },
    { additionalProperties: false, example: 'a' },
  ],
  [{ patternProperties: { a: true }, 'x-a': [true] }, { 'x-a': [true] }],
  [
    { discriminator: { propertyName: 'p', mapping: { a: '#/schemas/A' } } },
    { discriminator: { propertyName: 'p', mapping: { a: '#/components/schemas/A' } } },
  ],
])('%j in OpenAPI 3.0', (schema, expected) => {
  expect(olderSchema(asJson(schema), 'openapi30')).toEqual(expected);
  // What is written so already stays.
  expect(olderSchema(asJson(expected), 'openapi30')).toEqual(expected);
});

test('what is stored keeps the keywords that OpenAPI 3.0 has no word for', () => {
  expect(
    olderSchema({ patternProperties: { a: { type: ['string', 'null'] } }, if: { $ref: '#/schemas/A' } }, 'stored'),
  ).toEqual({
    patternProperties: { a: { type: 'string', nullable: true } },
    if: { $ref: '#/components/schemas/A' },
  });
});

test('Swagger 2', () => {
  expect(olderSchema({ type: ['string', 'null'] }, 'swagger2')).toEqual({ type: 'string', 'x-nullable': true });
  expect(olderSchema({ $ref: '#/components/schemas/A' }, 'swagger2')).toEqual({ $ref: '#/definitions/A' });
});
