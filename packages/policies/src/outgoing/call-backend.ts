import { createExchange } from '../exchange/create-exchange.ts';
import type { Exchange } from '../exchange.ts';
import { BackendUrl } from '../http/backend-url.ts';
import { MessageBody } from '../http/body.ts';
import { HeaderList } from '../http/header-list.ts';

export interface BackendCall {
  readonly backendId: string;
  /** Below the backend's URL, with the leading slash; may be empty. */
  readonly path: string;
  readonly query: string;
  readonly json: unknown;
  /** Value of Authorization, or null; credentials of the backend entity replace it. */
  readonly authorization: string | null;
  readonly timeoutMs: number;
}

const maxBytes = 8 * 1024 * 1024;

/**
 * Posts JSON to a backend entity beside the exchange's own call, with the entity's credentials, circuits and pools, and
 * gives the JSON that it answers. Rejects with `PolicyError` as forwarding does, or with an error that says what came.
 */
export async function callBackend(exchange: Exchange, call: BackendCall): Promise<unknown> {
  const headers = HeaderList.from([
    ['Content-Type', 'application/json'],
    ['Accept', 'application/json'],
  ]);
  if (call.authorization !== null) headers.set('Authorization', call.authorization);
  const { cancellation, gateway, id, limits, match, ports, startedAt } = exchange;
  const side = createExchange({
    id,
    startedAt,
    match,
    ports,
    gateway,
    limits,
    cancellation,
    request: {
      method: 'POST',
      httpVersion: '1.1',
      originalUrl: exchange.request.originalUrl,
      url: new BackendUrl(null, call.path, call.query),
      headers,
      body: MessageBody.fromBytes(Buffer.from(JSON.stringify(call.json))),
      ipAddress: exchange.request.ipAddress,
      certificate: () => null,
    },
  });
  side.backend = { kind: 'entity', backendId: call.backendId };
  const response = await ports.backend.forward(side, {
    timeoutMs: call.timeoutMs,
    continueTimeoutMs: null,
    httpVersion: '1',
    followRedirects: false,
    bufferRequestBody: false,
    bufferResponse: true,
  });
  const body = response.body ? MessageBody.fromSource(response.body) : null;
  if (response.status !== 200) {
    body?.discard();
    throw new TypeError(`The backend '${call.backendId}' answered with the status ${response.status}.`);
  }
  return JSON.parse(Buffer.from(body ? await body.buffer(maxBytes) : new Uint8Array(0)).toString());
}
