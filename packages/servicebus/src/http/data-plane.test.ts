import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { message, ReceiverOfTests, written } from '../broker/harness.ts';
import { receivedMessage } from './data/received-message.ts';
import { type Answer, type Served, serve } from './harness.ts';

let served: Served;
beforeEach(async () => {
  served = await serve(false, { limits: { batchMessages: 3, waitingRequests: 2 } });
});
afterEach(() => served.close());

const post = (headers: Record<string, string>, body: string | Uint8Array = 'hello', path = '/q/messages') =>
  served.send('POST', path, { headers, body });
const head = (method = 'POST', path = '/q') => served.send(method, `${path}/messages/head?timeout=0`);
const broker = (answer: Answer) => JSON.parse(String(answer.headers.brokerproperties)) as Record<string, unknown>;

describe('sending', () => {
  it('gives a message with all its properties to an AMQP receiver', async () => {
    const properties = {
      MessageId: 'm',
      CorrelationId: 'c',
      Label: 'Grüße',
      To: 't',
      ReplyTo: 'r',
      ReplyToSessionId: 'rs',
      TimeToLive: 10,
      PartitionKey: 'pk',
    };
    const sent = await post({
      BrokerProperties: Buffer.from(JSON.stringify(properties)).toString('latin1'),
      'Content-Type': 'text/plain',
      Priority: 'High',
      Quoted: '"12345"',
      Count: '7',
      Big: '9007199254740993',
      Half: '0.5',
      Yes: 'true',
      Day: '"Sun, 06 Nov 1994 08:49:37 GMT"',
    });
    expect(sent.status).toBe(201);
    const receiver = new ReceiverOfTests();
    served.bench.source('q').openReceiver({ mode: 'peekLock', name: 'x' }, receiver.events).setCredit(1);
    const [delivered] = receiver.messages;
    if (delivered === undefined) throw new Error('nothing came');
    const { properties: read, application, body, ...rest } = receivedMessage(delivered);
    expect(`${body}`).toBe('hello');
    expect(read).toMatchObject({ messageId: 'm', correlationId: 'c', subject: 'Grüße', contentType: 'text/plain' });
    expect(read).toMatchObject({ to: 't', replyTo: 'r', replyToGroupId: 'rs' });
    expect(rest).toMatchObject({ messageId: 'm', partitionKey: 'pk' });
    expect(rest.expiresAt - rest.enqueuedTime).toBe(10_000);
    expect(application.get('Priority')).toBe('High');
    expect(application.get('Quoted')).toBe('12345');
    expect(application.get('Count')).toMatchObject({ type: 'int', value: 7 });
    expect(application.get('Big')).toMatchObject({ type: 'long', value: 9007199254740993n });
    expect(application.get('Half')).toMatchObject({ type: 'double', value: 0.5 });
    expect(application.get('Yes')).toBe(true);
    expect(application.get('Day')).toMatchObject({ type: 'timestamp', value: 784111777000 });
    expect(application.size).toBe(7);
  });

  it('takes a batch whole or not at all', async () => {
    const type = { 'Content-Type': 'application/vnd.microsoft.servicebus.json' };
    const one = { Body: 'a', BrokerProperties: { Label: 'l' }, UserProperties: { n: 1, s: 'x' } };
    expect((await post(type, JSON.stringify([one, { Body: 'b' }]))).status).toBe(201);
    const first = await head();
    expect(first.text).toBe('a');
    expect(first.headers).toMatchObject({ n: '1', s: '"x"' });
    for (const wrong of [
      '',
      '{}',
      '[]',
      '[1]',
      '[{"Body":1}]',
      '[{},{"UserProperties":{"a":[]}}]',
      '[{},{},{},{}]',
      '['.repeat(100_000),
    ])
      expect((await post(type, wrong)).status, wrong.slice(0, 40)).toBe(400);
    expect((await head()).text).toBe('b');
    expect((await head()).status).toBe(204);
  });

  it('refuses what is wrong with the status and the words of the service', async () => {
    for (const wrong of [
      '{',
      '1',
      '[]',
      '{"Label":1}',
      '{"TimeToLive":-1}',
      '{"TimeToLive":"x"}',
      '{"ScheduledEnqueueTimeUtc":"x"}',
    ])
      expect((await post({ BrokerProperties: wrong })).status, wrong).toBe(400);
    expect((await post({}, Buffer.alloc(300_000))).status).toBe(413);
    expect((await post({ Authorization: 'Bearer Listen' })).status).toBe(401);
    expect((await post({ Authorization: '' })).headers['www-authenticate']).toBeDefined();
    expect((await post({ Host: 'other' })).status).toBe(404);
    const missing = await post({}, '', '/none/messages');
    expect(missing.status).toBe(404);
    expect(missing.text).toMatch(
      /^<Error><Code>404<\/Code><Detail>SubCode=40400\. Not Found\. The messaging entity 'none' could not be found\. TrackingId:[\w-]+, SystemTracker:localhost:\d+:none\/messages, Timestamp:2026-01-01T00:00:00<\/Detail><\/Error>$/,
    );
    expect((await post({}, '', '/sessions/messages')).status).toBe(400);
    expect((await post({ BrokerProperties: '{"SessionId":"s"}' }, '', '/sessions/messages')).status).toBe(201);
    expect((await post({}, '', '/q%FF/messages')).status).toBe(400);
  });
});

describe('receiving', () => {
  it('locks, renews, unlocks and completes by number or id', async () => {
    await post({ BrokerProperties: '{"MessageId":"the id"}' });
    const locked = await head();
    expect(locked.status).toBe(201);
    const { SequenceNumber, LockToken, DeliveryCount, State } = broker(locked);
    expect({ DeliveryCount, State }).toEqual({ DeliveryCount: 1, State: 'Active' });
    const path = `/q/messages/${SequenceNumber}/${LockToken}`;
    expect(locked.headers.location).toBe(`https://localhost:${served.port}${path}`);
    expect((await served.send('POST', path)).status).toBe(200);
    expect((await head()).status).toBe(204);
    expect((await served.send('PUT', path)).status).toBe(200);
    expect((await served.send('DELETE', path)).status).toBe(404);
    const again = broker(await head());
    expect(again.DeliveryCount).toBe(2);
    expect((await served.send('DELETE', `/q/messages/other/${again.LockToken}`)).status).toBe(404);
    expect((await served.send('DELETE', `/q/messages/1/no-guid`)).status).toBe(400);
    expect((await served.send('DELETE', `/q/messages/the%20id/${again.LockToken}`)).status).toBe(200);
    expect(served.bench.namespace.runtime('q')?.activeMessageCount).toBe(0);
  });

  it('takes away what AMQP sent, from subscriptions and dead letters too', async () => {
    await new Promise<void>((done) => served.bench.sender('t').send([message({ subject: 'l' })], () => done()));
    const taken = await head('DELETE', '/t/subscriptions/s');
    expect(taken).toMatchObject({ status: 200, text: 'hello' });
    expect(broker(taken).Label).toBe('l');
    expect((await head('DELETE', '/t/Subscriptions/s')).status).toBe(204);
    expect((await head('DELETE', '/q/$deadletterqueue')).status).toBe(204);
    expect((await head('DELETE', '/sessions')).status).toBe(400);
    expect((await head('DELETE', '/none')).status).toBe(404);
    expect((await served.send('POST', '/q/messages/head?timeout=x')).status).toBe(400);
  });

  it('waits, at most 60 seconds, and gives up what comes when the client has left', async () => {
    const asked = served.send('POST', '/q/messages/head?timeout=600');
    await receivers(1);
    await served.bench.clock.pass(60_000);
    expect((await asked).status).toBe(204);

    const leaving = new AbortController();
    const left = served.send('DELETE', '/q/messages/head', { signal: leaving.signal });
    await receivers(1);
    leaving.abort();
    await expect(left).rejects.toThrow();
    await receivers(0);
    await post({});
    expect((await head()).text).toBe('hello');
  });

  it('lets only so many wait', async () => {
    const waiting = [1, 2].map(() => served.send('POST', '/q/messages/head'));
    await receivers(2);
    expect(await head()).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
    await post({}, 'a');
    await post({}, 'b');
    expect((await Promise.all(waiting)).map(({ text }) => text).sort()).toEqual(['a', 'b']);
  });
});

/** Until so many requests wait for a message. */
async function receivers(count: number): Promise<void> {
  while (served.waiting !== count) await written();
}
