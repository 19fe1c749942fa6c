import type { Diagnostic } from '../diagnostic.ts';
import { isObject, nameOfType, type ParsedDocument } from '../documents/document.ts';
import { Cursor } from '../information/cursor.ts';
import type { Dialect } from './convert-schema.ts';
import { readOperations, type SpecificationOperation } from './operations.ts';
import { type OpenDocument, References } from './references.ts';
import { SchemaCollector } from './schema-collector.ts';
import { serviceUrlOf } from './service-url.ts';
import { SpecificationNode } from './specification-node.ts';

/** What an OpenAPI or Swagger document says about an API. */
export interface Specification {
  readonly title: string | null;
  readonly description: string | null;
  /** Address of the backend, or null. */
  readonly serviceUrl: string | null;
  readonly operations: readonly SpecificationOperation[];
  readonly schemas: ReadonlyMap<string, unknown>;
}

export interface SpecificationOptions {
  /** Opens the files that `$ref`s name. */
  readonly open: OpenDocument;
  readonly requiredQueryParameters: 'template' | 'query';
}

/**
 * Reads OpenAPI 3.0 or 3.1 or Swagger 2.0 as Azure's import does. Every problem is added to `diagnostics`, once; null
 * when the document is no specification at all.
 */
export function readSpecification(
  document: ParsedDocument,
  options: SpecificationOptions,
  diagnostics: Diagnostic[],
): Specification | null {
  const found: Diagnostic[] = [...document.diagnostics];
  const specification = document.value === undefined ? null : readRoot(document, options, found);
  const seen = new Set<string>();
  for (const diagnostic of found) {
    // A parameter or schema that several operations share is read for each of them.
    const key = `${diagnostic.file} ${diagnostic.line} ${diagnostic.column} ${diagnostic.code} ${diagnostic.message}`;
    if (!seen.has(key)) diagnostics.push(diagnostic);
    seen.add(key);
  }
  return specification;
}

function readRoot(
  document: ParsedDocument,
  options: SpecificationOptions,
  diagnostics: Diagnostic[],
): Specification | null {
  const root = new SpecificationNode(document.value, new Cursor(document, [], diagnostics));
  const dialect = dialectOf(root);
  if (dialect === null) return null;
  const info = root.get('info');
  if (info === null)
    root.at.problem('MissingProperty', { property: 'info', expected: 'an object with title and version' });
  else if (!isObject(info.value)) info.wrongType('an object with title and version');
  else {
    for (const key of ['title', 'version']) {
      if (info.get(key) === null) info.at.problem('MissingProperty', { property: key, expected: 'a string' });
    }
  }
  const references = new References(options.open, diagnostics);
  const schemas = new SchemaCollector(references, dialect);
  schemas.addNamed(dialect === 'swagger2' ? root.get('definitions') : (root.get('components')?.get('schemas') ?? null));
  const operations = readOperations({
    dialect,
    root,
    references,
    schemas,
    requiredQueryParameters: options.requiredQueryParameters,
  });
  return {
    title: info?.string('title') ?? null,
    description: info?.string('description') ?? null,
    serviceUrl: serviceUrlOf(root),
    operations,
    schemas: schemas.schemas,
  };
}

function dialectOf(root: SpecificationNode): Dialect | null {
  if (!isObject(root.value)) {
    root.wrongType('an OpenAPI document (an object)');
    return null;
  }
  const swagger = root.get('swagger');
  const openapi = root.get('openapi');
  const declared = swagger ?? openapi;
  // YAML reads an unquoted 2.0 as the number 2, and 3.0 as 3.
  const version = declared === null ? '' : String(declared.value);
  if (swagger !== null && /^2(\.0)?$/.test(version)) return 'swagger2';
  if (swagger === null && /^3\.0(\.\d+)?$/.test(version)) return 'openapi30';
  if (swagger === null && /^3\.1(\.\d+)?$/.test(version)) return 'openapi31';
  const actual =
    declared === null
      ? "neither 'openapi' nor 'swagger'"
      : `${swagger === null ? 'openapi' : 'swagger'} ${typeof declared.value === 'object' ? nameOfType(declared.value) : version}`;
  (declared ?? root).at.problem('UnsupportedVersion', { actual });
  return null;
}
