import { expect, it } from 'vitest';
import { connectedPair } from '../socket/connected-pair.ts';
import { SocketOutput } from './socket-output.ts';

it('gives a peer up that takes nothing, and not one that takes a little', async () => {
  const { socket, peer, close } = await connectedPair();
  let drained = 0;
  const output = new SocketOutput(socket, false, 60_000, () => drained++);
  output.text('x'.repeat(16 * 1024 * 1024));
  output.flush();
  expect([output.isFull, output.isEmpty]).toEqual([true, false]);
  output.watch();
  expect(output.keepWaiting()).toBe(false);
  // The peer reads until less is left than before.
  const left = () => Reflect.get(socket, '_handle').writeQueueSize;
  const before = left();
  await new Promise<void>((resolve) => {
    peer.on('data', () => left() < before && resolve());
    peer.resume();
  });
  expect([output.keepWaiting(), drained]).toEqual([true, 0]);
  expect(output.keepWaiting()).toBe(false);
  close();
});
