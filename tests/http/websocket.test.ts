import type { AddressInfo } from 'node:net';
import { httpImplementations } from '@lazuli/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { ServedFolder } from '../kit/serve.ts';
import { startWholeGateway } from './kit/whole-gateway.ts';

/** The situations of the Autobahn test suite that concern an intermediary, with a real client and a real server. */
describe.each(httpImplementations)('WebSocket messages over %s', (http) => {
  let backend: WebSocketServer;
  let gateway: ServedFolder;
  let onConnection: (socket: WebSocket) => void = echo;
  const clients: WebSocket[] = [];

  beforeAll(async () => {
    backend = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      perMessageDeflate: true,
      maxPayload: 64 * 1024 * 1024,
    });
    await new Promise<void>((resolve) => backend.once('listening', () => resolve()));
    backend.on('connection', (socket) => onConnection(socket));
    gateway = await startWholeGateway(http, `http://127.0.0.1:${(backend.address() as AddressInfo).port}`);
  });
  afterEach(() => {
    onConnection = echo;
    for (const client of clients.splice(0)) client.terminate();
  });
  afterAll(async () => {
    await gateway.stop();
    for (const client of backend.clients) client.terminate();
    await new Promise<void>((resolve) => backend.close(() => resolve()));
  });

  async function connect(protocols: string[] = [], perMessageDeflate = false): Promise<WebSocket> {
    const client = new WebSocket(`ws://127.0.0.1:${gateway.port}/socket`, protocols, {
      perMessageDeflate,
      maxPayload: 64 * 1024 * 1024,
    });
    clients.push(client);
    await new Promise<void>((resolve, reject) => client.once('open', resolve).once('error', reject));
    return client;
  }

  const sizes = [0, 1, 125, 126, 127, 128, 65_535, 65_536, 65_537, 1_048_576, 2_000_000];
  test.each(sizes)('text and binary of %i bytes come back as they were', async (size) => {
    const client = await connect();
    client.send('*'.repeat(size));
    expect(await message(client)).toEqual({ isBinary: false, bytes: Buffer.from('*'.repeat(size)) });
    client.send(Buffer.alloc(size, 0xfe));
    const { isBinary, bytes } = await message(client);
    expect(isBinary).toBe(true);
    expect(bytes.equals(Buffer.alloc(size, 0xfe))).toBe(true);
  });

  test('compressed messages', async () => {
    const client = await connect([], true);
    expect(client.extensions).toContain('permessage-deflate');
    client.send('again and '.repeat(20_000));
    expect((await message(client)).bytes).toHaveLength(200_000);
  });

  test('text of many alphabets', async () => {
    const client = await connect();
    client.send('κόσμε 日本語 \u{1f600} \u0000 \uffff');
    expect((await message(client)).bytes.toString()).toBe('κόσμε 日本語 \u{1f600} \u0000 \uffff');
  });

  test('a message in many fragments, with pings between them', async () => {
    const client = await connect();
    const pongs: string[] = [];
    client.on('pong', (data) => pongs.push(data.toString()));
    for (let i = 0; i < 100; i++) {
      client.send(`<${i}>`, { fin: i === 99 });
      if (i % 10 === 0) client.ping(`p${i}`);
    }
    const { bytes } = await message(client);
    expect(bytes.toString()).toBe(Array.from({ length: 100 }, (_, i) => `<${i}>`).join(''));
    expect(pongs).toEqual(['p0', 'p10', 'p20', 'p30', 'p40', 'p50', 'p60', 'p70', 'p80', 'p90']);
  });

  test.each(['', 'x', 'y'.repeat(125)])('a ping with the payload "%s" is answered with it', async (payload) => {
    const client = await connect();
    const pong = new Promise<string>((resolve) => client.once('pong', (data) => resolve(data.toString())));
    client.ping(payload);
    expect(await pong).toBe(payload);
  });

  test('a pong that nobody asked for disturbs nothing', async () => {
    const client = await connect();
    client.pong('unasked');
    client.send('still here');
    expect((await message(client)).bytes.toString()).toBe('still here');
  });

  test('ten thousand small messages keep their order', async () => {
    const client = await connect();
    const received: string[] = [];
    const done = new Promise<void>((resolve) =>
      client.on('message', (data) => {
        received.push(String(data));
        if (received.length === 10_000) resolve();
      }),
    );
    for (let i = 0; i < 10_000; i++) client.send(String(i));
    await done;
    expect(received.every((text, i) => text === String(i))).toBe(true);
  });

  test('the subprotocol that the backend chooses', async () => {
    expect((await connect(['first', 'second'])).protocol).toBe('first');
  });

  const codes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
  test.each(codes)('the close code %i with its reason, from the client and from the backend', async (code) => {
    const client = await connect();
    const atBackend = new Promise<string>((resolve) => {
      for (const socket of backend.clients) socket.once('close', (n, reason) => resolve(`${n} ${reason}`));
    });
    client.close(code, 'because');
    expect(await atBackend).toBe(`${code} because`);

    onConnection = (socket) => socket.close(code, 'so it is');
    const other = await connect();
    const atClient = await new Promise<string>((resolve) =>
      other.once('close', (n, reason) => resolve(`${n} ${reason}`)),
    );
    expect(atClient).toBe(`${code} so it is`);
  });

  test('a close without a code', async () => {
    const client = await connect();
    client.close();
    expect(await new Promise((resolve) => client.once('close', resolve))).toBe(1005);
  });

  test('a backend that talks at once, while its client does, too', async () => {
    onConnection = (socket) => {
      for (let i = 0; i < 100; i++) socket.send(`hello ${i}`);
      echo(socket);
    };
    const client = new WebSocket(`ws://127.0.0.1:${gateway.port}/socket`);
    clients.push(client);
    const received: string[] = [];
    client.once('open', () => client.send('me too'));
    await new Promise<void>((resolve, reject) => {
      client.once('error', reject);
      client.on('message', (data) => {
        received.push(String(data));
        if (received.length === 101) resolve();
      });
    });
    expect(received.filter((text) => text.startsWith('hello'))).toEqual(
      Array.from({ length: 100 }, (_, i) => `hello ${i}`),
    );
    expect(received).toContain('me too');
  });

  test('fifty connections at once, each with its own answers', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => connect()));
    const texts = await Promise.all(
      all.map(async (client, i) => {
        client.send(`for ${i}`);
        return (await message(client)).bytes.toString();
      }),
    );
    expect(texts).toEqual(all.map((_, i) => `for ${i}`));
  });
});

function echo(socket: WebSocket): void {
  socket.on('message', (data, binary) => socket.send(data, { binary }));
  socket.on('error', () => {});
}

function message(client: WebSocket): Promise<{ isBinary: boolean; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    client.once('close', (code) => reject(new Error(`closed with ${code}`)));
    client.once('message', (data: RawData, isBinary: boolean) =>
      resolve({ isBinary, bytes: Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer) }),
    );
  });
}
