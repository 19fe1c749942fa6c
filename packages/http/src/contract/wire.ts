import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A client that writes and reads bytes, for tests that assert on the wire. */
export class WireClient {
  readonly socket: Socket;
  #received: Buffer[] = [];
  #size = 0;
  #watchers = new Set<() => void>();
  #closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received.push(chunk);
      this.#size += chunk.length;
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  static connect(port: number): WireClient {
    return new WireClient(connectTcp(port, '127.0.0.1'));
  }

  static connectTls(port: number, protocol: 'http/1.1' | 'h2' = 'http/1.1'): WireClient {
    return new WireClient(
      connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: [protocol] }),
    );
  }

  send(text: string | Buffer): this {
    this.socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
    return this;
  }

  get text(): string {
    return Buffer.concat(this.#received).toString('latin1');
  }

  get size(): number {
    return this.#size;
  }

  /** Resolves when what was received contains `part` (`times` times). Rejects when the connection closes before. */
  until(part: string, times = 1): Promise<string> {
    return this.when(() => this.text.split(part).length > times, `${times} × ${JSON.stringify(part)}`);
  }

  when(condition: () => boolean, what: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (condition()) resolve(this.text);
        else if (this.#closed) reject(new Error(`closed before ${what}; received: ${this.text}`));
        else return;
        this.#watchers.delete(check);
      };
      this.#watchers.add(check);
      check();
    });
  }

  /** Everything that was received, once the other side has closed. */
  closed(): Promise<string> {
    return new Promise((resolve) => {
      const check = () => {
        if (!this.#closed) return;
        this.#watchers.delete(check);
        resolve(this.text);
      };
      this.#watchers.add(check);
      check();
    });
  }

  destroy(): void {
    this.socket.destroy();
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** A server whose every byte the test writes. */
export class WireServer {
  readonly connections: ServerConnection[] = [];
  #server: Server;
  #watchers = new Set<() => void>();

  private constructor(script: (connection: ServerConnection) => void) {
    this.#server = createServer((socket) => {
      const connection = new ServerConnection(socket);
      this.connections.push(connection);
      script(connection);
      for (const watcher of [...this.#watchers]) watcher();
    });
  }

  static async start(script: (connection: ServerConnection) => void): Promise<WireServer> {
    const server = new WireServer(script);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** Answers each request head with the next of `answers`, over any number of connections; the last one repeats. */
  static answering(...answers: string[]): Promise<WireServer> {
    let turn = 0;
    return WireServer.start((connection) => {
      connection.onHead(() => {
        connection.send(answers[Math.min(turn++, answers.length - 1)] ?? '');
      });
    });
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  connection(index: number): Promise<ServerConnection> {
    return new Promise((resolve) => {
      const check = () => {
        const connection = this.connections[index];
        if (!connection) return;
        this.#watchers.delete(check);
        resolve(connection);
      };
      this.#watchers.add(check);
      check();
    });
  }

  async close(): Promise<void> {
    for (const { socket } of this.connections) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

export class ServerConnection {
  readonly socket: Socket;
  text = '';
  isClosed = false;
  #scanned = 0;
  #onHead: (head: string) => void = () => {};
  #watchers = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('latin1');
      for (;;) {
        const end = this.text.indexOf('\r\n\r\n', this.#scanned);
        if (end < 0) break;
        const head = this.text.slice(this.#scanned, end);
        this.#scanned = end + 4;
        if (/HTTP\/1\.1\r\n/.test(`${head}\r\n`)) this.#onHead(head);
      }
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  onHead(listener: (head: string) => void): void {
    this.#onHead = listener;
  }

  send(text: string): void {
    this.socket.write(Buffer.from(text, 'latin1'));
  }

  until(part: string): Promise<void> {
    return this.#when(() => this.text.includes(part));
  }

  closed(): Promise<void> {
    return this.#when(() => this.isClosed);
  }

  #when(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition()) return;
        this.#watchers.delete(check);
        resolve();
      };
      this.#watchers.add(check);
      check();
    });
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
