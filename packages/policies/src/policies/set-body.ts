import { MessageBody } from '../http/body.ts';
import { compileSetBody, setBodyElement } from '../message/body-edit.ts';
import { messageOf, responseOf } from '../message/response-of.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Replaces the body of the request (inbound, backend) or the response (outbound, on-error). Content-Type stays as it is. */
export const setBody: PolicyDefinition = {
  name: 'set-body',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: setBodyElement,
  compile(element, compiler) {
    const message = messageOf(compiler.section);
    const content = compileSetBody(element, compiler, message);
    const isTemplate = compiler.choice(element, 'template').constant === 'liquid';
    return (exchange) => {
      const bytes = content(exchange);
      const target = message === 'request' ? exchange.request : responseOf(exchange);
      // A template reads a compressed body and writes plain text; what an expression writes is its own affair.
      if (isTemplate) target.headers.remove('Content-Encoding');
      if (target.body) target.body.replace(bytes);
      else target.body = MessageBody.fromBytes(bytes);
      return undefined;
    };
  },
  notes:
    "A request without a body gets one (Azure's page announces an exception, deployed documents rely on it). The attribute html-decode-expression is accepted: entities in expressions are always decoded. Liquid: names of elements, variables of context and the like are found without regard to case when they are not found exactly; an XML element goes through its children in a loop; include, render and layout are refused; a template has two seconds.",
};
