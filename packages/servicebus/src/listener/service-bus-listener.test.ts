import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { Transport } from '@lazuli/amqp';
import { createNodeListener, defaultListenerLimits, type HttpListener } from '@lazuli/http';
import { selfSigned } from '@lazuli/http/contract';
import { HeaderList } from '@lazuli/policies';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { ServiceBusListener, type ServiceBusListenerOptions } from './service-bus-listener.ts';

let certificate: Awaited<ReturnType<typeof selfSigned>>;
beforeAll(async () => {
  certificate = await selfSigned('localhost');
});

interface Served {
  readonly port: number;
  readonly listener: ServiceBusListener;
  readonly refused: string[];
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** AMQP is an echo that says `AMQP:` first; HTTP answers with the path that was asked for. */
async function serve(options: Partial<ServiceBusListenerOptions> = {}): Promise<Served> {
  const http: HttpListener[] = [null, { ...certificate, requestClientCertificate: false, http2: false }].map((tls) =>
    createNodeListener({
      host: '127.0.0.1',
      port: 0,
      tls,
      limits: defaultListenerLimits,
      onRefused: () => undefined,
      handler: (request) => {
        const headers = HeaderList.from([['X-Path', request.target]]);
        void request.respond({ status: 200, reason: 'OK', headers }, null);
      },
    }),
  );
  const refused: string[] = [];
  const listener = new ServiceBusListener({
    host: '127.0.0.1',
    port: 0,
    tls: certificate,
    amqp: echo,
    http: http[0]!,
    https: http[1]!,
    onRefused: ({ reason }) => refused.push(reason),
    ...options,
  });
  const { port } = await listener.listen();
  closing.push(async () => {
    await listener.drain(0);
    await Promise.all(http.map((each) => each.drain(0)));
  });
  return { port, listener, refused };
}

function echo(transport: Transport): void {
  transport.start({
    onBytes: (bytes) => transport.write([Buffer.from('AMQP:'), bytes]),
    onDrain: () => {},
    onClose: () => {},
  });
}

async function said(socket: Socket, length: number): Promise<string> {
  let text = '';
  for await (const bytes of socket) {
    text += String(bytes);
    if (text.length >= length) break;
  }
  return text;
}

const header = 'AMQP\x00\x01\x00\x00';

describe('one port', () => {
  it('speaks AMQP, with TLS and without', async () => {
    const { port } = await serve();
    for (const socket of [
      connect(port, '127.0.0.1'),
      connectSecurely({ port, host: '127.0.0.1', servername: 'localhost', ca: certificate.certificatePem }),
    ]) {
      socket.write(header);
      expect(await said(socket, 13)).toBe(`AMQP:${header}`);
      socket.destroy();
    }
  });

  it('speaks it where the first bytes come one by one', async () => {
    const { port } = await serve();
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const byte of header) {
      socket.write(byte);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect((await said(socket, 9)).startsWith('AMQP:AMQP')).toBe(true);
    socket.destroy();
  });

  it('speaks HTTP, with TLS and without', async () => {
    const { port } = await serve();
    for (const socket of [
      connect(port, '127.0.0.1'),
      connectSecurely({ port, host: '127.0.0.1', servername: 'localhost', ca: certificate.certificatePem }),
    ]) {
      socket.write('GET /$Resources/queues HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      expect(await said(socket, 10_000)).toMatch(/^HTTP\/1.1 200[\s\S]*x-path: \/\$Resources\/queues/i);
    }
  });

  it.each(['ws', 'wss'])('speaks AMQP over WebSockets (%s)', async (scheme) => {
    const { port } = await serve();
    const webSocket = new WebSocket(`${scheme}://localhost:${port}/$servicebus/websocket`, ['AMQPWSB10'], {
      ca: certificate.certificatePem,
    });
    const answer = new Promise((resolve, reject) => {
      webSocket.on('error', reject);
      webSocket.on('message', (data) => resolve(String(data)));
    });
    webSocket.on('open', () => webSocket.send(Buffer.from(header)));
    expect(await answer).toBe(`AMQP:${header}`);
    expect(webSocket.protocol).toBe('AMQPWSB10');
    webSocket.close();
  });

  it('closes a WebSocket on which text is sent, or a message that is too large', async () => {
    const { port } = await serve();
    const codeAfter = (send: (webSocket: WebSocket) => void) =>
      new Promise((resolve) => {
        const webSocket = new WebSocket(`ws://localhost:${port}/$servicebus/websocket`, ['AMQPWSB10']);
        webSocket.on('error', () => {});
        webSocket.on('open', () => send(webSocket));
        webSocket.on('close', resolve);
      });
    expect(await codeAfter((webSocket) => webSocket.send('text'))).toBe(1003);
    expect(await codeAfter((webSocket) => webSocket.send(Buffer.alloc(17 * 1024 * 1024)))).toBe(1009);
  });

  it('answers a request for the path of WebSockets that asks for none', async () => {
    const { port } = await serve();
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /$servicebus/websocket HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await said(socket, 10_000)).toMatch(/^HTTP\/1.1 426/);
    const other = connect(port, '127.0.0.1');
    other.write(
      'GET /$servicebus/websockets HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    expect(await said(other, 10_000)).toMatch(/^HTTP\/1.1 404/);
  });
});

describe('connections that are closed', () => {
  const closed = (socket: Socket) =>
    new Promise((resolve) =>
      socket
        .on('close', resolve)
        .on('error', () => {})
        .resume(),
    );

  it('are those that speak something else', async () => {
    const { port, refused } = await serve();
    for (const text of ['SSH-2.0-x\r\n', '\x00\x01\x02', 'AMQX', '\x80\x2e\x01']) {
      const socket = connect(port, '127.0.0.1');
      socket.write(text, 'latin1');
      await closed(socket);
    }
    expect(refused.length).toBe(4);
  });

  it('are those that say nothing in time, at any stage', async () => {
    const { port, listener } = await serve({ firstBytesMs: 50 });
    const silent = connect(port, '127.0.0.1');
    const slow = connect(port, '127.0.0.1');
    slow.write('AM');
    const halfHello = connect(port, '127.0.0.1');
    halfHello.write(Buffer.from([0x16, 3, 1, 2, 0]));
    const secure = connectSecurely({
      port,
      host: '127.0.0.1',
      ca: certificate.certificatePem,
      servername: 'localhost',
    });
    const halfRequest = connect(port, '127.0.0.1');
    halfRequest.write('GET /$servicebus/websocket HTTP/1.1\r\nHost: ');
    await Promise.all([silent, slow, halfHello, secure, halfRequest].map(closed));
    await expect.poll(() => listener.connections).toBe(0);
  });

  it('are those whose TLS is broken', async () => {
    const { port, listener } = await serve();
    const socket = connect(port, '127.0.0.1');
    socket.write(Buffer.concat([Buffer.from([0x16, 3, 1, 0, 200]), Buffer.alloc(300, 7)]));
    await closed(socket);
    await expect.poll(() => listener.connections).toBe(0);
  });

  it('are those that are too many', async () => {
    const { port, refused } = await serve({ connections: 2 });
    const two = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    for (const socket of two) {
      socket.write(header);
      await said(socket, 13).catch(() => '');
    }
    two.push(connect(port, '127.0.0.1'), connect(port, '127.0.0.1'), connect(port, '127.0.0.1'));
    await closed(two[4]!);
    expect(refused[0]).toMatch(/More than 2 connections/);
    for (const socket of two) socket.destroy();
  });

  it('are those without TLS where it is needed', async () => {
    const { port, refused } = await serve({ plain: 'never' });
    const socket = connect(port, '127.0.0.1');
    socket.write(header);
    await closed(socket);
    expect(refused).toEqual(['Bytes without TLS are not taken from there.']);
  });

  it('are the last ones when it drains', async () => {
    const { port, listener } = await serve();
    const socket = connect(port, '127.0.0.1');
    socket.write(header);
    await expect.poll(() => listener.connections).toBe(1);
    const gone = closed(socket);
    await listener.drain(10);
    await gone;
    await expect.poll(() => listener.connections).toBe(0);
  });

  it('say which address cannot be listened on', async () => {
    const { port } = await serve();
    await expect(serve({ port })).rejects.toThrow(`Cannot listen on 127.0.0.1:${port}`);
  });
});
