import { messageOf } from '../message/response-of.ts';
import { rewriteText } from '../message/rewrite-text.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Replaces every occurrence of a text in the body of the request (inbound, backend) or the response (outbound, on-error). */
export const findAndReplace: PolicyDefinition = {
  name: 'find-and-replace',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      from: { type: 'string', required: true, expression: true, nonEmpty: true },
      to: { type: 'string', required: true, expression: true },
    },
  },
  compile(element, compiler) {
    const from = compiler.string(element, 'from');
    const to = compiler.string(element, 'to');
    const which = messageOf(compiler.section);
    compiler.reads(which);
    return rewriteText(which, (exchange, text) => {
      const search = from.get(exchange) ?? '';
      if (search === '' || !text.includes(search)) return null;
      return { text: text.replaceAll(search, () => to.get(exchange) ?? '') };
    });
  },
  notes:
    'A plain, case-sensitive text. An expression for from that gives an empty text replaces nothing. A compressed body is unpacked when something is replaced in it, and sent unpacked.',
};
