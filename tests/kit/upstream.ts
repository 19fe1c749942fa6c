import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UpstreamAnswer {
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** Never answer. */
  readonly delay?: boolean;
  /** Close the connection without an answer. */
  readonly close?: boolean;
}

export interface ReceivedRequest {
  /** `GET /path?query` exactly as it arrived. */
  readonly request: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface RecordingUpstream {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Answers in order; the last one repeats. */
  answerWith(answers: readonly UpstreamAnswer[]): void;
  /** Requests since the last call, and forgets them. */
  take(): ReceivedRequest[];
  close(): Promise<void>;
}

/** A real HTTP server that records what arrives and answers as told. */
export async function startRecordingUpstream(): Promise<RecordingUpstream> {
  let answers: readonly UpstreamAnswer[] = [];
  let served = 0;
  let received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      received.push({ request: `${request.method} ${request.url}`, rawHeaders: request.rawHeaders, body });
      const answer = answers[Math.min(served, answers.length - 1)] ?? {};
      served++;
      if (answer.delay) return;
      if (answer.close) return request.socket.destroy();
      const headers = answer.headers ?? (answer.body === undefined ? { 'content-type': 'application/json' } : {});
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.sendDate = false;
      response.writeHead(answer.status ?? 200, answer.reason);
      response.end(answer.body ?? '{"ok":true}');
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    answerWith(next) {
      answers = next;
      served = 0;
    },
    take() {
      const taken = received;
      received = [];
      return taken;
    },
    close: () => closeServer(server),
  };
}

export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
