import { encodeData, uint } from '@lazuli/amqp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codes, conditionOf, RawClient } from './kit/raw-client.ts';
import { type NamespaceOfTests, serveNamespace } from './kit/serve-namespace.ts';

let namespace: NamespaceOfTests;
beforeEach(async () => {
  namespace = await serveNamespace({ limits: { connections: 3, pendingBytes: 1000 } });
  await namespace.directory.put('q', 'queue', {}, 'create');
});
afterEach(() => namespace.close());

/** As time passes for a client that says that it is there. */
async function pass(client: RawClient, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds && !client.isClosed; passed += 15) {
    namespace.clock.advance(15_000);
    await client.roundTrip().catch(() => undefined);
  }
}

describe('what is idle', () => {
  it('is detached after ten minutes, receivers and senders', async () => {
    const client = await RawClient.open(namespace.port);
    await client.attachSender(0, 'q');
    client.attachReceiver(1, 'q');
    await client.next(codes.attach);
    await pass(client, 585);
    client.transfer(0, encodeData(Buffer.from('x')));
    await client.next(codes.disposition);
    await pass(client, 45);
    const { fields } = await client.next(codes.detach);
    expect([fields[0], conditionOf(fields[2])]).toMatchObject([{ value: 1 }, 'amqp:link:detach-forced']);
    await pass(client, 600);
    const later = await client.next(codes.detach);
    expect([later.fields[0], conditionOf(later.fields[2])]).toMatchObject([{ value: 0 }, 'amqp:link:detach-forced']);
    await client.close();
  });

  it('is closed after a minute without a first link', async () => {
    const client = await RawClient.open(namespace.port);
    await pass(client, 75);
    expect(conditionOf((await client.next(codes.close)).fields[0])).toBe('amqp:connection:forced');
    await client.closed;
    await expect.poll(() => namespace.front.connections).toBe(0);
  });

  it('is closed five minutes after its last link', async () => {
    const client = await RawClient.open(namespace.port);
    await client.attachSender(0, 'q');
    client.send(codes.detach, [uint(0), true]);
    await pass(client, 285);
    expect(client.isClosed).toBe(false);
    await pass(client, 45);
    expect(conditionOf((await client.next(codes.close)).fields[0])).toBe('amqp:connection:forced');
    await client.closed;
  });
});

describe('what is too much', () => {
  it('is the fourth connection where three are allowed', async () => {
    const clients = [];
    for (let n = 0; n < 3; n++) clients.push(await RawClient.open(namespace.port));
    const refused = RawClient.open(namespace.port);
    await expect(refused).rejects.toThrow(/amqp:resource-limit-exceeded/);
    await clients[0]?.close();
    await expect.poll(() => namespace.front.connections).toBe(2);
    clients.push(await RawClient.open(namespace.port));
    await Promise.all(clients.map((client) => client.close()));
  });
});

describe('a namespace that goes', () => {
  it('closes its connections, and clients come back', async () => {
    const client = await RawClient.open(namespace.port);
    client.attachReceiver(0, 'q');
    await client.next(codes.attach);
    namespace.front.closeConnections();
    expect(conditionOf((await client.next(codes.close)).fields[0])).toBe('amqp:connection:forced');
    await client.closed;
    await (await RawClient.open(namespace.port)).close();
  });

  it('tells receivers that another process serves it', async () => {
    const client = await RawClient.open(namespace.port);
    client.attachReceiver(0, 'q');
    await client.next(codes.attach);
    await namespace.served.close();
    expect(conditionOf((await client.next(codes.close)).fields[0])).toBe('amqp:connection:forced');
    await client.closed;
  });
});
