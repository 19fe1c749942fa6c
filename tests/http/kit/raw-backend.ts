import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type ReadMessage, readRequests } from './message-reader.ts';

/** What a backend's every byte is: how it answers a request, given all that it has read on this connection. */
export type Answering = (request: ReadMessage, socket: Socket) => string | Buffer | null;

export interface BackendRecord {
  /** `POST /a 5`: method, target and bytes of the body, of complete requests, in the order of their connections. */
  readonly requests: readonly string[];
  readonly messages: readonly ReadMessage[];
  /** What a strict reader cannot make sense of. The gateway must never write such a thing. */
  readonly problems: readonly string[];
  /** Connections on which a request has not ended. */
  readonly unfinished: number;
  /** All bytes since the last call. */
  readonly text: string;
}

export interface RawBackend {
  readonly port: number;
  readonly url: string;
  answer: Answering;
  /** Called with the first bytes of a connection (since they were taken). */
  onHead: (bytes: string, socket: Socket) => void;
  /** Everything since the last call. */
  take(): BackendRecord;
  close(): Promise<void>;
}

/** A backend over bare sockets that records every byte and reads it with {@link readRequests}. */
export async function startRawBackend(): Promise<RawBackend> {
  const connections = new Set<Received>();
  const sockets = new Set<Socket>();
  const backend: Pick<RawBackend, 'answer' | 'onHead'> = { answer: answerWithName, onHead: () => {} };
  const server = createServer({ noDelay: true }, (socket) => {
    const connection: Received = { text: '', pending: '', messages: [], problem: null };
    connections.add(connection);
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      if (connection.text === '') backend.onHead(text, socket);
      connection.text += text;
      connection.pending += text;
      if (connection.problem !== null) return;
      const { messages, problem, unfinished } = readRequests(connection.pending);
      connection.problem = problem;
      connection.pending = connection.pending.slice(connection.pending.length - unfinished);
      connection.messages.push(...messages);
      for (const message of messages) {
        const bytes = backend.answer(message, socket);
        if (bytes !== null && !socket.destroyed)
          socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    get answer() {
      return backend.answer;
    },
    set answer(answer) {
      backend.answer = answer;
    },
    get onHead() {
      return backend.onHead;
    },
    set onHead(onHead) {
      backend.onHead = onHead;
    },
    take() {
      const messages: ReadMessage[] = [];
      const problems: string[] = [];
      let unfinished = 0;
      let text = '';
      for (const connection of connections) {
        messages.push(...connection.messages.splice(0));
        text += connection.text;
        connection.text = '';
        if (connection.problem !== null) problems.push(connection.problem);
        else if (connection.pending !== '') unfinished++;
        else continue;
        connections.delete(connection);
      }
      const requests = messages.map(({ start, body }) => `${start} ${body.length}`);
      return { requests, messages, problems, unfinished, text };
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Received {
  /** All bytes since they were taken. */
  text: string;
  /** Bytes of a request that has not ended. */
  pending: string;
  messages: ReadMessage[];
  problem: string | null;
}

/** Says which request it answers, so that an answer that reaches somebody else shows. */
export function answerWithName({ start, body }: ReadMessage): string {
  const text = start.startsWith('HEAD ') ? '' : `<${start} ${body.length}>`;
  return `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\nX-Answer-To: ${start}\r\n\r\n${text}`;
}
