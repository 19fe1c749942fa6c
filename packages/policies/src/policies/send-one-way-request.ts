import type { Exchange } from '../exchange.ts';
import { compileOutgoingRequest, validateOutgoingRequest } from '../outgoing/outgoing-request.ts';
import { outgoingRequestAttributes, outgoingRequestContent } from '../outgoing/request-elements.ts';
import { PolicyError } from '../policy-error.ts';
import type { HttpPort, HttpRequest } from '../ports/ports.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Sends a request of its own and does not wait for the answer. */
export const sendOneWayRequest: PolicyDefinition = {
  name: 'send-one-way-request',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: { attributes: outgoingRequestAttributes, children: outgoingRequestContent },
  validate: validateOutgoingRequest,
  compile(element, compiler) {
    const request = compileOutgoingRequest(element, compiler);
    return async (exchange) => {
      let built: HttpRequest;
      try {
        built = await request(exchange);
      } catch (error) {
        if (!(error instanceof PolicyError) || error.reason !== 'IdentityTokenUnavailable') throw error;
        report(exchange, error);
        return undefined;
      }
      // Goes on when the caller has left.
      dispatch(exchange, { ...built, signal: null });
      return undefined;
    };
  },
  notes: `What happens to the request never fails the pipeline; it goes to the log. An expression that fails is an error. At most 5000 such requests are under way at a time; one more is dropped, with a warning in the log.`,
};

const mostUnderWay = 5_000;

/** Requests under way by port: a server that never answers must not fill the memory. */
const underWay = new WeakMap<HttpPort, number>();

function dispatch(exchange: Exchange, request: HttpRequest): void {
  const { http, log } = exchange.ports;
  const count = underWay.get(http) ?? 0;
  if (count >= mostUnderWay) {
    log.write('warn', 'send-one-way-request: dropped, too many requests are under way.', { requestId: exchange.id });
    return;
  }
  underWay.set(http, count + 1);
  http
    .send(request)
    .then(
      (response) => response.body?.abort(new Error('The response is not wanted.')),
      (error: unknown) => report(exchange, error),
    )
    .finally(() => underWay.set(http, (underWay.get(http) ?? 1) - 1));
}

function report(exchange: Exchange, error: unknown): void {
  exchange.ports.log.write('warn', 'send-one-way-request failed.', {
    requestId: exchange.id,
    error: error instanceof Error ? error.message : String(error),
  });
}
