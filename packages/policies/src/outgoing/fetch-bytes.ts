import { MessageBody } from '../http/body.ts';
import type { HeaderList } from '../http/header-list.ts';
import type { HttpPort } from '../ports/ports.ts';

export interface BytesRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array | null;
  readonly timeoutMs: number;
  /** Of the answer; a larger one is an error. */
  readonly maxBytes: number;
}

/** The body of a 200 answer. Rejects with an error that says what came instead. */
export async function fetchBytes(http: HttpPort, request: BytesRequest): Promise<Buffer> {
  const { maxBytes, ...rest } = request;
  const response = await http.send({ ...rest, signal: null });
  const body = response.body ? MessageBody.fromSource(response.body) : null;
  if (response.status !== 200) {
    body?.discard();
    throw new TypeError(`'${request.url}' answered with the status ${response.status}.`);
  }
  return Buffer.from(body ? await body.buffer(maxBytes) : new Uint8Array(0));
}
