import { AmqpMap, type Connection } from '@lazuli/amqp';
import { describe, expect, it } from 'vitest';
import { Bench, queue } from '../broker/harness.ts';
import type { AccessControl, Claim, EntityDirectory, Right } from '../contract.ts';
import { Client, LinkRight } from './client.ts';
import { defaultFrontLimits, type FrontLimits } from './front-options.ts';
import { LostLinks } from './lost-links.ts';

const access: AccessControl = {
  verifyToken: () => Promise.reject(new Error('not asked')),
  verifyKey: () => Promise.resolve(undefined),
};
const directory: EntityDirectory = {
  list: async () => [],
  subscriptions: async () => [],
  rules: async () => [],
  get: async () => undefined,
  put: () => Promise.reject(new Error('not asked')),
  delete: async () => {},
};

async function made(limits: Partial<FrontLimits> = {}) {
  const bench = await Bench.with([queue('q')]);
  const connection: Connection = {
    hostName: 'localhost',
    remoteContainerId: 'test',
    remoteProperties: new AmqpMap(),
    identity: { mechanism: 'ANONYMOUS' },
    close: () => {},
    links: [],
    sessionCount: 0,
    linkCount: 0,
    linklessSince: undefined,
  };
  const namespace = { served: bench.namespace, access, directory };
  const log = { info: () => {}, warn: () => {} };
  const options = { namespaces: () => namespace, clock: bench.clock, log };
  return {
    bench,
    client: new Client(connection, namespace, options, { ...defaultFrontLimits, ...limits }, new LostLinks()),
  };
}

function claim(path: string, right: Right, expiresAt = Number.POSITIVE_INFINITY): Claim & { asked: number } {
  const made = {
    path,
    expiresAt,
    who: 'test',
    asked: 0,
    allows(wanted: Right, at: string) {
      made.asked++;
      return wanted === right && at.startsWith(path);
    },
  };
  return made;
}

describe('claims of a connection', () => {
  it('count together, each for its path, until they expire', async () => {
    const { bench, client } = await made();
    client.addClaim(claim('a', 'Send'));
    client.addClaim(claim('b', 'Listen', bench.clock.now() + 1000));
    expect(client.allows('Send', 'a/x')).toBe(true);
    expect(client.allows('Send', 'b')).toBe(false);
    expect(client.allows('Listen', 'b')).toBe(true);
    await bench.clock.pass(1000);
    expect(client.allows('Listen', 'b')).toBe(false);
    expect(() => client.require('Listen', 'b')).toThrow("'Listen' claim(s) are required");
  });

  it('are replaced by a newer one for the same path, and bounded', async () => {
    const { client } = await made();
    client.addClaim(claim('a', 'Send'));
    client.addClaim(claim('a', 'Listen'));
    expect(client.allows('Send', 'a')).toBe(false);
    for (let n = 0; n < 1000; n++) client.addClaim(claim(`other ${n}`, 'Send'));
    expect(client.allows('Listen', 'a')).toBe(false);
    expect(client.allows('Send', 'other 0')).toBe(true);
  });

  it('are asked once a millisecond by a link', async () => {
    const { bench, client } = await made();
    const given = claim('a', 'Send');
    client.addClaim(given);
    const right = new LinkRight(client, 'Send', 'a');
    for (let n = 0; n < 5; n++) right.require(bench.clock.now());
    expect(given.asked).toBe(1);
    await bench.clock.pass(1);
    right.require(bench.clock.now());
    expect(given.asked).toBe(2);
    client.addClaim(claim('a', 'Listen'));
    await bench.clock.pass(1);
    expect(() => right.require(bench.clock.now())).toThrow("'Send' claim(s)");
  });
});

describe('bytes that wait for the disk', () => {
  it('hold senders up until there are fewer', async () => {
    const { client } = await made({ pendingBytes: 100 });
    const resumed: string[] = [];
    client.pend(150);
    expect(client.isFull).toBe(true);
    client.whenNotFull(() => resumed.push('one'));
    client.whenNotFull(() => resumed.push('two'));
    client.pend(-20);
    expect(resumed).toEqual([]);
    client.pend(-30);
    expect(resumed).toEqual(['one', 'two']);
    client.pend(-100);
    expect(resumed).toEqual(['one', 'two']);
  });
});

describe('sessions', () => {
  it('are held by as many links as took them, without regard to the case of the path', async () => {
    const { client } = await made();
    client.holdSession('Q', 's');
    client.holdSession('q', 's');
    client.requireSession('q', 's');
    client.leaveSession('Q', 's');
    client.requireSession('Q', 's');
    client.leaveSession('q', 's');
    expect(() => client.requireSession('q', 's')).toThrow('session lock was lost');
    expect(() => client.requireSession('q', 'S')).toThrow('session lock was lost');
  });
});

describe('transactions', () => {
  it('are bounded; those that nobody ended make room when their time is over', async () => {
    const { bench, client } = await made({ transactions: 2 });
    const first = client.beginTransaction();
    client.beginTransaction();
    expect(() => client.beginTransaction()).toThrow('has 2 open transactions');
    await bench.clock.pass(151_000);
    client.beginTransaction();
    expect(() => client.transaction(Buffer.from(first.id))).toThrow('not known');
  });

  it('are rolled back with the connection', async () => {
    const { client } = await made();
    const transaction = client.beginTransaction();
    client.end();
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'TransactionUnknown' });
    expect(() => client.transaction(Buffer.from(transaction.id))).toThrow('not known');
  });
});
