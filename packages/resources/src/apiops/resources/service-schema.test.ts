import { describe, expect, it } from 'vitest';
import { FolderInMemory } from '../../folder/folder-in-memory.ts';
import { readServiceFolder } from '../folder-reader.ts';

const read = (files: Readonly<Record<string, unknown>>) =>
  readServiceFolder(
    new FolderInMemory(Object.fromEntries(Object.entries(files).map(([path, value]) => [path, JSON.stringify(value)]))),
  );

describe('schemas of the service', () => {
  it('reads an XML schema from value and a JSON schema from document', async () => {
    const { model, diagnostics } = await read({
      'schemas/order/schemaInformation.json': { properties: { schemaType: 'xml', value: '<xs:schema/>' } },
      'schemas/item/schemaInformation.json': { schemaType: 'json', document: { type: 'object' } },
      'schemas/text/schemaInformation.json': { schemaType: 'json', value: '{"type":"string"}' },
    });
    expect(diagnostics).toEqual([]);
    expect(model.schemas).toEqual([
      { name: 'item', schemaType: 'json', document: { type: 'object' } },
      { name: 'order', schemaType: 'xml', value: '<xs:schema/>' },
      { name: 'text', schemaType: 'json', document: { type: 'string' } },
    ]);
  });

  it('says what is missing', async () => {
    const { model, diagnostics } = await read({
      'schemas/a/schemaInformation.json': { schemaType: 'xml', document: { type: 'object' } },
      'schemas/b/schemaInformation.json': { schemaType: 'json', value: 'no JSON' },
      'schemas/c/schemaInformation.json': { schemaType: 'yaml', value: '' },
    });
    expect(model.schemas).toEqual([]);
    expect(diagnostics.map(({ file, code }) => [file, code])).toEqual([
      ['schemas/a/schemaInformation.json', 'MissingProperty'],
      ['schemas/b/schemaInformation.json', 'MissingProperty'],
      ['schemas/c/schemaInformation.json', 'InvalidValue'],
    ]);
  });

  it('gives an API the XML schemas of its own folder', async () => {
    const { model } = await read({
      'apis/soap/apiInformation.json': { displayName: 'Soap', path: 'soap', type: 'soap' },
      'apis/soap/schemas/types/schemaInformation.json': {
        properties: {
          contentType: 'application/vnd.ms-azure-apim.xsd+xml',
          document: { value: '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>' },
        },
      },
      'apis/soap/schemas/json/schemaInformation.json': {
        contentType: 'application/vnd.oai.openapi.components+json',
        document: { components: { schemas: { A: { type: 'string' } } } },
      },
    });
    expect([...(model.apis[0]?.xmlSchemas ?? [])]).toEqual([
      ['types', '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>'],
    ]);
    expect([...(model.apis[0]?.schemas.keys() ?? [])]).toEqual(['A']);
  });
});
