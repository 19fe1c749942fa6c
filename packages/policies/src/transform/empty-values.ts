import type { AttributeSchema } from '../schema/definition.ts';

/** `empty-values` of the policies that convert between XML and JSON. */
export const emptyValues: AttributeSchema = {
  type: 'enum',
  values: ['preserve', 'as-null'],
  default: 'preserve',
  expression: true,
  note: 'undocumented',
};
