import { expect, test } from 'vitest';
import type { Diagnostic } from '../diagnostic.ts';
import { parseJsonDocument } from '../documents/json-document.ts';
import { Cursor } from '../information/cursor.ts';
import { convertSchema, type Dialect } from './convert-schema.ts';
import { SpecificationNode } from './specification-node.ts';

function convert(schema: unknown, dialect: Dialect): { schema: unknown; problems: string[] } {
  const diagnostics: Diagnostic[] = [];
  const document = parseJsonDocument('a.json', JSON.stringify(schema));
  const node = new SpecificationNode(document.value, new Cursor(document, [], diagnostics));
  const converted = convertSchema(node, dialect, () => '#/schemas/Target');
  return { schema: converted, problems: diagnostics.map(({ code, column }) => `${code} ${column}`) };
}

const reference = { $ref: '#/components/schemas/Target' };
const target = { $ref: '#/schemas/Target' };
const nothing = { type: 'null' };

const cases: readonly (readonly [string, Dialect, unknown, unknown])[] = [
  ['a type', 'openapi30', { type: 'string', minLength: 1 }, { type: 'string', minLength: 1 }],
  ['nullable', 'openapi30', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
  ['nullable false', 'openapi30', { type: 'string', nullable: false }, { type: 'string' }],
  [
    'nullable without a type',
    'openapi30',
    { allOf: [reference], nullable: true },
    { anyOf: [{ allOf: [target] }, nothing] },
  ],
  [
    'x-nullable, which stays as every extension does',
    'swagger2',
    { type: 'string', 'x-nullable': true },
    { type: ['string', 'null'], 'x-nullable': true },
  ],
  ['an exclusive bound', 'openapi30', { minimum: 1, exclusiveMinimum: true }, { exclusiveMinimum: 1 }],
  ['an inclusive bound', 'openapi30', { maximum: 1, exclusiveMaximum: false }, { maximum: 1 }],
  ['an exclusive bound of 3.1', 'openapi31', { exclusiveMinimum: 1 }, { exclusiveMinimum: 1 }],
  ['a file', 'swagger2', { type: 'file' }, { type: 'string', format: 'binary' }],
  ['several types', 'openapi31', { type: ['string', 'null'] }, { type: ['string', 'null'] }],
  ['a reference', 'openapi30', { ...reference, description: 'dropped' }, target],
  ['a reference of 3.1', 'openapi31', { ...reference, minLength: 1 }, { ...target, minLength: 1 }],
  ['what moves the base of references', 'openapi31', { $id: 'https://a.example/', $anchor: 'x' }, {}],
  ['true', 'openapi31', true, true],
  [
    'schemas inside schemas',
    'openapi30',
    {
      properties: { a: { type: 'string', nullable: true }, $ref: { type: 'string' } },
      items: reference,
      additionalProperties: { nullable: true, type: 'integer' },
      oneOf: [reference],
      not: { type: 'boolean', nullable: true },
    },
    {
      properties: { a: { type: ['string', 'null'] }, $ref: { type: 'string' } },
      items: target,
      additionalProperties: { type: ['integer', 'null'] },
      oneOf: [target],
      not: { type: ['boolean', 'null'] },
    },
  ],
];

test.each(cases)('%s (%s)', (_, dialect, schema, expected) => {
  expect(convert(schema, dialect)).toEqual({ schema: expected, problems: [] });
});

test.each([
  [{ type: 'text' }, 'InvalidValue 9'],
  [{ type: 1 }, 'WrongType 9'],
  [{ required: true }, 'WrongType 13'],
  [{ enum: 'a' }, 'WrongType 9'],
  [{ pattern: 1 }, 'WrongType 12'],
  [{ minLength: -1 }, 'WrongType 14'],
  [{ maximum: '1' }, 'WrongType 12'],
  [{ properties: [] }, 'WrongType 15'],
  [{ allOf: {} }, 'WrongType 10'],
  ['text', 'WrongType 1'],
])('%j is reported', (schema, problem) => {
  expect(convert(schema, 'openapi30').problems).toEqual([problem]);
});
