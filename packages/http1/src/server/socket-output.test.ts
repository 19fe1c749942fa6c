import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { SocketOutput } from './socket-output.ts';

it('gives a peer up that takes nothing, and not one that takes a little', async () => {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  await once(socket, 'connect');
  const [peer] = (await accepted) as [Socket];
  let drained = 0;
  const output = new SocketOutput(socket, false, 60_000, () => drained++);
  output.text('x'.repeat(16 * 1024 * 1024));
  output.flush();
  expect([output.isFull, output.isEmpty]).toEqual([true, false]);
  output.watch();
  expect(output.isStuck()).toBe(true);
  // The peer reads until less is left than before.
  const left = () => Reflect.get(socket, '_handle').writeQueueSize;
  const before = left();
  await new Promise<void>((resolve) => {
    peer.on('data', () => left() < before && resolve());
    peer.resume();
  });
  expect([output.isStuck(), drained]).toEqual([false, 0]);
  expect(output.isStuck()).toBe(true);
  socket.destroy();
  peer.destroy();
  server.close();
});
