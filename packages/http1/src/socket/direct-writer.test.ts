import { once } from 'node:events';
import { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WireSocket } from '../server/wire-socket.ts';
import { type ConnectedPair, connectedPair } from './connected-pair.ts';
import { directWriter, type WriteOwner } from './direct-writer.ts';

const pairs: ConnectedPair[] = [];
afterEach(() => {
  for (const pair of pairs.splice(0)) pair.close();
});

class Told implements WriteOwner {
  writes = 0;
  refusals = 0;
  #waiting: (() => void)[] = [];

  written(): void {
    this.writes++;
    this.#tell();
  }

  refused(): void {
    this.refusals++;
    this.#tell();
  }

  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

async function connected() {
  const pair = await connectedPair();
  pairs.push(pair);
  const owner = new Told();
  const writer = directWriter(pair.socket, owner);
  if (writer === null) throw new Error('This Node does not show how it writes.');
  return { ...pair, writer, owner };
}

async function textOf(peer: Socket, length: number): Promise<string> {
  let text = '';
  peer.setEncoding('latin1');
  peer.on('data', (piece: string) => {
    text += piece;
    if (text.length >= length) peer.emit('enough');
  });
  peer.resume();
  if (text.length < length) await once(peer, 'enough');
  return text;
}

describe('text', () => {
  it('leaves at the end of the turn, all of it in one piece', async () => {
    const { peer, writer, owner } = await connected();
    const arrived = once(peer, 'data');
    peer.resume();
    expect(writer.text('one ')).toBe(true);
    expect(writer.text('two \u00ff')).toBe(true);
    expect(writer).toMatchObject({ isWaiting: true, isPending: true, isUnderWay: false });
    await owner.next();
    expect(writer).toMatchObject({ isWaiting: false, isPending: false });
    expect(owner.writes).toBe(1);
    const [bytes] = (await arrived) as [Buffer];
    expect(bytes.toString('latin1')).toBe('one two \u00ff');
  });

  it('leaves at once when it is flushed, before what the socket is given', async () => {
    const { socket, peer, writer, owner } = await connected();
    writer.text('first ');
    writer.flush();
    expect(owner.writes).toBe(1);
    socket.write('second ');
    writer.text('third');
    writer.flush();
    writer.flush();
    expect(await textOf(peer, 18)).toBe('first second third');
  });

  it('is not collected without end', async () => {
    const { peer, writer, owner } = await connected();
    const piece = 'x'.repeat(10_000);
    for (let i = 0; i < 7; i++) writer.text(piece);
    expect(owner.writes).toBe(1);
    expect(await textOf(peer, 70_000)).toHaveLength(70_000);
  });

  it('that the kernel has no room for is written in order, and said to be when it is', async () => {
    const { socket, peer, writer, owner } = await connected();
    const piece = 'x'.repeat(50_000);
    let length = 0;
    while (!writer.isUnderWay) {
      expect(writer.text(piece)).toBe(true);
      writer.flush();
      length += piece.length;
    }
    const told = owner.writes;
    // Behind it there is only the socket.
    expect(writer.text('not now')).toBe(false);
    socket.write('the end');
    const text = await textOf(peer, length + 7);
    expect(text).toHaveLength(length + 7);
    expect(text.endsWith('xthe end')).toBe(true);
    expect(owner.writes).toBe(told + 1);
    expect(writer.isPending).toBe(false);
    expect(writer.text('again')).toBe(true);
  });

  it('that the kernel refuses destroys the socket, and its owner learns that nothing has left', async () => {
    const { socket, peer, writer, owner } = await connected();
    writer.text('hello');
    // Loopback delivers it within the call.
    peer.resetAndDestroy();
    await owner.next();
    expect(owner).toMatchObject({ writes: 0, refusals: 1 });
    expect(socket.destroyed).toBe(true);
    expect(socket.errored).toMatchObject({ syscall: 'write', code: expect.stringMatching(/^E(PIPE|CONNRESET)$/) });
  });

  it('for a socket that is destroyed before the turn ends is dropped', async () => {
    const { socket, writer, owner } = await connected();
    writer.text('never');
    socket.destroy();
    await once(socket, 'close');
    writer.flush();
    expect(owner).toMatchObject({ writes: 0, refusals: 0 });
    expect(writer.text('nor this')).toBe(false);
  });

  it('on its way when the socket is destroyed tells nobody', async () => {
    const { socket, writer, owner } = await connected();
    while (!writer.isUnderWay) {
      writer.text('x'.repeat(50_000));
      writer.flush();
    }
    const told = owner.writes;
    socket.destroy();
    await once(socket, 'close');
    expect(owner).toMatchObject({ writes: told, refusals: 0 });
  });
});

it('is for connected TCP sockets only', () => {
  const owner = new Told();
  expect(directWriter(new WireSocket(), owner)).toBeNull();
  expect(directWriter(new Socket(), owner)).toBeNull();
});
