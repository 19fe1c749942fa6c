import { attributeOf } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { backendResponded } from '../http/backend-response.ts';
import { MessageBody } from '../http/body.ts';
import { PolicyError } from '../policy-error.ts';
import type { ForwardOptions, HttpResponse } from '../ports/ports.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Sends the request to its backend and waits for the response's headers. Without it nothing is forwarded. */
export const forwardRequest: PolicyDefinition = {
  name: 'forward-request',
  sections: ['backend'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      timeout: { type: 'int', default: '300', expression: true, min: 0 },
      'timeout-ms': { type: 'int', expression: true, min: 0 },
      'continue-timeout': { type: 'int', expression: true, min: 0 },
      'http-version': { type: 'enum', values: ['1', '2or1', '2'], default: '1', expression: false },
      'follow-redirects': { type: 'boolean', default: 'false', expression: true },
      'buffer-request-body': { type: 'boolean', default: 'false', expression: false },
      'buffer-response': { type: 'boolean', default: 'true', expression: false },
      'fail-on-error-status-code': { type: 'boolean', default: 'false', expression: false },
    },
  },
  validate(element, compiler) {
    if (attributeOf(element, 'timeout') && attributeOf(element, 'timeout-ms'))
      compiler.report(element, "Only one of the attributes 'timeout' and 'timeout-ms' may be given.");
  },
  compile(element, compiler) {
    const seconds = compiler.int(element, 'timeout');
    const milliseconds = compiler.has(element, 'timeout-ms') ? compiler.int(element, 'timeout-ms') : null;
    const continueTimeout = compiler.has(element, 'continue-timeout')
      ? compiler.int(element, 'continue-timeout')
      : null;
    const version = httpVersion(compiler.choice(element, 'http-version').constant);
    const followRedirects = compiler.boolean(element, 'follow-redirects');
    const bufferRequestBody = compiler.boolean(element, 'buffer-request-body').constant === true;
    const bufferResponse = compiler.boolean(element, 'buffer-response').constant !== false;
    const failOnError = compiler.boolean(element, 'fail-on-error-status-code').constant === true;

    const optionsFor = (exchange: Exchange): ForwardOptions => ({
      timeoutMs: milliseconds ? milliseconds.get(exchange) : seconds.get(exchange) * 1000,
      continueTimeoutMs: continueTimeout ? continueTimeout.get(exchange) * 1000 : null,
      httpVersion: version,
      followRedirects: followRedirects.get(exchange),
      bufferRequestBody,
      bufferResponse,
    });
    const accept = ({ status, reason }: HttpResponse): undefined => {
      if (failOnError && status >= 400 && status <= 599)
        throw new PolicyError('ErrorStatusCode', `The backend answered with the status code ${status}.`, {
          status,
          reasonPhrase: reason,
          message: reason,
          keepResponse: true,
        });
    };
    return (exchange) => {
      // A retry: the answer of the attempt before is not read any more.
      exchange.response?.body?.discard();
      return exchange.ports.backend.forward(exchange, optionsFor(exchange)).then((answer) => {
        const { status, reason, headers, body } = answer;
        exchange.response = { status, reason, headers, body: body ? MessageBody.fromSource(body) : null };
        const telling = backendResponded(exchange);
        return telling ? telling.then(() => accept(answer)) : accept(answer);
      });
    };
  },
  notes:
    'With fail-on-error-status-code the response of the backend is what on-error sees and what is sent unless on-error changes it.',
};

function httpVersion(text: string | undefined): '1' | '2or1' | '2' {
  return text === '2' || text === '2or1' ? text : '1';
}
