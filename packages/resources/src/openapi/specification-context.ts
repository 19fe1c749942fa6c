import type { Dialect } from './convert-schema.ts';
import type { References } from './references.ts';
import type { SchemaCollector } from './schema-collector.ts';
import type { SpecificationNode } from './specification-node.ts';

/** What every part of reading a specification needs. */
export interface SpecificationContext {
  readonly dialect: Dialect;
  readonly root: SpecificationNode;
  readonly references: References;
  readonly schemas: SchemaCollector;
  /** Where required query parameters go; Azure's `translateRequiredQueryParameters`. */
  readonly requiredQueryParameters: 'template' | 'query';
}
