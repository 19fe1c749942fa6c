import { responseOf } from '../message/response-of.ts';
import { compileSetStatus, setStatusElement, validateSetStatus } from '../message/status-edit.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Sets status code and reason phrase of the response. */
export const setStatus: PolicyDefinition = {
  name: 'set-status',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: setStatusElement,
  validate: validateSetStatus,
  compile(element, compiler) {
    const line = compileSetStatus(element, compiler);
    return (exchange) => {
      const { status, reason } = line(exchange);
      const response = responseOf(exchange);
      response.status = status;
      response.reason = reason;
      return undefined;
    };
  },
  notes: 'Codes from 200 to 999: a final response cannot have a 1xx status.',
};
