import type { InboundRequest, RequestHandler } from '@lazuli/http';
import { HeaderList } from '@lazuli/policies';
import { ServiceBusError, toServiceBusError } from '../errors.ts';
import { administer } from './atom/administration.ts';
import { receiveHead } from './data/receive.ts';
import { sendMessages } from './data/send.ts';
import { settleMessage } from './data/settle.ts';
import { errorAnswer } from './error-answer.ts';
import {
  defaultServiceBusHttpLimits,
  type HttpAnswer,
  type HttpCall,
  type ServiceBusHttpOptions,
} from './http-contract.ts';
import { routeOf } from './route.ts';

/** The HTTP face of namespaces: administration in Atom, and the REST data plane. */
export function createServiceBusHttp(options: ServiceBusHttpOptions): RequestHandler {
  const limits = { ...defaultServiceBusHttpLimits, ...options.limits };
  return (request) => {
    void serve(request, { ...options, limits });
  };
}

type Options = Required<ServiceBusHttpOptions> & Pick<HttpCall, 'limits'>;

async function serve(request: InboundRequest, options: Options): Promise<void> {
  let answer: HttpAnswer;
  try {
    answer = await run(request, options);
  } catch (error) {
    if (!(error instanceof ServiceBusError) || error.status >= 500) {
      const { method } = request;
      options.log.error({ err: error, method, host: request.authority }, 'A request to Service Bus failed.');
    }
    const known = toServiceBusError(error);
    answer = errorAnswer(known, request.authority, pathOf(request).slice(1), options.clock.now());
  }
  const { status, body, contentType, onSent } = answer;
  const headers = HeaderList.from(answer.headers ?? []);
  if (contentType !== undefined) headers.set('Content-Type', contentType);
  headers.set('Date', new Date(options.clock.now()).toUTCString());
  const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? new Uint8Array(0));
  const outcome = await request.respond({ status, reason: '', headers }, status === 204 ? null : bytes);
  onSent?.(outcome.complete);
}

async function run(request: InboundRequest, options: Options): Promise<HttpAnswer> {
  const { authority, method, target } = request;
  const namespace = options.namespaces(authority.replace(/:\d+$/, '').toLowerCase());
  if (namespace === undefined) throw new ServiceBusError('EntityNotFound', { entity: authority });
  const path = pathOf(request);
  const query = new URLSearchParams(target.slice(path.length + 1));
  const { clock, limits } = options;
  const call: HttpCall = { request, namespace, authority, query, clock, limits };
  const route = routeOf(method, path);
  switch (route.kind) {
    case 'messages':
      return sendMessages(call, route.path);
    case 'head':
      return receiveHead(call, route.path);
    case 'message':
      return settleMessage(call, route);
    default:
      return administer(call, route);
  }
}

function pathOf({ target }: InboundRequest): string {
  return target.split('?', 1)[0] ?? '';
}
