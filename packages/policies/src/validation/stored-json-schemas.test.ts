import type { ServiceSchema } from '@lazuli/resources';
import { expect, it } from 'vitest';
import { jsonProblem } from './json-body.ts';
import { schemaAt } from './schema-reference.ts';
import { storedJsonSchemas } from './stored-json-schemas.ts';

function problem(
  documents: Readonly<Record<string, unknown>>,
  value: unknown,
  id = 'main',
  reference: string | null = null,
) {
  const stored = new Map<string, ServiceSchema>(
    Object.entries(documents).map(([name, document]) => [name, { name, schemaType: 'json', document }]),
  );
  const schemas = storedJsonSchemas(stored);
  expect(storedJsonSchemas(stored)).toBe(schemas);
  const schema = schemaAt(schemas, id, reference)?.value;
  expect(schema).toBeDefined();
  return jsonProblem(JSON.stringify(value), { schema, schemas, ignoreCase: false, additionalProperties: null });
}

it('follows references into the schema itself', () => {
  const main = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { a: { $ref: '#/definitions/A' }, next: { $ref: '#' } },
    definitions: { A: { type: 'integer' } },
  };
  expect(problem({ main }, { a: 1, next: { a: 2 } })).toBeNull();
  expect(problem({ main }, { next: { a: 'x' } })).toMatch(/Expected Integer but got String/);
});

it('follows references into another schema, by its path and by its $id', () => {
  const other = { $id: 'https://example.com/other.json', definitions: { 'A/b': { type: 'boolean' } } };
  for (const reference of ['/schemas/other#/definitions/A~1b', 'https://example.com/other.json#/definitions/A~1b']) {
    const main = { properties: { a: { $ref: reference } } };
    expect(problem({ main, other }, { a: true })).toBeNull();
    expect(problem({ main, other }, { a: 1 })).toMatch(/Expected Boolean/);
  }
});

it('takes a part of a schema', () => {
  const main = { components: { schemas: { address: { type: 'object', required: ['city'] } } } };
  expect(problem({ main }, {}, 'main', '#/components/schemas/address')).toMatch(/city/);
});

it('reads older drafts', () => {
  const main = {
    items: [{ type: 'integer', minimum: 3, exclusiveMinimum: true }, { type: 'string' }],
    additionalItems: false,
  };
  expect(problem({ main }, [4, 'a'])).toBeNull();
  expect(problem({ main }, [3, 'a'])).not.toBeNull();
  expect(problem({ main }, [4, 'a', 1])).not.toBeNull();
  const dependent = { dependencies: { a: ['b'], c: { required: ['d'] } } };
  expect(problem({ main: dependent }, { a: 1 })).not.toBeNull();
  expect(problem({ main: dependent }, { c: 1 })).not.toBeNull();
  expect(problem({ main: dependent }, { a: 1, b: 1, c: 1, d: 1 })).toBeNull();
});

it('cannot use a schema whose reference leads out of the service', () => {
  const main = { properties: { a: { $ref: 'https://example.com/nowhere.json' } } };
  expect(() => problem({ main }, { a: 1 })).toThrow(/nowhere/);
});
