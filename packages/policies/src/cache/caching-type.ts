import type { AttributeSchema } from '../schema/definition.ts';

/**
 * `caching-type`. There is one cache, which the operator chooses (memory or Redis): the attribute is accepted and selects
 * nothing.
 */
export const cachingType: AttributeSchema = {
  type: 'enum',
  values: ['prefer-external', 'internal', 'external'],
  default: 'prefer-external',
  expression: false,
};
