import { request as httpRequest, type IncomingMessage } from 'node:http';

export interface ClientResponse {
  readonly status: number;
  readonly reason: string;
  /** Flat, spelling and order as received. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface ClientRequest {
  readonly method: string;
  /** Path and query as they go on the wire. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | undefined;
}

/** One request over a connection of its own; headers are sent as given and nothing is followed or decoded. */
export function send(port: number, { method, target, headers = {}, body }: ClientRequest): Promise<ClientResponse> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      method,
      path: target,
      headers: { ...length, ...headers },
      agent: false,
    });
    request.on('error', reject);
    request.on('response', (response) => void collect(response).then(resolve, reject));
    request.end(body);
  });
}

async function collect(response: IncomingMessage): Promise<ClientResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? '',
    rawHeaders: response.rawHeaders,
    body: Buffer.concat(chunks).toString(),
  };
}

/** Every value of a header in a flat list, in order. */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.toLowerCase() === name.toLowerCase()) values.push(rawHeaders[i + 1] as string);
  return values;
}
