import { httpImplementations } from '@lazuli/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ServedFolder } from '../kit/serve.ts';
import {
  connectRaw,
  handshake,
  type RawEnd,
  type RawSocketBackend,
  startRawSocketBackend,
  switching,
  webSocketFrame,
} from './kit/socket-pair.ts';
import { startWholeGateway } from './kit/whole-gateway.ts';

const empty: Buffer = Buffer.alloc(0);

/** Frames that no library would send, and connections that end in every way, byte by byte through a whole gateway. */
describe.each(httpImplementations)('WebSocket bytes over %s', (http) => {
  let backend: RawSocketBackend;
  let gateway: ServedFolder;
  const ends: RawEnd[] = [];
  beforeAll(async () => {
    backend = await startRawSocketBackend();
    gateway = await startWholeGateway(http, backend.url);
  });
  afterEach(() => {
    for (const { socket } of ends.splice(0)) socket.destroy();
  });
  afterAll(async () => {
    await gateway.stop();
    await backend.close();
  });

  /** `early`: sent by the client in one packet with its handshake; `along`: by the backend with its 101. */
  async function open({ early = empty, along = empty }: { early?: Buffer; along?: Buffer } = {}) {
    const client = connectRaw(gateway.port);
    const arrived = backend.next();
    client.socket.write(Buffer.concat([Buffer.from(handshake), early]));
    const server = await arrived;
    ends.push(client, server);
    server.socket.write(Buffer.concat([Buffer.from(switching), along]));
    await client.when(() => client.bytes.includes('\r\n\r\n'));
    return { client, server };
  }

  const has = (end: RawEnd, bytes: Buffer) => end.when(() => end.payload.length >= bytes.length);

  test('the handshake is that of RFC 6455 on both sides', async () => {
    const { client, server } = await open();
    expect(client.bytes.toString()).toMatch(/^HTTP\/1\.1 101 /);
    expect(client.bytes.toString()).toMatch(/Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/i);
    expect(server.bytes.toString()).toMatch(/\r\nConnection: upgrade\r\n/i);
    expect(server.bytes.toString()).toMatch(/\r\nUpgrade: websocket\r\n/i);
  });

  const opcodes = Array.from({ length: 16 }, (_, opcode) => opcode);
  test.each(opcodes)('opcode %i passes both ways as it is, known or reserved', async (opcode) => {
    const { client, server } = await open();
    const up = webSocketFrame(opcode, 'up');
    const down = webSocketFrame(opcode, 'down', { masked: false });
    client.socket.write(up);
    server.socket.write(down);
    await has(server, up);
    await has(client, down);
    expect(server.payload).toEqual(up);
    expect(client.payload).toEqual(down);
  });

  test.each([
    ['a reserved bit', Buffer.from([0xf1, 0x80, 0, 0, 0, 0])],
    ['an unmasked frame of a client', webSocketFrame(1, 'x', { masked: false })],
    ['a control frame in pieces', webSocketFrame(9, 'x', { fin: false })],
    ['a control frame of 126 bytes', webSocketFrame(9, 'x'.repeat(126))],
    ['a continuation of nothing', webSocketFrame(0, 'x')],
    ['a length that is not the shortest', Buffer.from([0x81, 0xfe, 0, 1, 0, 0, 0, 0, 0x78])],
    [
      'a length with the highest bit',
      Buffer.concat([Buffer.from([0x82, 0xff]), Buffer.alloc(8, 0xff), Buffer.alloc(4)]),
    ],
    ['text that is no UTF-8', webSocketFrame(1, Buffer.from([0xc0, 0xaf]))],
    ['a close code of one byte', webSocketFrame(8, Buffer.from([3]))],
    ['a close code that is reserved', webSocketFrame(8, Buffer.from([0x03, 0xed]))],
    ['what looks like a request', Buffer.from('GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n')],
  ])('%s is for the ends to judge', async (_, bytes) => {
    const { client, server } = await open();
    client.socket.write(bytes);
    await has(server, bytes);
    expect(server.payload).toEqual(bytes);
  });

  test('what a client sends along with its handshake arrives behind it', async () => {
    const early = webSocketFrame(1, 'early bird');
    const { server } = await open({ early });
    await has(server, early);
    expect(server.payload).toEqual(early);
  });

  test('what a backend sends along with its 101 arrives behind it', async () => {
    const along = Buffer.concat([
      webSocketFrame(1, 'first', { masked: false }),
      webSocketFrame(9, '', { masked: false }),
    ]);
    const { client } = await open({ along });
    await has(client, along);
    expect(client.payload).toEqual(along);
  });

  test('both at once, and large', async () => {
    const early = webSocketFrame(2, Buffer.alloc(300_000, 1));
    const along = webSocketFrame(2, Buffer.alloc(300_000, 2), { masked: false });
    const { client, server } = await open({ early, along });
    await Promise.all([has(server, early), has(client, along)]);
    expect(server.payload.equals(early)).toBe(true);
    expect(client.payload.equals(along)).toBe(true);
  });

  test('a frame in single bytes', async () => {
    const { client, server } = await open();
    const bytes = webSocketFrame(1, 'one by one');
    for (const byte of bytes) client.socket.write(Buffer.from([byte]));
    await has(server, bytes);
    expect(server.payload).toEqual(bytes);
  });

  test('a client that has ended its side still reads what the backend says', async () => {
    const { client, server } = await open();
    const last = webSocketFrame(8, Buffer.from([0x03, 0xe8]));
    client.socket.end(last);
    await server.when(() => server.ended);
    expect(server.payload).toEqual(last);
    const answer = webSocketFrame(8, Buffer.from([0x03, 0xe8]), { masked: false });
    server.socket.end(answer);
    await client.when(() => client.ended);
    expect(client.payload).toEqual(answer);
  });

  test('a backend that ends its side ends the connection, behind its last words', async () => {
    const { client, server } = await open();
    const last = webSocketFrame(8, Buffer.from([0x03, 0xe8]), { masked: false });
    server.socket.end(last);
    await client.when(() => client.ended);
    expect(client.payload).toEqual(last);
  });

  test('a client that breaks off takes its backend connection with it', async () => {
    const { client, server } = await open();
    client.socket.resetAndDestroy();
    await server.when(() => server.closed || server.ended);
    expect(server.payload).toHaveLength(0);
  });

  test('a backend that breaks off takes its client connection with it', async () => {
    const { client, server } = await open();
    server.socket.resetAndDestroy();
    await client.when(() => client.closed || client.ended);
    expect(client.payload).toHaveLength(0);
  });

  test('a client that does not read holds its backend back, and loses nothing', async () => {
    const { client, server } = await open();
    client.socket.pause();
    const chunk = webSocketFrame(2, Buffer.alloc(65_536, 7), { masked: false });
    let sent = 0;
    // Until nobody takes more: buffers of the kernel hold some megabytes.
    while (sent < 400 && (server.socket.write(chunk) || server.socket.writableLength < 4 * 1024 * 1024)) sent++;
    expect(sent).toBeLessThan(400);
    sent++;
    client.socket.resume();
    await client.when(() => client.received >= sent * chunk.length);
    expect(client.payload).toHaveLength(sent * chunk.length);
  });

  test.each([
    ['403', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno', 403],
    ['200', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 200],
    ['426', 'HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n', 426],
  ])(
    'a backend that answers the handshake with %s: so does the gateway, and nothing behind it is passed on',
    async (_, bytes, status) => {
      const client = connectRaw(gateway.port);
      const arrived = backend.next();
      client.socket.write(
        Buffer.concat([Buffer.from(handshake), Buffer.from('GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n')]),
      );
      const server = await arrived;
      ends.push(client, server);
      server.socket.write(bytes);
      await client.when(() => client.ended || client.closed);
      expect(client.bytes.toString().match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`]);
      expect(server.bytes.toString()).not.toContain('smuggled');
    },
  );
});
