import { textElement } from '../schema/child-schemas.ts';
import type { ElementSchema } from '../schema/definition.ts';

/** `set-header` and `set-query-parameter`: a name, what to do when it is there, and its values. */
export const existsActionElement: ElementSchema = {
  attributes: {
    name: { type: 'string', required: true, expression: true, nonEmpty: true },
    'exists-action': {
      type: 'enum',
      values: ['override', 'append', 'skip', 'delete'],
      default: 'override',
      expression: true,
    },
  },
  children: {
    kind: 'sequence',
    items: [textElement('value', { required: false })],
  },
};
