import { AmqpMap, type AmqpValue, Described, encodeData, uint } from '@lazuli/amqp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codes, numberOf, outcomes, RawClient } from './kit/raw-client.ts';
import { type NamespaceOfTests, serveNamespace } from './kit/serve-namespace.ts';

/** Links that are lost, and attached again with an unsettled map (AMQP 1.0, 2.6.13). */
let namespace: NamespaceOfTests;
let client: RawClient;
let name: string;
let names = 0;
beforeAll(async () => {
  namespace = await serveNamespace();
});
beforeEach(async () => {
  name = `queue-${++names}`;
  await namespace.directory.put(name, 'queue', { lockDuration: 'PT1M' }, 'create');
  client = await RawClient.open(namespace.port);
});
afterEach(() => client.close());
afterAll(() => namespace.close());

const message = (text: string) => encodeData(Buffer.from(text));
const there = () => namespace.served.runtime(name)?.activeMessageCount;
const accepted = 0x24;
const released = 0x26;

async function lose(afterMs = 0, options = {}): Promise<void> {
  client.destroy();
  await client.closed;
  await expect.poll(() => namespace.front.connections).toBe(0);
  namespace.clock.advance(afterMs);
  client = await RawClient.open(namespace.port, options);
}

function unsettledIn(fields: readonly AmqpValue[]): [string, boolean][] {
  const map = fields[7];
  if (!(map instanceof AmqpMap)) return [];
  return [...map.entries].map(([tag, state]) => [String(tag), state instanceof Described]);
}

describe('a sender that comes back', () => {
  const asked = (...tags: string[]) => new AmqpMap(tags.map((tag) => [Buffer.from(tag), null]));

  it('hears which of its messages were accepted, and need not send them again', async () => {
    await client.attachSender(0, name);
    for (const text of ['one', 'two']) await client.outcome(client.transfer(0, message(text)));
    await lose();
    const { fields } = await client.attachSender(0, name, { unsettled: asked('0', '1', '2') });
    expect(unsettledIn(fields)).toEqual([
      ['0', true],
      ['1', true],
    ]);
    const again = client.transfer(0, message('one'), { tag: '0', isResumed: true });
    expect((await client.outcome(again)).code).toBe(accepted);
    // The broker does not have the third: it is sent like a new one.
    expect((await client.outcome(client.transfer(0, message('three'), { tag: '2' }))).code).toBe(accepted);
    expect(there()).toBe(3);
  });

  it('hears it of messages that were on their way to the disk when the link was lost', async () => {
    await client.attachSender(0, name);
    client.transfer(0, message('one'));
    await expect.poll(there).toBe(1);
    await lose();
    const { fields } = await client.attachSender(0, name, { unsettled: asked('0') });
    expect(unsettledIn(fields)).toEqual([['0', true]]);
  });

  it('is told to send again what is not known, under another name, too late, or after it came back once', async () => {
    const start = async (afterMs = 0) => {
      await client.attachSender(0, name);
      await client.outcome(client.transfer(0, message('one')));
      await lose(afterMs);
    };
    const knows = async (link: string) =>
      unsettledIn((await client.attachSender(0, name, { name: link, unsettled: asked('0') })).fields).length;
    await start();
    expect(await knows('another')).toBe(0);
    await lose();
    expect(await knows('sender 0')).toBe(1);
    await lose();
    expect(await knows('sender 0')).toBe(0);
    const id = client.transfer(0, message('again'), { tag: '0', isResumed: true });
    expect((await client.outcome(id)).code).toBe(released);
    await lose();
    await start(121_000);
    expect(await knows('sender 0')).toBe(0);
  });

  it('is told nothing of a link that it closed', async () => {
    await client.attachSender(0, name);
    await client.outcome(client.transfer(0, message('one')));
    client.send(codes.detach, [uint(0), true]);
    await client.next(codes.detach);
    const { fields } = await client.attachSender(0, name, { unsettled: asked('0') });
    expect(unsettledIn(fields)).toEqual([]);
  });

  it('is told of a link that it only detached', async () => {
    await client.attachSender(0, name);
    await client.outcome(client.transfer(0, message('one')));
    client.send(codes.detach, [uint(0), false]);
    await client.next(codes.detach);
    const { fields } = await client.attachSender(0, name, { unsettled: asked('0') });
    expect(unsettledIn(fields)).toEqual([['0', true]]);
  });

  it('may go on with a message of many frames; its content is not taken twice', async () => {
    await client.attachSender(0, name);
    await client.outcome(client.transfer(0, message('x'.repeat(150_000))));
    await lose();
    await client.attachSender(0, name, { unsettled: asked('0') });
    const id = client.transfer(0, message('x'.repeat(150_000)), { tag: '0', isResumed: true });
    expect((await client.outcome(id)).code).toBe(accepted);
    expect(there()).toBe(1);
  });

  it('gets as many as its frames have room for', async () => {
    await client.attachSender(0, name);
    const tags = Array.from({ length: 500 }, (_, n) => `${client.transfer(0, message(`${n}`))}`);
    await expect.poll(there).toBe(500);
    await lose(0, { frameBytes: 4096 });
    const { fields } = await client.attachSender(0, name, { unsettled: asked(...tags) });
    expect(unsettledIn(fields).length).toBeGreaterThan(10);
    // Not all of them, and it says so.
    expect([unsettledIn(fields).length < 500, fields[8]]).toEqual([true, true]);
  });
});

describe('a receiver that comes back', () => {
  async function received(count: number): Promise<Buffer[]> {
    client.attachReceiver(1, name);
    await client.next(codes.attach);
    client.flow(1, 0, count);
    const tags: Buffer[] = [];
    while (tags.length < count) tags.push((await client.next(codes.transfer)).fields[2] as Buffer);
    return tags;
  }
  async function reattach(...outcomesOf: readonly (readonly [Buffer, AmqpValue])[]) {
    client.attachReceiver(1, name, { unsettled: new AmqpMap(outcomesOf.map(([tag, state]) => [tag, state])) });
    return (await client.next(codes.attach, ({ fields }) => numberOf(fields[1]) === 1)).fields;
  }

  it('brings outcomes that had not arrived; what it has not decided comes again', async () => {
    await client.attachSender(0, name);
    for (const text of ['done', 'dead', 'open']) await client.outcome(client.transfer(0, message(text)));
    const [done, dead, open] = await received(3);
    await lose();
    const fields = await reattach([done!, outcomes.accepted], [dead!, outcomes.rejected], [open!, null]);
    expect(unsettledIn(fields)).toEqual([]);
    expect(namespace.served.runtime(name)).toMatchObject({ activeMessageCount: 1, deadLetterMessageCount: 1 });
    client.flow(1, 0, 5);
    namespace.clock.advance(61_000);
    expect((await client.next(codes.transfer)).payload.includes('open')).toBe(true);
  });

  it('and whose locks have ended gets its messages again', async () => {
    await client.attachSender(0, name);
    await client.outcome(client.transfer(0, message('one')));
    const [one] = await received(1);
    await lose();
    namespace.clock.advance(61_000);
    await reattach([one!, outcomes.accepted], [Buffer.from('nonsense'), outcomes.accepted]);
    expect(there()).toBe(1);
    client.flow(1, 0, 5);
    expect((await client.next(codes.transfer)).payload.includes('one')).toBe(true);
  });
});
