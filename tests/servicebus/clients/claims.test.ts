import { createHmac } from 'node:crypto';
import { AmqpMap, encodeApplicationProperties, encodeData, encodeValueSection, uint } from '@lazuli/amqp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codes, conditionOf, RawClient } from './kit/raw-client.ts';
import { RequestClient } from './kit/request-client.ts';
import { type NamespaceOfTests, serveNamespace } from './kit/serve-namespace.ts';

let namespace: NamespaceOfTests;
let client: RawClient;
beforeAll(async () => {
  namespace = await serveNamespace();
  const authorizationRules = [
    { keyName: 'sender', rights: ['Send'], primaryKey: 'send-key', secondaryKey: 'other-send-key' },
    { keyName: 'listener', rights: ['Listen'], primaryKey: 'listen-key' },
  ];
  await namespace.directory.put('q', 'queue', { authorizationRules }, 'create');
  await namespace.directory.put('other', 'queue', {}, 'create');
});
beforeEach(async () => {
  client = await RawClient.open(namespace.port, { isAnonymous: true });
});
afterEach(() => client.close());
afterAll(() => namespace.close());

interface Key {
  readonly name: string;
  readonly key: string;
}
const root: Key = { name: 'RootManageSharedAccessKey', key: 'SAS_KEY_VALUE' };
const sender: Key = { name: 'sender', key: 'send-key' };

function token(resource: string, { name, key }: Key = root, lifeMs = 3_600_000): string {
  const seconds = Math.ceil((namespace.clock.now() + lifeMs) / 1000);
  const encoded = encodeURIComponent(resource);
  const signature = createHmac('sha256', key).update(`${encoded}\n${seconds}`).digest('base64');
  return `SharedAccessSignature sr=${encoded}&sig=${encodeURIComponent(signature)}&se=${seconds}&skn=${name}`;
}

let claims: RequestClient;

async function putToken(given: string, name: string, type = 'servicebus.windows.net:sastoken'): Promise<number> {
  return (await claims.ask({ operation: 'put-token', type, name }, given)).status;
}

async function conditionOfSender(path: string): Promise<string | undefined> {
  const { fields } = await client.attachSender(0, path);
  if (fields[6] !== null) return undefined;
  return conditionOf((await client.next(codes.detach)).fields[2]);
}

describe('claims', () => {
  beforeEach(async () => {
    claims = await RequestClient.open(client, '$cbs');
  });

  it('are needed: nobody sends or receives without', async () => {
    expect(await conditionOfSender('q')).toBe('amqp:unauthorized-access');
    client.attachReceiver(1, 'q');
    expect(conditionOf((await client.next(codes.detach)).fields[2])).toBe('amqp:unauthorized-access');
    const management = await client.attachSender(2, 'q/$management');
    expect(management.fields[6]).toBeNull();
  });

  it.each(['sb://localhost/q', 'amqp://localhost:5672/q', 'http://localhost/Q/', 'sb://localhost/'])(
    'come from a token for %s',
    async (resource) => {
      expect(await putToken(token(resource), resource)).toBe(202);
      expect(await conditionOfSender('q')).toBeUndefined();
    },
  );

  it('come from a token that is called another kind: what it is counts', async () => {
    expect(await putToken(token('sb://localhost/q'), 'sb://localhost/q', 'jwt')).toBe(202);
    expect(await conditionOfSender('q')).toBeUndefined();
  });

  it('do not come from tokens with a wrong signature, whatever they are called', async () => {
    const forged = token('sb://localhost/q', { ...root, key: 'guessed' });
    for (const type of ['servicebus.windows.net:sastoken', 'jwt', 'amqp:jwt', 'x'])
      expect(await putToken(forged, 'sb://localhost/q', type)).toBe(401);
    for (const bad of [
      '',
      'x',
      'SharedAccessSignature ',
      'a.b.c',
      'x'.repeat(40_000),
      token('sb://localhost/q', root, -60_000),
    ])
      expect(await putToken(bad, 'sb://localhost/q')).toBe(401);
    expect(await conditionOfSender('q')).toBe('amqp:unauthorized-access');
  });

  it('give what their rule gives, where it is', async () => {
    expect(await putToken(token('sb://localhost/q', sender), 'sb://localhost/q')).toBe(202);
    expect(await putToken(token('sb://localhost/other', sender), 'sb://localhost/other')).toBe(401);
    expect(await conditionOfSender('q')).toBeUndefined();
    client.attachReceiver(1, 'q');
    expect(conditionOf((await client.next(codes.detach)).fields[2])).toBe('amqp:unauthorized-access');
    client.attachReceiver(2, 'other');
    expect(conditionOf((await client.next(codes.detach)).fields[2])).toBe('amqp:unauthorized-access');
  });

  it('refuse requests that are not put-token, or say too little', async () => {
    const put = { operation: 'put-token', type: 'jwt' };
    expect((await claims.ask({ operation: 'delete-token', name: 'x' }, 'x')).status).toBe(400);
    expect((await claims.ask(put, 'token')).status).toBe(400);
    expect((await claims.ask({ ...put, name: 'x' }, null)).status).toBe(400);
    const { code, fields } = await client.outcome(client.transfer(100, Buffer.from('nonsense')));
    expect([code, conditionOf(fields[0])]).toEqual([0x25, 'amqp:decode-error']);
  });

  it('end: what is sent afterwards is refused, and links that rest on them are detached', async () => {
    await putToken(token('sb://localhost/q', root, 60_000), 'sb://localhost/q');
    await client.attachSender(0, 'q');
    client.attachReceiver(1, 'q');
    await client.next(codes.attach);
    namespace.clock.advance(80_000);
    const detached = [await client.next(codes.detach), await client.next(codes.detach)];
    expect(detached.map(({ fields }) => [fields[0], conditionOf(fields[2])])).toEqual([
      [uint(0), 'amqp:unauthorized-access'],
      [uint(1), 'amqp:unauthorized-access'],
    ]);
  });

  it('are renewed by a newer token', async () => {
    await putToken(token('sb://localhost/q', root, 60_000), 'sb://localhost/q');
    await client.attachSender(0, 'q');
    namespace.clock.advance(40_000);
    await putToken(token('sb://localhost/q', root, 60_000), 'sb://localhost/q');
    namespace.clock.advance(40_000);
    expect((await client.outcome(client.transfer(0, encodeData(Buffer.from('x'))))).code).toBe(0x24);
  });

  it('end with the key that they were made with', async () => {
    await putToken(token('sb://localhost/q', sender), 'sb://localhost/q');
    await client.attachSender(0, 'q');
    const authorizationRules = [{ keyName: 'sender', rights: ['Send'], primaryKey: 'new', secondaryKey: 'newer' }];
    await namespace.directory.put('q', 'queue', { authorizationRules }, 'update');
    client.transfer(0, encodeData(Buffer.from('x')));
    const { fields } = await client.next(codes.detach);
    expect(conditionOf(fields[2])).toBe('amqp:unauthorized-access');
  });
});

describe('replies of $cbs', () => {
  it('go to the link of who asks without saying where to', async () => {
    claims = await RequestClient.open(client, '$cbs', { replyTo: null });
    expect(await putToken(token('sb://localhost/q'), 'sb://localhost/q')).toBe(202);
  });

  it('go where the request says', async () => {
    claims = await RequestClient.open(client, '$cbs', { replyTo: 'one' });
    client.attachReceiver(102, '$cbs', { isSettled: true, target: 'two' });
    await client.next(codes.attach);
    expect(await putToken('x', 'sb://localhost/q')).toBe(401);
  });

  it('wait for credit, and not without end', async () => {
    await client.attachSender(100, '$cbs');
    client.attachReceiver(101, '$cbs', { isSettled: true });
    await client.next(codes.attach);
    const request = Buffer.concat([
      encodeApplicationProperties(new AmqpMap([['operation', 'x']])),
      encodeValueSection(null),
    ]);
    for (let n = 0; n < 201; n++) {
      client.transfer(100, request);
      await client.next(codes.disposition);
    }
    const { fields } = await client.next(codes.close);
    expect(conditionOf(fields[0])).toBe('amqp:resource-limit-exceeded');
  });
});

describe('who signs in with a key (SASL PLAIN)', () => {
  it('has the rights of its rule without a token', async () => {
    const signed = await RawClient.open(namespace.port);
    const { fields } = await signed.attachSender(0, 'q');
    expect(fields[6]).not.toBeNull();
    await signed.close();
  });

  it('is refused with a wrong key', async () => {
    const response = Buffer.from('\0RootManageSharedAccessKey\0wrong');
    await expect(RawClient.open(namespace.port, { response })).rejects.toThrow(/ended/);
  });
});
