import type { AttributeSchema, ChildSchema } from './definition.ts';

/** An optional element that holds others, such as `audiences`. */
export function holderElement(
  name: string,
  items: readonly ChildSchema[],
  attributes: Readonly<Record<string, AttributeSchema>> = {},
): ChildSchema {
  return { name, min: 0, max: 1, element: { attributes, children: { kind: 'sequence', items } } };
}

/** An element that holds a text, or an expression that gives it, as often as one likes, such as `value`. */
export function textElement(name: string, { required, min = 0 }: { required: boolean; min?: number }): ChildSchema {
  return {
    name,
    min,
    max: Number.POSITIVE_INFINITY,
    element: { attributes: {}, text: { required, expression: true } },
  };
}
