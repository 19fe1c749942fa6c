import type { Diagnostic } from '../diagnostic.ts';
import type { ParsedDocument } from '../documents/document.ts';
import { Cursor } from '../information/cursor.ts';
import { type OpenDocument, References } from './references.ts';
import { SchemaCollector } from './schema-collector.ts';
import { SpecificationNode } from './specification-node.ts';

/** Reads the schemas of an API's schema resource: `components.schemas` (OpenAPI) or `definitions` (Swagger). */
export function readSchemas(
  document: ParsedDocument,
  open: OpenDocument,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, unknown> {
  const root = new SpecificationNode(document.value, new Cursor(document, [], diagnostics));
  const definitions = root.get('definitions');
  const collector = new SchemaCollector(
    new References(open, diagnostics),
    definitions === null ? 'openapi30' : 'swagger2',
  );
  collector.addNamed(definitions ?? root.get('components')?.get('schemas') ?? null);
  return collector.schemas;
}
