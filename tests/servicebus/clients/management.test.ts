import {
  AmqpArray,
  AmqpMap,
  type AmqpValue,
  Described,
  encodeData,
  encodeMessageAnnotations,
  encodeProperties,
  encodeValueSection,
  int,
  long,
  readMessageAnnotations,
  scanSections,
  symbol,
  Typed,
  timestamp,
  uint,
  ulong,
  uuid,
} from '@lazuli/amqp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codes, conditionOf, numberOf, outcomeOf, outcomes, RawClient } from './kit/raw-client.ts';
import { mapOf, type Reply, RequestClient } from './kit/request-client.ts';
import { type NamespaceOfTests, serveNamespace } from './kit/serve-namespace.ts';

let namespace: NamespaceOfTests;
let client: RawClient;
let name: string;
let node: RequestClient;
let names = 0;
beforeAll(async () => {
  namespace = await serveNamespace();
});
afterAll(() => namespace.close());

async function open(properties = {}): Promise<void> {
  name = `queue-${++names}`;
  await namespace.directory.put(name, 'queue', properties, 'create');
  client = await RawClient.open(namespace.port);
  node = await RequestClient.open(client, `${name}/$management`);
  await client.attachSender(0, name);
}
beforeEach(() => open());
afterEach(() => client.close());

const message = (text: string, groupId?: string) =>
  Buffer.concat([
    encodeProperties({ messageId: text, ...(groupId === undefined ? {} : { groupId }) }),
    encodeData(Buffer.from(text)),
  ]);

async function send(...texts: string[]): Promise<void> {
  for (const text of texts) expect((await client.outcome(client.transfer(0, message(text)))).code).toBe(0x24);
}

/** Locks so many messages on link 1: their lock tokens (as in management) and delivery ids. */
async function lock(count: number): Promise<{ readonly token: Buffer; readonly id: number }[]> {
  client.attachReceiver(1, name);
  client.flow(1, 0, count);
  const locked = [];
  for (let n = 0; n < count; n++) {
    const { fields } = await client.next(codes.transfer, (frame) => numberOf(frame.fields[0]) === 1);
    const token = Buffer.from(Buffer.isBuffer(fields[2]) ? fields[2] : Buffer.alloc(0));
    token.subarray(0, 4).reverse();
    token.subarray(4, 6).reverse();
    token.subarray(6, 8).reverse();
    locked.push({ token, id: numberOf(fields[1]) });
  }
  return locked;
}

function member(reply: Reply, key: string): AmqpValue | undefined {
  return reply.body instanceof AmqpMap ? reply.body.get(key) : undefined;
}

const listOf = (value: AmqpValue | undefined) => (Array.isArray(value) ? value : []);
const conditionIn = ({ properties }: Reply) => {
  const condition = properties.get('errorCondition');
  return condition instanceof Typed ? [condition.type, condition.value] : condition;
};
const tokens = (...items: Buffer[]) => new AmqpArray('uuid', items.map(uuid));
const peek = () => node.manage('peek-message', { 'from-sequence-number': long(1), 'message-count': int(10) });

describe('messages', () => {
  it('are peeked: encoded, with their annotations, none is 204', async () => {
    expect(await peek()).toMatchObject({ status: 204 });
    await send('one', 'two');
    const reply = await peek();
    expect(reply.status).toBe(200);
    const messages = listOf(member(reply, 'messages'));
    expect(messages.length).toBe(2);
    const encoded = messages[0] instanceof AmqpMap ? messages[0].get('message') : undefined;
    if (!Buffer.isBuffer(encoded)) throw new Error('no message');
    const annotations = readMessageAnnotations(encoded, scanSections(encoded));
    expect(annotations.get('x-opt-sequence-number')).toEqual(long(1));
    expect(annotations.get('x-opt-enqueued-time')).toMatchObject({ type: 'timestamp' });
    expect(annotations.get('x-opt-message-state')).toEqual(int(0));
    expect(annotations.get('x-opt-locked-until')).toBeUndefined();
  });

  it('are peeked no more than fits, and refused without numbers', async () => {
    const refused = await node.manage('peek-message', { 'from-sequence-number': long(1) });
    expect([refused.status, conditionIn(refused)]).toEqual([400, ['symbol', 'com.microsoft:argument-error']]);
    expect(refused.properties.get('statusDescription')).toContain('message-count');
    for (const bad of [int(0), int(-1), 'x', null, Buffer.alloc(4)] as const)
      expect(
        (await node.manage('peek-message', { 'from-sequence-number': long(1), 'message-count': bad })).status,
      ).toBe(400);
  });

  it('stay locked when their locks are renewed', async () => {
    await send('one', 'two');
    const [one, two] = await lock(2);
    namespace.clock.advance(40_000);
    const reply = await node.manage('renew-lock', { 'lock-tokens': tokens(one!.token, two!.token) });
    const expirations = member(reply, 'expirations');
    if (!(expirations instanceof AmqpArray)) throw new Error('no expirations');
    expect(expirations.type).toBe('timestamp');
    for (const time of expirations.items)
      expect(Math.abs(numberOf(time) - namespace.clock.now() - 60_000)).toBeLessThan(5000);
    namespace.clock.advance(40_000);
    client.settle(one!.id, outcomes.accepted, false);
    const { fields } = await client.next(codes.disposition, (frame) => frame.fields[0] === false);
    expect(outcomeOf(fields[4]).code).toBe(0x24);
    namespace.clock.advance(61_000);
    const lost = await node.manage('renew-lock', { 'lock-tokens': tokens(two!.token) });
    expect([lost.status, conditionIn(lost)]).toEqual([410, ['symbol', 'com.microsoft:message-lock-lost']]);
    const unknown = await node.manage('renew-lock', { 'lock-tokens': tokens(Buffer.alloc(16)) });
    expect(unknown.status).toBe(410);
  });

  it('are settled by their tokens, in every way', async () => {
    await send('complete', 'abandon', 'defer', 'dead');
    const [complete, abandon, defer, dead] = await lock(4);
    const settle = (token: Buffer, status: string, more: Readonly<Record<string, AmqpValue>> = {}) =>
      node.manage('update-disposition', { 'disposition-status': status, 'lock-tokens': tokens(token), ...more });
    expect((await settle(complete!.token, 'completed')).status).toBe(200);
    expect((await settle(abandon!.token, 'abandoned', { 'properties-to-modify': mapOf({ a: int(1) }) })).status).toBe(
      200,
    );
    expect((await settle(defer!.token, 'defered')).status).toBe(200);
    const why = { 'deadletter-reason': 'R', 'deadletter-description': 'D' };
    expect((await settle(dead!.token, 'suspended', why)).status).toBe(200);
    expect((await settle(complete!.token, 'completed')).status).toBe(410);
    expect((await settle(dead!.token, 'eaten')).status).toBe(400);
    const source = namespace.served.source(name);
    const left = await source.peek({ from: 0, count: 9 });
    expect(left.map(({ messageId, state, deliveryCount }) => [messageId, state, deliveryCount])).toEqual([
      ['abandon', 'active', 1],
      ['defer', 'deferred', 0],
    ]);
    const [letter] = await namespace.served.source(`${name}/$DeadLetterQueue`).peek({ from: 0, count: 1 });
    expect(letter?.overrides?.get('DeadLetterReason')).toBe('R');
  });

  it('are settled by token in a transaction, and browsing is not part of one', async () => {
    await send('one', 'two');
    const [one, two] = await lock(2);
    await client.attachSender(2, new Described(ulong(0x30), [symbol('amqp:local-transactions')]));
    const begin = async () => {
      const declared = await client.outcome(client.transfer(2, encodeValueSection(new Described(ulong(0x31), []))));
      return declared.fields[0] ?? null;
    };
    const complete = async (token: Buffer, transactionId: AmqpValue) =>
      node.manage(
        'update-disposition',
        { 'disposition-status': 'completed', 'lock-tokens': tokens(token) },
        { state: new Described(ulong(0x34), [transactionId]) },
      );
    const end = async (transactionId: AmqpValue, fail: boolean) =>
      client.outcome(client.transfer(2, encodeValueSection(new Described(ulong(0x32), [transactionId, fail]))));
    const first = await begin();
    expect((await complete(one!.token, first)).status).toBe(200);
    await end(first, true);
    const second = await begin();
    expect((await complete(one!.token, second)).status).toBe(200);
    expect((await complete(two!.token, Buffer.alloc(16))).status).toBe(404);
    const state = new Described(ulong(0x34), [second]);
    const peeked = await node.manage(
      'peek-message',
      { 'from-sequence-number': long(1), 'message-count': int(1) },
      { state },
    );
    expect([peeked.status, conditionIn(peeked)]).toEqual([501, ['symbol', 'amqp:not-implemented']]);
    expect((await end(second, false)).code).toBe(0x24);
    const left = await namespace.served.source(name).peek({ from: 0, count: 9 });
    expect(left.map(({ messageId }) => messageId)).toEqual(['two']);
  });

  it('are scheduled, and cancelled by the numbers that come back', async () => {
    const at = timestamp(namespace.clock.now() + 60_000);
    const scheduled = Buffer.concat([
      encodeMessageAnnotations(new AmqpMap([[symbol('x-opt-scheduled-enqueue-time'), at]])),
      message('later'),
    ]);
    const entry = mapOf({ 'message-id': 'later', message: scheduled });
    const reply = await node.manage('schedule-message', { messages: [entry, entry] });
    const numbers = member(reply, 'sequence-numbers');
    if (!(numbers instanceof AmqpArray)) throw new Error('no numbers');
    expect([reply.status, numbers.type, numbers.items.length]).toEqual([200, 'long', 2]);
    const cancel = (...items: AmqpValue[]) =>
      node.manage('cancel-scheduled-message', { 'sequence-numbers': new AmqpArray('long', items) });
    expect((await cancel(numbers.items[0]!)).status).toBe(200);
    const again = await cancel(numbers.items[0]!);
    expect([again.status, conditionIn(again)]).toEqual([404, ['symbol', 'com.microsoft:message-not-found']]);
    expect((await node.manage('schedule-message', { messages: [mapOf({ message: Buffer.from('bad') })] })).status).toBe(
      400,
    );
    expect((await node.manage('schedule-message', { messages: ['bad'] })).status).toBe(400);
  });

  it('are scheduled and cancelled in a transaction', async () => {
    await client.attachSender(2, new Described(ulong(0x30), [symbol('amqp:local-transactions')]));
    const control = (code: number, ...fields: AmqpValue[]) =>
      client.outcome(client.transfer(2, encodeValueSection(new Described(ulong(code), fields))));
    const begin = async () => (await control(0x31)).fields[0] ?? null;
    const within = (transactionId: AmqpValue) => ({ state: new Described(ulong(0x34), [transactionId]) });
    const at = timestamp(namespace.clock.now() + 60_000);
    const scheduled = Buffer.concat([
      encodeMessageAnnotations(new AmqpMap([[symbol('x-opt-scheduled-enqueue-time'), at]])),
      message('later'),
    ]);
    const there = () => namespace.served.runtime(name)?.scheduledMessageCount;
    const first = await begin();
    const reply = await node.manage('schedule-message', { messages: [mapOf({ message: scheduled })] }, within(first));
    const numbers = member(reply, 'sequence-numbers');
    expect([reply.status, numbers instanceof AmqpArray && numbers.items.length, there()]).toEqual([200, 1, 0]);
    await control(0x32, first, false);
    await expect.poll(there).toBe(1);
    const second = await begin();
    const body = { 'sequence-numbers': numbers ?? null };
    expect((await node.manage('cancel-scheduled-message', body, within(second))).status).toBe(200);
    expect(there()).toBe(1);
    await control(0x32, second, false);
    expect(there()).toBe(0);
  });

  it('that are deferred are received by their numbers, locked or deleted', async () => {
    await send('one', 'two');
    for (const { id } of await lock(2)) client.settle(id, outcomes.modified(true));
    const states = async () =>
      (await namespace.served.source(name).peek({ from: 0, count: 9 })).map(({ state }) => state);
    await expect.poll(states).toEqual(['deferred', 'deferred']);
    const receive = (mode: number, ...numbers: number[]) =>
      node.manage('receive-by-sequence-number', {
        'sequence-numbers': new AmqpArray('long', numbers.map(long)),
        'receiver-settle-mode': uint(mode),
      });
    const [locked] = listOf(member(await receive(1, 1), 'messages'));
    expect(locked instanceof AmqpMap && locked.get('lock-token')).toMatchObject({ type: 'uuid' });
    const taken = await receive(1, 1);
    expect([taken.status, conditionIn(taken)]).toEqual([404, ['symbol', 'com.microsoft:message-not-found']]);
    const [deleted] = listOf(member(await receive(0, 2), 'messages'));
    expect(deleted instanceof AmqpMap && deleted.get('lock-token')).toBeUndefined();
    expect(await states()).toEqual(['deferred']);
  });

  it('are deleted by the hundred', async () => {
    await send('one', 'two', 'three');
    const before = timestamp(namespace.clock.now() + 1000);
    const deleteMessages = (count: number) =>
      node.manage('batch-delete-messages', { 'message-count': int(count), 'enqueued-time-utc': before });
    expect(member(await deleteMessages(2), 'message-count')).toEqual(int(2));
    expect(member(await deleteMessages(9), 'message-count')).toEqual(int(1));
    expect((await deleteMessages(9)).status).toBe(204);
    const past = { 'message-count': int(9), 'enqueued-time-utc': timestamp(0) };
    await send('four');
    expect((await node.manage('batch-delete-messages', past)).status).toBe(204);
  });
});

describe('sessions', () => {
  beforeEach(async () => {
    await client.close();
    await open({ requiresSession: true });
  });
  const accept = async (id: string) => {
    client.attachReceiver(1, name, { filters: new AmqpMap([[symbol('com.microsoft:session-filter'), id]]) });
    await client.next(codes.attach, ({ fields }) => fields[0] === 'receiver 1');
  };
  const session = { 'session-id': 's' };

  it('are listed: those with messages, and those whose state was set since', async () => {
    for (const id of ['b', 'a', 'c'])
      expect((await client.outcome(client.transfer(0, message(id, id)))).code).toBe(0x24);
    const list = (time: number, skip = 0, top = 100) =>
      node.manage('get-message-sessions', { 'last-updated-time': timestamp(time), skip: int(skip), top: int(top) });
    const all = await list(253_402_300_799_999);
    expect(member(all, 'sessions-ids')).toEqual(new AmqpArray('string', ['a', 'b', 'c']));
    expect(member(all, 'skip')).toEqual(int(3));
    expect(member(await list(253_402_300_799_999, 1, 1), 'sessions-ids')).toEqual(new AmqpArray('string', ['b']));
    expect((await list(0)).status).toBe(204);
    await accept('a');
    await node.manage('set-session-state', { 'session-id': 'a', 'session-state': Buffer.from('x') });
    expect(member(await list(0), 'sessions-ids')).toEqual(new AmqpArray('string', ['a']));
  });

  it('have state for who holds them', async () => {
    await accept('s');
    const get = async () => member(await node.manage('get-session-state', session), 'session-state');
    expect(await get()).toBeNull();
    const set = (state: AmqpValue) => node.manage('set-session-state', { ...session, 'session-state': state });
    expect((await set(Buffer.from('state'))).status).toBe(200);
    expect(await get()).toEqual(Buffer.from('state'));
    expect((await set(null)).status).toBe(200);
    expect(await get()).toBeNull();
    expect((await set('text')).status).toBe(400);
    expect((await set(Buffer.alloc(300_000))).status).toBe(413);
  });

  it('are renewed by who holds them, and nobody else', async () => {
    await accept('s');
    const reply = await node.manage('renew-session-lock', session);
    const expiration = member(reply, 'expiration');
    expect(expiration).toMatchObject({ type: 'timestamp' });
    expect(Math.abs(numberOf(expiration) - namespace.clock.now() - 60_000)).toBeLessThan(5000);
    const stranger = await RawClient.open(namespace.port);
    const strangersNode = await RequestClient.open(stranger, `${name}/$management`);
    for (const operation of ['renew-session-lock', 'set-session-state']) {
      const refused = await strangersNode.manage(operation, session);
      expect([refused.status, conditionIn(refused)]).toEqual([410, ['symbol', 'com.microsoft:session-lock-lost']]);
    }
    await stranger.close();
    client.send(codes.detach, [uint(1), true]);
    await client.next(codes.detach);
    expect((await node.manage('renew-session-lock', session)).status).toBe(410);
  });
});

describe('rules', () => {
  let rules: RequestClient;
  beforeEach(async () => {
    await namespace.directory.put(`${name}-topic`, 'topic', {}, 'create');
    await namespace.directory.put(`${name}-topic/Subscriptions/s`, 'subscription', {}, 'create');
    rules = await RequestClient.open(client, `${name}-topic/Subscriptions/s/$management`, { handle: 200 });
  });
  const list = async (skip = 0, top = 100) => {
    const reply = await rules.manage('enumerate-rules', { skip: int(skip), top: int(top) });
    return listOf(member(reply, 'rules')).map((entry) => {
      const rule = entry instanceof AmqpMap ? entry.get('rule-description') : undefined;
      if (!(rule instanceof Described) || !Array.isArray(rule.value)) throw new Error('no rule');
      expect(rule.descriptor).toEqual(new Typed('ulong', 0x13700000004));
      return rule.value;
    });
  };

  it('are described by the codes that clients know', async () => {
    const [rule] = await list();
    const [filter, action, ruleName, created] = rule ?? [];
    expect(filter).toEqual(new Described(new Typed('ulong', 0x1370000007), []));
    expect(action).toEqual(new Described(new Typed('ulong', 0x13700000005), []));
    expect([ruleName, created]).toEqual(['$Default', expect.objectContaining({ type: 'timestamp' })]);
  });

  it('keep the types of the values that they compare with', async () => {
    const properties = new AmqpMap([
      ['int', int(3)],
      ['long', long(5_000_000_000)],
      ['double', new Typed('double', 0.5)],
      ['sure', true],
      ['text', 'x'],
      ['time', timestamp(1_700_000_000_000)],
      ['id', uuid(Buffer.from('00112233445566778899aabbccddeeff', 'hex'))],
      ['bytes', Buffer.from([1, 2])],
    ]);
    const description = mapOf({ 'correlation-filter': mapOf({ label: 'l', properties }) });
    expect((await rules.manage('add-rule', { 'rule-name': 'typed', 'rule-description': description })).status).toBe(
      200,
    );
    const typed = (await list()).find((rule) => rule[2] === 'typed');
    const filter = typed?.[0];
    if (!(filter instanceof Described) || !Array.isArray(filter.value)) throw new Error('no filter');
    expect(filter.descriptor).toEqual(new Typed('ulong', 0x1370000009));
    expect(filter.value.slice(0, 8)).toEqual([null, null, null, null, 'l', null, null, null]);
    const kept = filter.value[8];
    if (!(kept instanceof AmqpMap)) throw new Error('no properties');
    expect(kept.get('int')).toEqual(long(3));
    for (const [key, value] of properties.entries.slice(1)) expect(kept.get(String(key))).toEqual(value);
  });

  it('are added once, removed once, and refused where they cannot be read', async () => {
    const add = (ruleName: AmqpValue, description: AmqpValue) =>
      rules.manage('add-rule', { 'rule-name': ruleName, 'rule-description': description });
    const sql = (expression: string) => mapOf({ 'sql-filter': mapOf({ expression }) });
    expect((await add('r', sql('a = 1'))).status).toBe(200);
    const again = await add('r', sql('a = 1'));
    expect([again.status, conditionIn(again)]).toEqual([409, ['symbol', 'com.microsoft:entity-already-exists']]);
    expect((await add('bad', sql('a ='))).status).toBe(400);
    expect((await add('bad', 'x')).status).toBe(400);
    expect((await add('bad', mapOf({}))).status).toBe(400);
    expect((await add(null, sql('a = 1'))).status).toBe(400);
    const remove = (ruleName: string) => rules.manage('remove-rule', { 'rule-name': ruleName });
    expect((await remove('r')).status).toBe(200);
    const gone = await remove('r');
    expect([gone.status, conditionIn(gone)]).toEqual([404, ['symbol', 'amqp:not-found']]);
    const queueRules = await node.manage('enumerate-rules', { skip: int(0), top: int(10) });
    expect(queueRules.status).toBe(400);
  });

  it('are listed in pages', async () => {
    for (const n of [1, 2, 3])
      await rules.manage('add-rule', {
        'rule-name': `r${n}`,
        'rule-description': mapOf({ 'sql-filter': mapOf({ expression: `a = ${n}` }) }),
      });
    const [first, second] = [await list(0, 3), await list(3, 3)];
    expect([first.length, second.length]).toEqual([3, 1]);
    expect((await rules.manage('enumerate-rules', { skip: int(9), top: int(10) })).status).toBe(204);
  });
});

describe('what is wrong with a request', () => {
  it('is answered: operations that are not known, bodies of another kind', async () => {
    const unknown = await node.manage('dance', {});
    expect([unknown.status, conditionIn(unknown)]).toEqual([501, ['symbol', 'amqp:not-implemented']]);
    for (const key of ['constructor', '__proto__', 'toString']) expect((await node.manage(key, {})).status).toBe(501);
    expect((await node.ask({ operation: 'com.microsoft:peek-message' }, 'x')).status).toBe(400);
    expect((await node.ask({ operation: 'com.microsoft:peek-message' }, null)).status).toBe(400);
    const { code, fields } = await client.outcome(client.transfer(100, Buffer.from([0, 0x53, 0x77])));
    expect([code, conditionOf(fields[0])]).toEqual([0x25, 'amqp:decode-error']);
  });

  it('is answered for long lists', async () => {
    const many = new AmqpArray(
      'long',
      Array.from({ length: 1001 }, (_, n) => long(n)),
    );
    expect((await node.manage('cancel-scheduled-message', { 'sequence-numbers': many })).status).toBe(400);
  });

  it('is that the entity has gone', async () => {
    await namespace.directory.delete(name);
    const reply = await peek();
    expect([reply.status, conditionIn(reply)]).toEqual([404, ['symbol', 'amqp:not-found']]);
    expect(reply.properties.get('statusDescription')).toMatch(/messaging entity .* could not be found/);
  });
});
