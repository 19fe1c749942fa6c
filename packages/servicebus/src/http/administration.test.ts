import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from './harness.ts';

let served: Served;
beforeAll(async () => {
  served = await serve(false, { limits: { descriptionBytes: 100_000 } });
});
afterAll(() => served.close());

const entry = (content: string) =>
  `<entry xmlns="http://www.w3.org/2005/Atom"><content type="application/xml">${content}</content></entry>`;
const put = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  served.send('PUT', path, { body, headers });
const queueOf = (inside: string) => entry(`<QueueDescription xmlns="x">${inside}</QueueDescription>`);

describe('administration', () => {
  it('writes the elements of a queue in the order of the contract', async () => {
    expect(
      (
        await put(
          '/golden?api-version=2017-04',
          queueOf('<MaxDeliveryCount>3</MaxDeliveryCount><LockDuration>PT5S</LockDuration>'),
        )
      ).status,
    ).toBe(201);
    const { text, headers } = await served.send('GET', '/golden?api-version=2017-04');
    expect(headers['content-type']).toBe('application/atom+xml;type=entry;charset=utf-8');
    expect(text.replaceAll(`:${served.port}`, ':0')).toMatchSnapshot();
  });

  it('answers a missing entity with an empty feed, and a list in pages of at most 100', async () => {
    const missing = await served.send('GET', '/none?api-version=2021-05');
    expect(missing.status).toBe(200);
    expect(missing.text).not.toContain('<entry');
    for (let index = 0; index < 101; index++) await served.directory.put(`p${index}`, 'topic', {}, 'create');
    const first = (await served.send('GET', '/$Resources/topics?api-version=2021-05&$skip=0&$top=1000')).text;
    expect(first.match(/<entry>/g)).toHaveLength(100);
    expect(first).toContain(
      `rel="next" href="https://localhost:${served.port}/$Resources/topics?api-version=2021-05&amp;$skip=100&amp;$top=100"`,
    );
    const last = (await served.send('GET', '/$Resources/topics?api-version=2021-05&$skip=100&$top=100')).text;
    expect(last.match(/<link [^>]*rel="next"/)).toBeNull();
    expect((await served.send('GET', '/$Resources/topics?$top=x')).status).toBe(400);
    expect((await served.send('GET', '/none/Subscriptions')).status).toBe(404);
  });

  it('needs Manage, on the targets of forwarding too', async () => {
    expect((await served.send('GET', '/golden', { headers: { Authorization: 'Bearer Send,Listen' } })).status).toBe(
      401,
    );
    const chained = queueOf('<ForwardTo>other</ForwardTo>');
    expect((await put('/chain', chained, { ServiceBusSupplementaryAuthorization: 'Bearer Send' })).status).toBe(401);
    expect((await put('/chain', chained, { ServiceBusSupplementaryAuthorization: 'Manage' })).status).toBe(201);
    expect((await put('/far', queueOf('<ForwardTo>sb://elsewhere/x</ForwardTo>'))).status).toBe(400);
  });

  it('refuses hostile and broken documents with what is wrong and where', async () => {
    const bombs = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>';
    const wrong: readonly (string | Uint8Array)[] = [
      '',
      '<',
      'text',
      `${bombs}${queueOf('&c;')}`,
      queueOf('&c;'),
      '<a>'.repeat(10_000),
      queueOf('<a/>'.repeat(10_001)),
      queueOf('<LockDuration>PT1M</LockDuration><LockDuration>PT1M</LockDuration>'),
      queueOf('<MaxDeliveryCount>1e3</MaxDeliveryCount>'),
      queueOf('<RequiresSession>maybe</RequiresSession>'),
      queueOf('<AuthorizationRules><AuthorizationRule/></AuthorizationRules>'),
      Buffer.from([0x3c, 0xff, 0xff]),
      queueOf(`<ForwardTo>${'/'.repeat(90_000)}x</ForwardTo>`),
      entry(
        `<RuleDescription><Filter><Properties><KeyValueOfstringanyType><Key>a</Key><Value xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="double">${'1'.repeat(90_000)}x</Value></KeyValueOfstringanyType></Properties></Filter></RuleDescription>`,
      ),
      entry('<Other/>'),
      entry('<RuleDescription/>'),
    ];
    for (const body of wrong) {
      const { status, text } = await put('/bad', body);
      expect(status, `${body}`.slice(0, 80)).toBe(400);
      expect(text).toContain('<Code>400</Code><Detail>SubCode=40000. Bad Request. ');
    }
    expect((await put('/bad', 'x'.repeat(100_001))).status).toBe(413);
    expect((await put('/bad', queueOf(''), { 'If-Match': '"1"' })).status).toBe(400);
    expect((await served.send('PATCH', '/golden')).status).toBe(400);
    const typed =
      '<KeyValueOfstringanyType><Key>a</Key><Value xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="int">x</Value></KeyValueOfstringanyType>';
    const rule = entry(`<RuleDescription><Filter><Properties>${typed}</Properties></Filter></RuleDescription>`);
    expect((await put('/t/Subscriptions/s/Rules/r', rule)).text).toContain("Value 'a' is no int: 'x'");
    expect(served.logged).toEqual([]);
  });
});
