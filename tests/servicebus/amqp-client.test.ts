import rhea, { type EventContext } from 'rhea';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { event, messages, RheaClient } from './kit/rhea-client.ts';
import { type ServiceBusProcess, startServiceBus } from './kit/service-bus-process.ts';

const queues = ['addresses', 'crowded', 'drained', 'settled', 'second', 'window', 'deleted'];

/** An outcome as the client keeps it. */
interface Outcome {
  described(): Parameters<typeof rhea.message.is_accepted>[0] & {
    readonly value: readonly { readonly value: unknown }[];
  };
}

let bus: ServiceBusProcess;
let client: RheaClient;
beforeAll(async () => {
  bus = await startServiceBus({
    Queues: [
      ...queues.map((Name) => ({ Name })),
      { Name: 'large', Properties: { MaxMessageSizeInKilobytes: 102_400 } },
      { Name: 'left', Properties: { LockDuration: 'PT5S' } },
      { Name: 'sessions', Properties: { RequiresSession: true } },
    ],
  });
});
afterAll(async () => {
  expect(await bus.stop()).toBe(0);
});
beforeEach(async () => {
  client = await RheaClient.open(bus);
});
afterEach(() => client.close());

/** Sends and waits until all are accepted. */
async function send(queue: string, bodies: readonly unknown[], groupId?: string): Promise<void> {
  const sender = await client.sender(queue);
  let accepted = 0;
  const all = new Promise<void>((resolve, reject) => {
    sender.on('accepted', () => ++accepted === bodies.length && resolve());
    sender.on('rejected', ({ delivery }: EventContext) => reject(delivery?.remote_state?.error));
  });
  let next = 0;
  const go = () => {
    while (next < bodies.length && sender.sendable()) sender.send({ body: bodies[next++], group_id: groupId });
  };
  sender.on('sendable', go);
  // What makes the broker end the link was rejected before.
  sender.on('sender_error', () => undefined);
  go();
  await all;
  sender.close();
}

async function receive(queue: string, count: number): Promise<unknown[]> {
  const receiver = await client.receiver({ source: queue, snd_settle_mode: 1 });
  const taken = messages(receiver, count);
  receiver.add_credit(count);
  const bodies = (await taken).map(({ message }) => message?.body);
  receiver.close();
  return bodies;
}

it.each(['addresses', '/addresses', 'amqp://localhost/addresses', 'sb://localhost:5672/ADDRESSES/'])(
  'knows the address %s',
  async (address) => {
    await send(address, ['hello']);
    expect(await receive(address, 1)).toEqual(['hello']);
  },
);

describe('drain', () => {
  it('is answered at once where there is nothing, and gives the credit back', async () => {
    const receiver = await client.receiver({ source: 'drained' });
    receiver.drain_credit();
    receiver.add_credit(10);
    await event(receiver, 'receiver_drained');
    await send('drained', ['later']);
    const next = messages(receiver, 1);
    receiver.drain = false;
    receiver.add_credit(1);
    const [{ message, delivery } = {}] = await next;
    expect(message?.body).toBe('later');
    delivery?.accept();
  });

  it('gives first what is there', async () => {
    await send('drained', [1, 2, 3]);
    const receiver = await client.receiver({ source: 'drained' });
    const taken: unknown[] = [];
    receiver.on('message', ({ message, delivery }: EventContext) => {
      taken.push(message?.body);
      delivery?.accept();
    });
    const drained = event(receiver, 'receiver_drained');
    receiver.drain_credit();
    receiver.add_credit(100);
    await drained;
    expect(taken).toEqual([1, 2, 3]);
  });
});

describe('settlement', () => {
  it('of the sender alone: what was sent settled is there', async () => {
    const sender = await client.sender({ target: 'settled', snd_settle_mode: 1 });
    for (const body of [1, 2, 3]) sender.send({ body });
    expect(await receive('settled', 3)).toEqual([1, 2, 3]);
  });

  it('in two steps: the last word is the broker’s, with the same outcome', async () => {
    await send('second', ['a', 'b', 'c', 'd']);
    const receiver = await client.receiver({ source: 'second', rcv_settle_mode: 1 });
    const taken = messages(receiver, 4);
    receiver.add_credit(4);
    const [first, second, third, fourth] = (await taken).map(({ delivery }) => delivery);
    const last = async () => {
      const state = (await event(receiver, 'settled')).delivery?.remote_state;
      return (state as unknown as Outcome).described();
    };
    first?.accept();
    expect(rhea.message.is_accepted(await last())).toBe(true);
    second?.release();
    expect(rhea.message.is_released(await last())).toBe(true);
    third?.release({ delivery_failed: true, undeliverable_here: true });
    expect(rhea.message.is_modified(await last())).toBe(true);
    fourth?.reject({ condition: 'my:reason', description: 'told so' });
    const rejected = await last();
    expect(rhea.message.is_rejected(rejected)).toBe(true);
    // Clients take an error in it for a failure.
    expect(rejected.value[0]?.value ?? null).toBe(null);
    // Accepted and deferred do not come again; the dead letter has its reason.
    expect(await receive('second', 1)).toEqual(['b']);
    const dead = await client.receiver({ source: 'second/$deadletterqueue', snd_settle_mode: 1 });
    const [{ message } = {}] = await Promise.all([messages(dead, 1).then(([first]) => first), dead.add_credit(1)]);
    expect(message?.body).toBe('d');
    expect(message?.application_properties).toMatchObject({
      DeadLetterReason: 'my:reason',
      DeadLetterErrorDescription: 'told so',
    });
  });

  it('that a receiver leaves out lets the lock of the message end', async () => {
    await send('left', ['x']);
    const receiver = await client.receiver({ source: 'left' });
    const first = messages(receiver, 1);
    receiver.add_credit(1);
    expect((await first)[0]?.message?.delivery_count).toBe(0);
    receiver.close();
    const other = await client.receiver({ source: 'left' });
    const again = messages(other, 1);
    const asked = Date.now();
    other.add_credit(1);
    const [{ message, delivery } = {}] = await again;
    expect(Date.now() - asked).toBeGreaterThan(3000);
    expect(message).toMatchObject({ body: 'x', delivery_count: 1 });
    delivery?.accept();
  });
});

it('obeys the window of the session: more messages than the client has room for come in order', async () => {
  const bodies = Array.from({ length: 5000 }, (_, n) => n);
  await send('window', bodies);
  const receiver = await client.receiver({ source: 'window', rcv_settle_mode: 0 });
  const taken: unknown[] = [];
  await new Promise<void>((resolve) => {
    receiver.on('message', ({ message, delivery }: EventContext) => {
      taken.push(message?.body);
      delivery?.accept();
      if (taken.length === bodies.length) resolve();
    });
    receiver.add_credit(20_000);
  });
  expect(taken).toEqual(bodies);
});

it('carries a message of 20 MB where the entity takes such', async () => {
  const body = Buffer.alloc(20 * 1024 * 1024, 'abcdefghijklmnopqrstuvwxyz');
  await send('large', [rhea.message.data_section(body)]);
  const [received] = (await receive('large', 1)) as { content: Buffer }[];
  expect(received?.content.length).toBe(body.length);
  expect(received?.content.equals(body)).toBe(true);
  await expect(send('addresses', [rhea.message.data_section(body)])).rejects.toMatchObject({
    condition: 'amqp:link:message-size-exceeded',
  });
}, 60_000);

it('deletes messages by a request, and lists sessions', async () => {
  await send('deleted', [1, 2, 3, 4, 5]);
  const first = await client.request('deleted', 'batch-delete-messages', {
    'message-count': rhea.types.wrap_int(3),
    'enqueued-time-utc': rhea.types.wrap_timestamp(Date.now() + 60_000),
  });
  expect(first.application_properties).toMatchObject({ statusCode: 200, 'status-code': 200 });
  expect(first.body).toEqual({ 'message-count': 3 });
  expect(await receive('deleted', 2)).toEqual([4, 5]);
  const none = await client.request('deleted', 'batch-delete-messages', {
    'message-count': rhea.types.wrap_int(3),
    'enqueued-time-utc': rhea.types.wrap_timestamp(Date.now()),
  });
  expect(none.application_properties).toMatchObject({ statusCode: 204 });

  await send('sessions', [1], 'b');
  await send('sessions', [2], 'a');
  const listed = await client.request('sessions', 'get-message-sessions', {
    'last-updated-time': rhea.types.wrap_timestamp(253_402_300_800_000),
    skip: rhea.types.wrap_int(0),
    top: rhea.types.wrap_int(10),
  });
  expect(listed.body).toEqual({ skip: 2, 'sessions-ids': ['a', 'b'] });
});

it('refuses the 5,001st receiver of a queue, and takes one again when one has left', async () => {
  const other = await RheaClient.open(bus);
  const many = (from: RheaClient, count: number) =>
    Promise.all(Array.from({ length: count }, () => from.receiver({ source: 'crowded' })));
  const [first] = await many(client, 2500);
  await many(other, 2500);
  await expect(other.receiver({ source: 'crowded' })).rejects.toMatchObject({
    condition: 'amqp:resource-limit-exceeded',
  });
  const left = first === undefined ? undefined : event(first, 'receiver_close');
  first?.close();
  await left;
  await other.receiver({ source: 'crowded' });
  await other.close();
}, 60_000);
