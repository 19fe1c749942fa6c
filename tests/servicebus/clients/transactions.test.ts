import { AmqpMap, Described, encodeData, encodeValueSection, symbol, uint, ulong } from '@lazuli/amqp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codes, conditionOf, numberOf, outcomeOf, outcomes, RawClient } from './kit/raw-client.ts';
import { type NamespaceOfTests, serveNamespace } from './kit/serve-namespace.ts';

let namespace: NamespaceOfTests;
let client: RawClient;
let names = 0;
beforeAll(async () => {
  namespace = await serveNamespace();
});
beforeEach(async () => {
  client = await RawClient.open(namespace.port);
});
afterEach(() => client.close());
afterAll(() => namespace.close());

const coordinator = new Described(ulong(0x30), [symbol('amqp:local-transactions')]);
const message = (text: string) => encodeData(Buffer.from(text));

async function queue(properties = {}): Promise<string> {
  const name = `queue-${++names}`;
  await namespace.directory.put(name, 'queue', properties, 'create');
  return name;
}

async function declare(): Promise<Buffer> {
  const id = client.transfer(0, encodeValueSection(new Described(ulong(0x31), [])));
  const { code, fields } = await client.outcome(id);
  expect(code).toBe(0x33);
  const [transactionId] = fields;
  if (!Buffer.isBuffer(transactionId)) throw new Error('no transaction id');
  return transactionId;
}

async function discharge(transactionId: Buffer, fail: boolean) {
  const id = client.transfer(0, encodeValueSection(new Described(ulong(0x32), [transactionId, fail])));
  return client.outcome(id);
}

const within = (transactionId: Buffer, outcome: Described | null = null) =>
  new Described(ulong(0x34), [transactionId, outcome]);

async function send(handle: number, text: string, transactionId?: Buffer) {
  const id = client.transfer(
    handle,
    message(text),
    transactionId === undefined ? {} : { state: within(transactionId) },
  );
  return client.outcome(id);
}

const active = (path: string) => namespace.served.runtime(path)?.activeMessageCount;

/** Deliveries count from 0 in the other direction too. */
async function receive(handle: number, path: string, count: number): Promise<number[]> {
  client.attachReceiver(handle, path);
  await client.next(codes.attach);
  client.flow(handle, 0, count);
  const ids: number[] = [];
  while (ids.length < count) ids.push(numberOf((await client.next(codes.transfer)).fields[1]));
  return ids;
}

async function settle(id: number, outcome: Described, transactionId: Buffer) {
  client.settle(id, within(transactionId, outcome), false);
  const fits = (frame: { readonly fields: readonly unknown[] }) => frame.fields[0] === false;
  return outcomeOf((await client.next(codes.disposition, fits)).fields[4]);
}

describe('a transaction over AMQP', () => {
  beforeEach(async () => {
    const { fields } = await client.attachSender(0, coordinator);
    const target = fields[6];
    expect(target instanceof Described && numberOf(target.descriptor)).toBe(0x30);
  });

  it('sends to and settles in several entities at once', async () => {
    const [from, to] = [await queue(), await queue()];
    await client.attachSender(1, from);
    await client.attachSender(2, to);
    for (const text of ['1', '2', '3', '4']) expect((await send(1, text)).code).toBe(0x24);
    const [complete = -1, abandon = -1, defer = -1, dead = -1] = await receive(3, from, 4);
    const transactionId = await declare();
    const sent = await send(2, 'x', transactionId);
    expect(sent.code).toBe(0x34);
    expect(sent.fields[0]).toEqual(transactionId);
    expect(outcomeOf(sent.fields[1]).code).toBe(0x24);
    const completed = await settle(complete, outcomes.accepted, transactionId);
    expect(completed.code).toBe(0x34);
    expect(outcomeOf(completed.fields[1]).code).toBe(0x24);
    await settle(abandon, outcomes.modified(false), transactionId);
    await settle(defer, outcomes.modified(true), transactionId);
    await settle(dead, outcomes.rejected, transactionId);
    expect(active(to)).toBe(0);
    expect((await namespace.served.source(from).peek({ from: 0, count: 9 })).map(({ state }) => state)).toEqual([
      'active',
      'active',
      'active',
      'active',
    ]);
    expect((await discharge(transactionId, false)).code).toBe(0x24);
    expect(active(to)).toBe(1);
    const left = await namespace.served.source(from).peek({ from: 0, count: 9 });
    expect(left.map(({ state, deliveryCount }) => [state, deliveryCount])).toEqual([
      ['active', 1],
      ['deferred', 0],
    ]);
    expect(namespace.served.runtime(from)?.deadLetterMessageCount).toBe(1);
  });

  it('leaves nothing when it is rolled back, and its messages locked as they were', async () => {
    const name = await queue();
    await client.attachSender(1, name);
    await send(1, 'there');
    const [id = -1] = await receive(2, name, 1);
    const transactionId = await declare();
    await send(1, 'never', transactionId);
    await settle(id, outcomes.accepted, transactionId);
    expect((await discharge(transactionId, true)).code).toBe(0x24);
    expect(active(name)).toBe(1);
    client.flow(2, 1, 1);
    namespace.clock.advance(61_000);
    expect((await client.next(codes.transfer)).payload.includes('there')).toBe(true);
  });

  it('is rolled back with the link that began it, and with the connection', async () => {
    const name = await queue();
    await client.attachSender(1, name);
    const transactionId = await declare();
    await send(1, 'never', transactionId);
    client.send(codes.detach, [uint(0), true]);
    await client.next(codes.detach);
    const refused = await send(1, 'late', transactionId);
    expect([refused.code, conditionOf(refused.fields[0])]).toEqual([0x25, 'amqp:transaction:unknown-id']);
    await client.attachSender(0, coordinator, { name: 'again' });
    const other = await declare();
    await send(1, 'never', other);
    client.destroy();
    await client.closed;
    expect(active(name)).toBe(0);
  });

  it('is over after two minutes', async () => {
    const name = await queue();
    await client.attachSender(1, name);
    const transactionId = await declare();
    await send(1, 'never', transactionId);
    namespace.clock.advance(121_000);
    const { code, fields } = await discharge(transactionId, false);
    expect([code, conditionOf(fields[0])]).toEqual([0x25, 'amqp:transaction:timeout']);
    expect(active(name)).toBe(0);
  });

  it('refuses ids that are not known, and what is neither declare nor discharge', async () => {
    const unknown = await discharge(Buffer.alloc(16), false);
    expect([unknown.code, conditionOf(unknown.fields[0])]).toEqual([0x25, 'amqp:transaction:unknown-id']);
    for (const payload of [encodeValueSection('declare'), Buffer.from('nonsense'), Buffer.alloc(0)]) {
      const { code, fields } = await client.outcome(client.transfer(0, payload));
      expect([code, conditionOf(fields[0])]).toEqual([0x25, 'amqp:decode-error']);
    }
  });

  it('sends via one entity to another', async () => {
    const [via, to] = [await queue(), await queue()];
    const properties = new AmqpMap([[symbol('com.microsoft:transfer-destination-address'), to]]);
    await client.attachSender(1, via, { properties });
    await client.attachSender(2, via);
    await send(2, 'in');
    const [id = -1] = await receive(3, via, 1);
    const transactionId = await declare();
    await send(1, 'out', transactionId);
    await settle(id, outcomes.accepted, transactionId);
    expect([active(via), active(to)]).toEqual([1, 0]);
    await discharge(transactionId, false);
    expect([active(via), active(to)]).toEqual([0, 1]);
  });

  it('holds a hundred messages at most', async () => {
    const name = await queue();
    await client.attachSender(1, name);
    const transactionId = await declare();
    for (let n = 0; n < 100; n++) expect((await send(1, 'x', transactionId)).code).toBe(0x34);
    const refused = await send(1, 'x', transactionId);
    expect([refused.code, conditionOf(refused.fields[0])]).toEqual([0x25, 'amqp:resource-limit-exceeded']);
    const { code, fields } = await discharge(transactionId, false);
    expect([code, conditionOf(fields[0])]).toEqual([0x25, 'amqp:transaction:rollback']);
    expect(active(name)).toBe(0);
  });
});
