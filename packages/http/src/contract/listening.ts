import { HeaderList } from '@lazuli/policies';
import { afterEach } from 'vitest';
import { defaultListenerLimits } from '../limits.ts';
import type {
  HttpListener,
  InboundRequest,
  ListenerAddress,
  ListenerLimits,
  ListenerOptions,
  RequestHandler,
  ResponseHead,
  TlsOptions,
} from '../listener.ts';
import { WireClient } from './wire.ts';

export type MakeListener = (options: ListenerOptions) => HttpListener;

export interface Listening {
  readonly listener: HttpListener;
  readonly address: ListenerAddress;
  /** What reached the handler. */
  readonly requests: InboundRequest[];
  readonly refusals: { readonly status: number; readonly reason: string }[];
  client(): WireClient;
}

/** Starts listeners for tests and closes them, with their clients, after each. */
export function listening(make: MakeListener) {
  const open: { listener: HttpListener; clients: WireClient[] }[] = [];
  afterEach(async () => {
    for (const { listener, clients } of open.splice(0)) {
      for (const client of clients) client.destroy();
      await listener.drain(0);
    }
  });
  return async (
    handler: RequestHandler,
    options: { readonly limits?: Partial<ListenerLimits>; readonly tls?: TlsOptions } = {},
  ): Promise<Listening> => {
    const requests: InboundRequest[] = [];
    const refusals: { status: number; reason: string }[] = [];
    const clients: WireClient[] = [];
    const listener = make({
      host: '127.0.0.1',
      port: 0,
      tls: options.tls ?? null,
      limits: { ...defaultListenerLimits, ...options.limits },
      handler: (request) => {
        requests.push(request);
        handler(request);
      },
      onRefused: (refusal) => refusals.push(refusal),
    });
    open.push({ listener, clients });
    const address = await listener.listen();
    const client = () => {
      const made = options.tls ? WireClient.connectTls(address.port) : WireClient.connect(address.port);
      clients.push(made);
      return made;
    };
    return { listener, address, requests, refusals, client };
  };
}

export function head(status: number, ...headers: string[]): ResponseHead {
  return { status, reason: reasons[status] ?? '', headers: new HeaderList(headers) };
}

/** Answers with the method and target, whatever the request is; its body is not read. */
export function answer(request: InboundRequest): void {
  void request.respond(head(200), Buffer.from(`<${request.method} ${request.target}>`));
}

/** Sends the request's body back. */
export function echo(request: InboundRequest): void {
  void request.respond(head(200), request.body);
}

const reasons: Record<number, string> = { 200: 'OK', 204: 'No Content', 304: 'Not Modified', 401: 'Unauthorized' };
