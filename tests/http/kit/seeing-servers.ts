import { createServer, type IncomingMessage } from 'node:http';
import { defaultListenerLimits, type InboundRequest } from '@lazuli/http';
import { createHttp1Listener } from '@lazuli/http1';
import { HeaderList } from '@lazuli/policies';
import { closeServer, listen } from '../../kit/upstream.ts';
import { readResponses } from './message-reader.ts';
import { sendBytes } from './raw-client.ts';

/** A server that answers each request with how it understood it. */
export interface SeeingServer {
  readonly port: number;
  close(): Promise<unknown>;
}

const seenHeader = 'x-seen';

function seen(method: string, target: string, bytes: number): string {
  return `${method} ${encodeURI(target)} ${bytes}`;
}

/** Lazuli's own listener. `requests`: what reached its handler. */
export async function startOurs(): Promise<
  SeeingServer & { readonly requests: readonly { readonly target: string; readonly headers: readonly string[] }[] }
> {
  const requests: { target: string; headers: readonly string[] }[] = [];
  const listener = createHttp1Listener({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    limits: defaultListenerLimits,
    onRefused: () => {},
    handler: (request) => {
      requests.push({ target: request.target, headers: request.headers.flat });
      void answer(request);
    },
  });
  const { port } = await listener.listen();
  return { port, requests, close: () => listener.drain(0) };
}

async function answer(request: InboundRequest): Promise<void> {
  const { method, target, body } = request;
  let bytes = 0;
  const isWhole = await new Promise<boolean>((resolve) => {
    if (body === null) return resolve(true);
    body.start({
      data: (chunk) => {
        bytes += chunk.length;
      },
      end: () => resolve(true),
      error: () => resolve(false),
    });
  });
  if (!isWhole) return;
  const headers = new HeaderList([seenHeader, seen(method, target, bytes)]);
  void request.respond({ status: 200, reason: 'OK', headers }, new Uint8Array());
}

/** `http.createServer` with its defaults. */
export async function startNode(): Promise<SeeingServer> {
  const server = createServer((request: IncomingMessage, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('error', () => {});
    request.on('end', () => {
      response.setHeader(seenHeader, seen(request.method ?? '', request.url ?? '', bytes));
      response.end();
    });
  });
  const port = await listen(server);
  return { port, close: () => closeServer(server) };
}

/**
 * What a server makes of bytes that are followed by the end of the client's side: `POST /a 5` for each request that was
 * accepted, then the status of a refusal. A connection that ends without one adds nothing.
 */
export async function readingOf(port: number, bytes: string): Promise<readonly string[]> {
  const { text, end } = await sendBytes(port, bytes, { patienceMs: 3000 });
  const { messages, problem, unfinished } = readResponses(text, /^\r?\n?HEAD /.test(bytes) ? ['HEAD'] : []);
  const reading: string[] = [];
  for (const { start, headers } of messages) {
    if (start.startsWith('1')) continue;
    reading.push(headers.find(([name]) => name === seenHeader)?.[1] ?? start);
  }
  if (problem !== null) reading.push('no HTTP/1.1');
  else if (unfinished > 0) reading.push('half an answer');
  if (end === 'open') reading.push('open');
  return reading;
}
