import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Forwarding, startForwarding } from './kit/forwarding.ts';
import { answerWithName, type RawBackend, startRawBackend } from './kit/raw-backend.ts';
import { sendBytes } from './kit/raw-client.ts';

const mebibyte = 1024 * 1024;
const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;

/** Clients and backends that send slowly, endlessly or do not read: what they cost, and that others are served meanwhile. */
describe('exhaustion', () => {
  let backend: RawBackend;
  let gateway: Forwarding;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    backend = await startRawBackend();
    backend.answer = (request, socket) => {
      if (!request.start.endsWith('/endless')) return answerWithName(request);
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      pour(socket, Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 'x'), Buffer.from('\r\n')]));
      return null;
    };
    gateway = await startForwarding(backend.port, {
      headTimeoutMs: 300,
      requestTimeoutMs: 800,
      idleTimeoutMs: 800,
      connections: 600,
    });
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  afterAll(async () => {
    await gateway.stop();
    await backend.close();
  });

  function open(bytes = '', port = gateway.port): Client {
    const client = new Client(connect({ port, host: '127.0.0.1', noDelay: true }));
    sockets.push(client.socket);
    if (bytes !== '') client.socket.write(bytes);
    return client;
  }

  async function othersAreServed(): Promise<void> {
    const answer = '<GET /other 0>';
    // A client that has closed its side counts as gone after a second, which a busy machine may take.
    const { text } = await sendBytes(gateway.port, get('/other'), { endWhen: (came) => came.includes(answer) });
    expect(text).toContain(answer);
  }

  /** Runs something and says how much more memory is held at its end. */
  async function cost(run: () => Promise<void>): Promise<number> {
    const before = await gateway.measure();
    await run();
    const after = await gateway.measure();
    return (after.memory - before.memory) / mebibyte;
  }

  test('300 slow heads are ended, each with 408', async () => {
    const clients = Array.from({ length: 300 }, () => open('GET / HTTP/1.1\r\nHost: a\r\n'));
    const drip = setInterval(() => {
      for (const { socket } of clients) if (socket.writable) socket.write('X');
    }, 50);
    await othersAreServed();
    await Promise.all(clients.map((client) => client.closed));
    clearInterval(drip);
    expect(new Set(clients.map((client) => client.text.slice(9, 12)))).toEqual(new Set(['408']));
    await othersAreServed();
  });

  test('slow bodies are ended, each with 408 or with the connection', async () => {
    const clients = Array.from({ length: 100 }, () =>
      open('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n'),
    );
    const drip = setInterval(() => {
      for (const { socket } of clients) if (socket.writable) socket.write('X');
    }, 100);
    await othersAreServed();
    await Promise.all(clients.map((client) => client.closed));
    clearInterval(drip);
    for (const client of clients) expect(client.text).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  test('connections without a request are ended', async () => {
    const clients = Array.from({ length: 100 }, () => open(get('/a')));
    await othersAreServed();
    await Promise.all(clients.map((client) => client.closed));
    expect(new Set(clients.map((client) => client.text.slice(9, 12)))).toEqual(new Set(['200']));
  });

  test('20 clients that do not read an endless answer cost little', async () => {
    const clients: Client[] = [];
    const mebibytes = await cost(async () => {
      for (let i = 0; i < 20; i++) {
        const client = open();
        client.socket.pause();
        client.socket.write(get('/endless'));
        clients.push(client);
      }
      for (let i = 0; i < 10; i++) await othersAreServed();
    });
    expect(mebibytes).toBeLessThan(40);
  });

  test('an endless head is refused at its limit', async () => {
    const mebibytes = await cost(async () => {
      const client = open('GET / HTTP/1.1\r\nHost: a\r\n');
      pour(client.socket, Buffer.from(`X-A: ${'a'.repeat(1000)}\r\n`));
      await client.closed;
      expectAnswer(client, '431');
    });
    expect(mebibytes).toBeLessThan(10);
    await othersAreServed();
  });

  test.each([
    ['line', 'GET / HTTP/1.1\r\nHost: a\r\nX-A: ', 'a', '431'],
    ['target', 'GET /', 'a', '414'],
    ['method', '', 'A', '400'],
    ['chunk extension', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;', 'a', '413'],
    ['chunk size', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', '0', '400'],
    ['trailer', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ', 'a', '431'],
  ])('an endless %s is refused at its limit', async (_, start, piece, status) => {
    const mebibytes = await cost(async () => {
      const client = open(start);
      pour(client.socket, Buffer.from(piece.repeat(65_536)));
      await client.closed;
      expectAnswer(client, status);
    });
    expect(mebibytes).toBeLessThan(10);
  });

  test('an endless body that the backend does not read costs little', async () => {
    const mebibytes = await cost(async () => {
      backend.onHead = (head, socket) => {
        if (head.startsWith('POST /deaf')) socket.pause();
      };
      const client = open('POST /deaf HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
      pour(client.socket, Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 'x'), Buffer.from('\r\n')]));
      for (let i = 0; i < 20; i++) await othersAreServed();
    });
    expect(mebibytes).toBeLessThan(40);
  });

  test('20,000 pipelined requests of a client that does not read are held back, and answered in order once it does', async () => {
    const count = 20_000;
    const client = open();
    client.socket.pause();
    const mebibytes = await cost(async () => {
      client.socket.write(Array.from({ length: count }, (_, i) => get(`/${i}`)).join(''));
      for (let i = 0; i < 10; i++) await othersAreServed();
    });
    expect(mebibytes).toBeLessThan(30);
    client.socket.resume();
    await client.until((text) => text.includes(`<GET /${count - 1} 0>`));
    const targets = [...client.text.matchAll(/<GET \/(\d+) 0>/g)].map(([, number]) => Number(number));
    expect(targets).toHaveLength(count);
    expect(targets.every((number, i) => number === i)).toBe(true);
  });

  test('beyond the limit of connections clients are turned away with 503, until others leave', async () => {
    const small = await startForwarding(backend.port, { connections: 50 });
    const clients = Array.from({ length: 50 }, () => open('', small.port));
    while ((await small.measure()).connections < 50);
    const turnedAway = await Promise.all(
      Array.from({ length: 200 }, () => sendBytes(small.port, get('/one-too-many'), { endWhen: () => true })),
    );
    expect(new Set(turnedAway.map(({ text }) => text.slice(9, 12)))).toEqual(new Set(['503']));
    for (const { socket } of clients) socket.destroy();
    while ((await small.measure()).connections > 0);
    const { text } = await sendBytes(small.port, get('/again'));
    expect(text).toContain('<GET /again 0>');
    await small.stop();
  });
});

/** A client that never stops is cut off in the end, and may lose the answer by that. */
function expectAnswer({ text }: Client, status: string): void {
  expect([status, '']).toContain(text.slice(9, 12));
}

class Client {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  #chunks: Buffer[] = [];
  #watchers = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      for (const watcher of [...this.#watchers]) watcher();
    });
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  get text(): string {
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all.toString('latin1');
  }

  get #tail(): string {
    return Buffer.concat(this.#chunks.slice(-2)).toString('latin1');
  }

  /** `condition`: of the last pieces that came. */
  until(condition: (text: string) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition(this.#tail)) return;
        this.#watchers.delete(check);
        resolve();
      };
      this.#watchers.add(check);
      check();
    });
  }
}

/** Sends the same bytes as fast as the other side takes them, until the connection is closed. */
function pour(socket: Socket, bytes: Buffer): void {
  const more = () => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}
