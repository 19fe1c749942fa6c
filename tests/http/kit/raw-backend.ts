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
  /** All bytes. */
  readonly text: string;
}

export interface RawBackend {
  readonly port: number;
  readonly url: string;
  answer: Answering;
  /** Everything since the last call. */
  take(): BackendRecord;
  close(): Promise<void>;
}

/** A backend over bare sockets that records every byte and reads it with {@link readRequests}. */
export async function startRawBackend(): Promise<RawBackend> {
  const connections = new Set<{ text: string; answered: number; forgotten: number }>();
  const sockets = new Set<Socket>();
  const backend: { answer: Answering } = { answer: answerWithName };
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = { text: '', answered: 0, forgotten: 0 };
    connections.add(connection);
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      connection.text += chunk.toString('latin1');
      const { messages } = readRequests(connection.text);
      for (const message of messages.slice(connection.answered)) {
        connection.answered++;
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
    take() {
      const messages: ReadMessage[] = [];
      const problems: string[] = [];
      let unfinished = 0;
      let text = '';
      for (const connection of connections) {
        const read = readRequests(connection.text);
        messages.push(...read.messages.slice(connection.forgotten));
        connection.forgotten = read.messages.length;
        if (read.problem !== null) problems.push(read.problem);
        if (read.unfinished > 0) unfinished++;
        text += connection.text;
        if (read.problem !== null || read.unfinished > 0) connections.delete(connection);
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

/** Says which request it answers, so that an answer that reaches somebody else shows. */
export function answerWithName({ start, body }: ReadMessage): string {
  const text = start.startsWith('HEAD ') ? '' : `<${start} ${body.length}>`;
  return `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\nX-Answer-To: ${start}\r\n\r\n${text}`;
}
