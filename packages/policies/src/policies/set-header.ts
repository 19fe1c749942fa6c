import { existsActionElement } from '../message/exists-action.ts';
import { compileSetHeader, validateSetHeader } from '../message/header-edit.ts';
import { messageOf, responseOf } from '../message/response-of.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Sets, adds to or removes a header of the request (inbound, backend) or the response (outbound, on-error). */
export const setHeader: PolicyDefinition = {
  name: 'set-header',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: existsActionElement,
  validate: validateSetHeader,
  compile(element, compiler) {
    const edit = compileSetHeader(element, compiler);
    if (messageOf(compiler.section) === 'request')
      return (exchange) => {
        edit(exchange, exchange.request.headers);
        return undefined;
      };
    return (exchange) => {
      edit(exchange, responseOf(exchange).headers);
      return undefined;
    };
  },
  notes:
    "Connection, Content-Length, Keep-Alive and Transfer-Encoding are refused: when loading for a literal name, with an ExpressionValueEvaluationFailure for one that an expression gives. A line break in a value is an error. A null value is an empty one. Unlike in Azure, the backend's Server header can be deleted.",
};
