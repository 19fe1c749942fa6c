import { type BodyView, type ResponseView, responseValue } from '@lazuli/expressions';
import { charsetOf } from '../exchange/message-views.ts';
import type { Exchange } from '../exchange.ts';
import { type BodySource, BodyTooLarge, MessageBody } from '../http/body.ts';
import { PolicyError } from '../policy-error.ts';
import type { HttpResponse } from '../ports/ports.ts';

/** The `IResponse` of an answer, its body in memory (up to the limit for policies). Rejects with `PolicyError`. */
export async function receivedResponse(exchange: Exchange, response: HttpResponse): Promise<unknown> {
  const { body: source } = response;
  const body = source && MessageBody.fromSource(source);
  if (body) await collect(exchange, source, body);
  const view: ResponseView = {
    statusCode: response.status,
    statusReason: response.reason,
    headers: response.headers,
    body: body && bodyView(body, response),
  };
  return responseValue(view);
}

async function collect(exchange: Exchange, source: BodySource, body: MessageBody): Promise<void> {
  const { signal } = exchange;
  let aborted: () => void = () => undefined;
  const cancelled = new Promise<never>((_resolve, reject) => {
    aborted = () => {
      source.abort(new Error('Nobody waits for the response any more.'));
      reject(signal.reason);
    };
  });
  if (signal.aborted) aborted();
  else signal.addEventListener('abort', aborted, { once: true });
  try {
    await Promise.race([cancelled, body.buffer(exchange.limits.policyBodyBytes)]);
  } catch (error) {
    if (error instanceof PolicyError || signal.aborted) throw error;
    const isLarge = error instanceof BodyTooLarge;
    throw new PolicyError(
      isLarge ? 'ResponseBodyTooLarge' : 'BackendConnectionFailure',
      isLarge ? error.message : 'The server closed the connection before its response was complete.',
      { status: 500, message: 'Internal server error', activityId: true },
      { cause: error },
    );
  } finally {
    signal.removeEventListener('abort', aborted);
  }
}

function bodyView(body: MessageBody, { headers }: HttpResponse): BodyView {
  return {
    bytes: () => body.buffered ?? new Uint8Array(0),
    consume: () => body.consume(),
    charset: charsetOf(headers.get('Content-Type')),
  };
}
