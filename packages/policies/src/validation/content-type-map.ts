import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { mediaTypeOf } from '../message/media-type.ts';
import type { ElementSchema } from '../schema/definition.ts';

const optional = { type: 'string', expression: false, nonEmpty: true } as const;

export const contentTypeMapElement: ElementSchema = {
  attributes: { 'any-content-type-value': optional, 'missing-content-type-value': optional },
  children: {
    kind: 'sequence',
    items: [
      {
        name: 'type',
        min: 0,
        max: Number.POSITIVE_INFINITY,
        element: {
          attributes: {
            from: optional,
            when: { type: 'boolean', expression: true },
            to: { ...optional, required: true },
          },
        },
      },
    ],
  },
};

/**
 * Which content type a message counts as: `any-content-type-value` beats all, then the first `type` that matches, then
 * `missing-content-type-value` for a message without one.
 */
export function compileContentTypeMap(
  map: PolicyElement | undefined,
  compiler: PolicyCompiler,
): (exchange: Exchange, contentType: string) => string {
  if (!map) return (_exchange, contentType) => contentType;
  const constant = (element: PolicyElement, name: string) => mediaTypeOf(compiler.string(element, name).constant ?? '');
  const any = constant(map, 'any-content-type-value');
  const missing = constant(map, 'missing-content-type-value');
  const types = compiler.children(map, 'type').map((element) => {
    if (compiler.has(element, 'from') === compiler.has(element, 'when'))
      compiler.report(element, "Exactly one of the attributes 'from' and 'when' is required.");
    return {
      from: constant(element, 'from'),
      when: compiler.has(element, 'when') ? compiler.boolean(element, 'when') : null,
      to: constant(element, 'to'),
    };
  });
  return (exchange, contentType) => {
    if (any !== '') return any;
    for (const { from, when, to } of types) if (when ? when.get(exchange) : from === contentType) return to;
    return contentType === '' ? missing : contentType;
  };
}
