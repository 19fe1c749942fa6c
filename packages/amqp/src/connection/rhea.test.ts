import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import rhea from 'rhea';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionHandler, DeliveryState, IncomingDelivery, SendingLink } from '../contract.ts';
import { encodeData } from '../message/write.ts';
import { socketTransport } from '../transports/socket.ts';
import { createConnection } from './create-connection.ts';

/** A node that keeps what it gets and gives it to whoever asks. */
class Node {
  readonly received: IncomingDelivery[] = [];
  readonly outcomes: (DeliveryState | undefined)[] = [];
  readonly waiting: Buffer[] = [];
  readonly violations: unknown[] = [];
  #links: SendingLink[] = [];
  #tag = 0;

  readonly handler: ConnectionHandler = {
    onAttach: (attach) => {
      if (
        attach.source?.address === 'refused' ||
        (attach.target && 'address' in attach.target && attach.target.address === 'refused')
      ) {
        attach.refuse({ condition: 'amqp:not-found', description: 'No such node.' });
        return;
      }
      if (attach.role === 'sender') {
        const link = attach.accept(
          {},
          {
            onDelivery: (delivery) => {
              this.received.push(delivery);
              delivery.settle({ kind: 'accepted' });
              link.grant(1);
            },
          },
        );
        link.grant(100);
        return;
      }
      const link = attach.accept(
        {},
        {
          onSendable: () => this.#send(link),
          onDrain: () => {
            this.#send(link);
            link.drained();
          },
          onOutcome: (delivery, state, settled) => {
            this.outcomes.push(state);
            if (!settled) delivery.settle(state ?? { kind: 'released' });
          },
        },
      );
      this.#links.push(link);
    },
    onViolation: (error) => this.violations.push(error),
  };

  offer(...payloads: Buffer[]): void {
    this.waiting.push(...payloads);
    for (const link of this.#links) this.#send(link);
  }

  #send(link: SendingLink): void {
    while (this.waiting.length > 0 && link.sendable > 0)
      link.send({ tag: Buffer.from(String(this.#tag++)), pieces: [this.waiting.shift()!], settled: false });
  }
}

let server: Server;
let node: Node;
let connection: rhea.Connection;
const mechanisms: string[] = [];

beforeEach(async () => {
  node = new Node();
  mechanisms.length = 0;
  server = createServer((socket) =>
    createConnection(
      socketTransport(socket),
      {
        containerId: 'test',
        sasl: {
          mechanisms: ['MSSBCBS', 'PLAIN', 'ANONYMOUS', 'EXTERNAL'],
          authenticate: async ({ mechanism, userName, password }) => {
            mechanisms.push(mechanism);
            if (mechanism === 'PLAIN' && (userName !== 'me' || password !== 'secret')) return undefined;
            return { mechanism };
          },
        },
      },
      node.handler,
    ),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  connection?.removeAllListeners();
  connection?.close();
  await new Promise((resolve) => server.close(resolve));
});

const connect = (options: Partial<rhea.ConnectionOptions> = {}): rhea.Connection => {
  connection = rhea.create_container().connect({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    reconnect: false,
    ...options,
  } as rhea.ConnectionOptions);
  connection.on('connection_error', () => {});
  connection.on('disconnected', () => {});
  return connection;
};

describe('rhea as a client', () => {
  it('sends messages of one and of many frames', async () => {
    const sender = connect().open_sender('queue');
    await once(sender, 'sendable');
    const bodies = [1, 1000, 70_000, 1_000_000].map((size) => Buffer.alloc(size, size % 251));
    let accepted = 0;
    const done = new Promise<void>((resolve) => {
      sender.on('accepted', () => {
        if (++accepted === bodies.length) resolve();
      });
    });
    for (const body of bodies) sender.send({ body: rhea.message.data_section(body) });
    await done;
    expect(node.received.map(({ payload }) => payload.subarray(payload.length - 1)[0])).toEqual(
      bodies.map(([byte]) => byte),
    );
    expect(node.received.map(({ payload }) => payload.length > 0)).toEqual([true, true, true, true]);
    expect(mechanisms).toEqual(['ANONYMOUS']);
    expect(node.violations).toEqual([]);
  });

  it('receives messages of one and of many frames', async () => {
    const bodies = [1, 1000, 70_000, 1_000_000].map((size) => Buffer.alloc(size, size % 251));
    node.offer(...bodies.map(encodeData));
    const received: Buffer[] = [];
    const receiver = connect({ max_frame_size: 4096 } as never).open_receiver({
      source: 'queue',
      credit_window: 10,
      autoaccept: true,
    });
    await new Promise<void>((resolve) => {
      receiver.on('message', ({ message }: rhea.EventContext) => {
        received.push(message?.body.content);
        if (received.length === bodies.length) setImmediate(resolve);
      });
    });
    expect(received.map((body) => body.length)).toEqual(bodies.map((body) => body.length));
    expect(received.every((body, index) => body.equals(bodies[index]!))).toBe(true);
  });

  it('gives outcomes, and forgets deliveries when we settle them', async () => {
    node.offer(...[1, 2, 3, 4].map((size) => encodeData(Buffer.alloc(size))));
    const receiver = connect().open_receiver({
      source: 'queue',
      credit_window: 0,
      autoaccept: false,
      autosettle: false,
      rcv_settle_mode: 1,
    });
    receiver.add_credit(4);
    const deliveries: rhea.Delivery[] = [];
    await new Promise<void>((resolve) => {
      receiver.on('message', ({ delivery }: rhea.EventContext) => {
        if (delivery !== undefined) deliveries.push(delivery);
        if (deliveries.length === 4) resolve();
      });
    });
    // One after the other: rhea takes two outcomes of one turn for equal.
    const outcomes: ((delivery: rhea.Delivery) => void)[] = [
      (delivery) => delivery.accept(),
      (delivery) => delivery.reject({ condition: 'x:y', description: 'z' }),
      (delivery) => delivery.release(),
      (delivery) => delivery.modified({ delivery_failed: true, undeliverable_here: true }),
    ];
    for (const [index, delivery] of deliveries.entries()) {
      const settled = once(receiver, 'settled');
      outcomes[index]!(delivery);
      await settled;
    }
    expect(node.outcomes).toMatchObject([
      { kind: 'accepted' },
      { kind: 'rejected', error: { condition: 'x:y', description: 'z' } },
      { kind: 'released' },
      { kind: 'modified', deliveryFailed: true, undeliverableHere: true },
    ]);
  });

  it('drains with and without messages', async () => {
    node.offer(encodeData(Buffer.from('one')));
    const receiver = connect().open_receiver({ source: 'queue', credit_window: 0 });
    await once(receiver, 'receiver_open');
    receiver.drain_credit();
    receiver.add_credit(10);
    receiver.drain_credit();
    await once(receiver, 'receiver_drained');
    expect((receiver as unknown as { credit: number }).credit).toBe(0);
  });

  it('is told why a link is refused', async () => {
    const receiver = connect().open_receiver('refused');
    const [context] = await once(receiver, 'receiver_error');
    expect((context as rhea.EventContext).receiver?.error).toMatchObject({ condition: 'amqp:not-found' });
    const sender = connection.open_sender('refused');
    const [second] = await once(sender, 'sender_error');
    expect((second as rhea.EventContext).sender?.error).toMatchObject({ condition: 'amqp:not-found' });
  });

  it('comes in with user name and password, or does not', async () => {
    connect({ username: 'me', password: 'secret' });
    await once(connection, 'connection_open');
    expect(mechanisms).toEqual(['PLAIN']);
    connection.close();
    connect({ username: 'me', password: 'wrong' });
    await once(connection, 'connection_error');
  });

  it('closes and is answered', async () => {
    connect();
    await once(connection, 'connection_open');
    connection.close();
    await once(connection, 'connection_close');
  });
});
