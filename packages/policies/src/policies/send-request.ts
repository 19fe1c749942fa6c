import type { Exchange } from '../exchange.ts';
import { errorStatus, isRequestError } from '../outgoing/error-status.ts';
import { compileOutgoingRequest, validateOutgoingRequest } from '../outgoing/outgoing-request.ts';
import { receivedResponse } from '../outgoing/received-response.ts';
import { outgoingRequestAttributes, outgoingRequestContent } from '../outgoing/request-elements.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Sends a request of its own, waits for the answer and keeps it as an `IResponse` in a variable. */
export const sendRequest: PolicyDefinition = {
  name: 'send-request',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      ...outgoingRequestAttributes,
      'response-variable-name': { type: 'string', required: true, expression: true, nonEmpty: true },
      'ignore-error': { type: 'boolean', default: 'false', expression: false },
      'buffer-response': { type: 'boolean', default: 'true', expression: false, note: 'undocumented' },
      'fail-on-error-status-code': { type: 'boolean', default: 'false', expression: false, note: 'undocumented' },
    },
    children: outgoingRequestContent,
  },
  validate: validateOutgoingRequest,
  compile(element, compiler) {
    const request = compileOutgoingRequest(element, compiler);
    const variable = compiler.string(element, 'response-variable-name');
    const ignoreError = compiler.boolean(element, 'ignore-error').constant === true;
    const failOnError = compiler.boolean(element, 'fail-on-error-status-code').constant === true;

    const send = async (exchange: Exchange): Promise<unknown> => {
      const response = await exchange.ports.http.send(await request(exchange));
      if (failOnError && response.status >= 400 && response.status <= 599) {
        response.body?.abort(new Error('The response is not wanted.'));
        throw errorStatus(response.status);
      }
      return receivedResponse(exchange, response);
    };
    return async (exchange) => {
      const name = variable.get(exchange) ?? '';
      let answer: unknown;
      try {
        answer = await send(exchange);
      } catch (error) {
        exchange.signal.throwIfAborted();
        if (!ignoreError || !isRequestError(error)) throw error;
        exchange.trace(compiler.info, 'The request failed; ignore-error lets the pipeline go on.', {
          reason: error.reason,
          message: error.message,
        });
        answer = null;
      }
      // Cancelled (`wait`): what comes late changes nothing any more.
      exchange.signal.throwIfAborted();
      exchange.variables.set(name, answer);
      return undefined;
    };
  },
  notes:
    'The response is kept in memory, up to the size that policies may read; buffer-response is accepted and changes nothing. ignore-error covers what happens to the request (no connection, no answer in time, an answer too large, no token); an expression that fails is an error all the same. set-url takes absolute http and https URLs only. In mode copy the body is read, and Host is that of set-url.',
};
