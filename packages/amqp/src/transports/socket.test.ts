import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Transport } from '../contract.ts';
import { FedSocketTransport, socketTransport } from './socket.ts';

const open: { destroy(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.destroy();
});

async function pair(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const far = new Socket().connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [near] = await once(server, 'connection');
  if (!(near instanceof Socket)) throw new TypeError('no socket');
  server.close();
  open.push(near, far);
  return { near, far };
}

function heardBy(transport: Transport): { text: () => string; closed: Promise<Error | undefined> } {
  let text = '';
  const closed = new Promise<Error | undefined>((resolve) => {
    transport.start({
      onBytes: (bytes) => {
        text += String(bytes);
      },
      onDrain: () => {},
      onClose: resolve,
    });
  });
  return { text: () => text, closed };
}

describe('a transport over a socket', () => {
  test('writes pieces one behind the other, reads, and says when the peer is gone', async () => {
    const { near, far } = await pair();
    const transport = socketTransport(near);
    const { text, closed } = heardBy(transport);
    expect(transport.write([Buffer.from('one '), Buffer.from('two '), Buffer.from('three')])).toBe(true);
    const [first] = await once(far, 'data');
    expect(String(first)).toBe('one two three');
    far.end('answer');
    expect(await closed).toBeUndefined();
    expect(text()).toBe('answer');
    expect(transport.write([Buffer.from('late')])).toBe(true);
  });
});

describe('a transport that is fed', () => {
  test('gives what was read before it first, whenever more comes', async () => {
    const { near } = await pair();
    for (const comesAtOnce of [true, false]) {
      const feeding = new FedSocketTransport(near, Buffer.from('early '));
      const { text } = heardBy(feeding.transport);
      if (!comesAtOnce) await new Promise((resolve) => process.nextTick(resolve));
      feeding.received(Buffer.from('later'));
      await new Promise((resolve) => process.nextTick(resolve));
      expect(text()).toBe('early later');
    }
  });
});
