import { AmqpMap, encodeData, encodeProperties, long, symbol, Typed, uint } from '@lazuli/amqp';
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

async function queue(properties = {}): Promise<string> {
  const name = `queue-${++names}`;
  await namespace.directory.put(name, 'queue', properties, 'create');
  return name;
}

const message = (text: string) => encodeData(Buffer.from(text));
const active = (path: string) => namespace.served.runtime(path)?.activeMessageCount;

/** Attaches a sender, sends, and waits until all of it is on disk. */
async function fill(path: string, texts: readonly string[], handle = 9): Promise<void> {
  await client.attachSender(handle, path);
  for (const text of texts) client.transfer(handle, message(text));
  await expect.poll(() => active(path)).toBe(texts.length);
}

describe('addresses', () => {
  it.each([
    ['as they are', (name: string) => name],
    ['with a slash in front', (name: string) => `/${name}`],
    ['in another case', (name: string) => name.toUpperCase()],
    ['as URLs', (name: string) => `amqps://localhost:5671/${name}`],
    ['as URLs of sb', (name: string) => `sb://localhost/${name}/`],
  ])('are understood %s', async (_, write) => {
    const name = await queue();
    await client.attachSender(0, write(name));
    client.transfer(0, message('x'));
    expect(outcomeOf((await client.next(codes.disposition)).fields[4]).code).toBe(0x24);
    client.attachReceiver(1, write(name));
    expect((await client.next(codes.attach)).fields[1]).toEqual(uint(1));
    client.flow(1, 0, 1);
    expect((await client.next(codes.transfer)).payload.includes('x')).toBe(true);
  });

  it('that lead nowhere are answered with an attach without a terminus, and a detach', async () => {
    client.attachReceiver(0, 'nothing');
    const attach = await client.next(codes.attach);
    expect(attach.fields[5]).toBeNull();
    const { fields } = await client.next(codes.detach);
    expect([fields[1], conditionOf(fields[2])]).toEqual([true, 'amqp:not-found']);
  });
});

describe('a sender', () => {
  it('is told how large messages may be, and given credit', async () => {
    const attach = await client.attachSender(0, await queue());
    expect(attach.fields[10]).toEqual(new Typed('ulong', 262_144));
    expect(numberOf((await client.next(codes.flow)).fields[6])).toBeGreaterThan(100);
  });

  it('is taken at its word that it settled', async () => {
    const name = await queue();
    await client.attachSender(0, name, { isSettled: true });
    for (let id = 0; id < 10; id++) client.transfer(0, message('x'), { isSettled: true });
    await expect.poll(() => active(name)).toBe(10);
    expect(client.waiting(codes.disposition)).toEqual([]);
  });

  it('ends where it settled a message that is refused: it hears of it no other way', async () => {
    const name = await queue({ requiresSession: true });
    await client.attachSender(0, name);
    client.transfer(0, message('no session'), { isSettled: true });
    const { fields } = await client.next(codes.detach);
    expect(conditionOf(fields[2])).toBe('amqp:not-allowed');
  });

  it('has every message answered, the good and the bad, and gets new credit', async () => {
    const name = await queue();
    await client.attachSender(0, name);
    const first = numberOf((await client.next(codes.flow)).fields[6]);
    for (let id = 0; id < 200; id++) client.transfer(0, id % 50 === 7 ? Buffer.from('bad') : message('x'));
    let accepted = 0;
    let rejected = 0;
    while (accepted + rejected < 200) {
      const { fields } = await client.next(codes.disposition);
      const from = numberOf(fields[1]);
      const count = (fields[2] === null || fields[2] === undefined ? from : numberOf(fields[2])) - from + 1;
      const { code, fields: state } = outcomeOf(fields[4]);
      if (code === 0x24) accepted += count;
      else {
        rejected += count;
        expect(conditionOf(state[0])).toBe('amqp:decode-error');
      }
    }
    expect([accepted, rejected]).toEqual([196, 4]);
    const { fields } = await client.next(codes.flow);
    expect(numberOf(fields[5]) + numberOf(fields[6])).toBeGreaterThan(first);
  });
});

describe('a receiver', () => {
  it('gets the lock token as the delivery tag, as .NET writes a GUID, and the echo of its outcome', async () => {
    const name = await queue();
    await fill(name, ['1', '2', '3', '4', '5']);
    client.attachReceiver(0, name, { isSecond: true });
    client.flow(0, 0, 5);
    const states = [
      outcomes.accepted,
      outcomes.released,
      outcomes.modified(false),
      outcomes.modified(true),
      outcomes.rejected,
    ];
    for (const state of states) {
      const { fields } = await client.next(codes.transfer);
      expect(fields[4] === true).toBe(false);
      const tag = fields[2];
      if (!Buffer.isBuffer(tag)) throw new Error('no tag');
      expect(tag.length).toBe(16);
      const token = Buffer.from(tag);
      token.subarray(0, 4).reverse();
      token.subarray(4, 6).reverse();
      token.subarray(6, 8).reverse();
      expect(namespace.served.source(name).locked(token)).toBeDefined();
      client.settle(numberOf(fields[1]), state, false);
      const echo = await client.next(codes.disposition, (frame) => frame.fields[0] === false);
      expect(echo.fields[3]).toBe(true);
      expect(outcomeOf(echo.fields[4]).code).toBe(numberOf(state.descriptor));
      if (state === outcomes.rejected) expect(outcomeOf(echo.fields[4]).fields[0] ?? null).toBeNull();
    }
  });

  it('is told that a lock is lost', async () => {
    const name = await queue();
    await fill(name, ['1']);
    client.attachReceiver(0, name);
    client.flow(0, 0, 1);
    const { fields } = await client.next(codes.transfer);
    namespace.clock.advance(61_000);
    client.settle(numberOf(fields[1]), outcomes.accepted, false);
    const echo = outcomeOf((await client.next(codes.disposition, (frame) => frame.fields[0] === false)).fields[4]);
    expect([echo.code, conditionOf(echo.fields[0])]).toEqual([0x25, 'com.microsoft:message-lock-lost']);
  });

  it('that settles at once gets no answer', async () => {
    const name = await queue();
    await fill(name, ['1', '2']);
    client.attachReceiver(0, name);
    client.flow(0, 0, 2);
    for (let n = 0; n < 2; n++)
      client.settle(numberOf((await client.next(codes.transfer)).fields[1]), outcomes.accepted, true);
    await expect.poll(() => active(name)).toBe(0);
    expect(client.waiting(codes.disposition).filter(({ fields }) => fields[0] === false)).toEqual([]);
  });

  it('takes settled deliveries for received and deleted, and no more than it asked for', async () => {
    const name = await queue();
    await fill(name, ['1', '2', '3']);
    client.attachReceiver(0, name, { isSettled: true });
    client.flow(0, 0, 1);
    client.flow(0, 0, 1);
    const { fields } = await client.next(codes.transfer);
    expect(fields[4]).toBe(true);
    client.flow(0, 1, 0);
    expect(active(name)).toBe(2);
    client.flow(0, 1, 1);
    await client.next(codes.transfer);
    expect(active(name)).toBe(1);
  });

  it('is answered when it drains, with credit and without', async () => {
    const name = await queue();
    client.attachReceiver(0, name);
    await client.next(codes.attach);
    client.flow(0, 0, 10, true);
    const drained = await client.next(codes.flow, ({ fields }) => fields[4] !== null && fields[4] !== undefined);
    expect([numberOf(drained.fields[5]), numberOf(drained.fields[6]), drained.fields[8]]).toEqual([10, 0, true]);
    client.flow(0, 10, 0, true);
    const again = await client.next(codes.flow, ({ fields }) => fields[4] !== null && fields[4] !== undefined);
    expect([numberOf(again.fields[5]), numberOf(again.fields[6])]).toEqual([10, 0]);
    await fill(name, ['1', '2']);
    client.flow(0, 10, 5, true);
    await client.next(codes.transfer);
    await client.next(codes.transfer);
    const third = await client.next(codes.flow, ({ fields }) => fields[8] === true && numberOf(fields[5]) === 15);
    expect(numberOf(third.fields[6])).toBe(0);
  });

  it('gets no more than its session has a window for', async () => {
    const name = await queue();
    await fill(
      name,
      Array.from({ length: 20 }, (_, n) => `${n}`),
    );
    const narrow = await RawClient.open(namespace.port, { window: 5 });
    narrow.attachReceiver(0, name);
    narrow.send(codes.flow, [uint(0), uint(5), uint(0), uint(100), uint(0), uint(0), uint(20)]);
    for (let n = 0; n < 5; n++) await narrow.next(codes.transfer);
    expect(narrow.waiting(codes.transfer)).toEqual([]);
    narrow.send(codes.flow, [uint(5), uint(15), uint(0), uint(100)]);
    for (let n = 0; n < 15; n++) await narrow.next(codes.transfer);
    await narrow.close();
  });

  it('of a deleted entity is detached, and so is a sender within a while', async () => {
    const name = await queue();
    client.attachReceiver(0, name);
    await client.next(codes.attach);
    await client.attachSender(1, name);
    await namespace.directory.delete(name);
    const receiver = await client.next(codes.detach);
    expect([receiver.fields[0], conditionOf(receiver.fields[2])]).toEqual([uint(0), 'amqp:not-found']);
    namespace.clock.advance(15_000);
    const sender = await client.next(codes.detach);
    expect([sender.fields[0], conditionOf(sender.fields[2])]).toEqual([uint(1), 'amqp:not-found']);
  });
});

describe('a receiver of sessions', () => {
  const filter = (value: string | null) => new AmqpMap([[symbol('com.microsoft:session-filter'), value]]);
  const waiting = (ms: number) => new AmqpMap([[symbol('com.microsoft:timeout'), uint(ms)]]);
  const withSession = (text: string, groupId: string) =>
    Buffer.concat([encodeProperties({ messageId: text, groupId }), message(text)]);

  it('is told the session and until when it is locked', async () => {
    const name = await queue({ requiresSession: true });
    client.attachReceiver(0, name, { filters: filter('one') });
    const { fields } = await client.next(codes.attach);
    const filters = outcomeOf(fields[5]).fields[7];
    expect(filters instanceof AmqpMap && filters.get('com.microsoft:session-filter')).toBe('one');
    const properties = fields[13];
    const until = properties instanceof AmqpMap ? properties.get('com.microsoft:locked-until-utc') : undefined;
    expect(until instanceof Typed && until.type).toBe('long');
    const ticks = BigInt(String(until instanceof Typed ? until.value : 0));
    const time = Number((ticks - 621_355_968_000_000_000n) / 10_000n);
    expect(Math.abs(time - namespace.clock.now() - 60_000)).toBeLessThan(5000);
    expect(long(ticks)).toEqual(until);
  });

  it('waits for the next session; the answer comes with the session', async () => {
    const name = await queue({ requiresSession: true });
    client.attachReceiver(0, name, { filters: filter(null), properties: waiting(60_000) });
    await client.attachSender(1, name);
    client.transfer(1, withSession('m', 'late'));
    const { fields } = await client.next(codes.attach);
    const filters = outcomeOf(fields[5]).fields[7];
    expect(filters instanceof AmqpMap && filters.get('com.microsoft:session-filter')).toBe('late');
    client.flow(0, 0, 1);
    expect((await client.next(codes.transfer)).payload.includes('late')).toBe(true);
  });

  it('waits as long as it says, and is then detached', async () => {
    const name = await queue({ requiresSession: true });
    client.attachReceiver(0, name, { filters: filter(null), properties: waiting(30_000) });
    // Something else is answered: the wait has begun.
    await client.attachSender(1, name);
    namespace.clock.advance(29_000);
    client.attachReceiver(2, 'nothing');
    expect(conditionOf((await client.next(codes.detach)).fields[2])).toBe('amqp:not-found');
    namespace.clock.advance(2000);
    expect((await client.next(codes.attach, ({ fields }) => fields[0] === 'receiver 0')).fields[5]).toBeNull();
    const { fields } = await client.next(codes.detach);
    expect(conditionOf(fields[2])).toBe('com.microsoft:timeout');
  });

  it('that leaves while it waits takes no session with it', async () => {
    const name = await queue({ requiresSession: true });
    const impatient = await RawClient.open(namespace.port);
    impatient.attachReceiver(0, name, { filters: filter(null) });
    await impatient.attachSender(1, name);
    await impatient.close();
    await expect.poll(() => namespace.front.connections).toBe(1);
    await client.attachSender(1, name);
    client.transfer(1, withSession('m', 's'));
    client.attachReceiver(0, name, { filters: filter(null) });
    const { fields } = await client.next(codes.attach);
    expect(outcomeOf(fields[5]).fields[7]).toBeInstanceOf(AmqpMap);
  });

  it('is detached when its session is lost', async () => {
    const name = await queue({ requiresSession: true });
    client.attachReceiver(0, name, { filters: filter('s') });
    await client.next(codes.attach);
    namespace.clock.advance(61_000);
    expect(conditionOf((await client.next(codes.detach)).fields[2])).toBe('com.microsoft:session-lock-lost');
  });
});
