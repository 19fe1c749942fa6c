import { describe, expect, it } from 'vitest';
import { api, backend as entity, operation, policy, subscription } from '../testing/model.ts';
import { type Http, serving } from '../testing/serving.ts';

const any = [operation('GET /*'), operation('POST /*')];
const policies = (sections: string) => policy(`<policies>${sections}</policies>`);
const inbound = (text: string) =>
  policies(`<inbound><base />${text}</inbound><backend><base /></backend><outbound><base /></outbound>`);

/** What the gateway does, whichever HTTP stands below it. */
export function describeBackends(http: Http): void {
  describe('backend entities', () => {
    const { backend, gateway } = serving(http);
    const to = (name: string) => inbound(`<set-backend-service backend-id="${name}" />`);
    const rule = (parts: { tripDuration?: number; acceptRetryAfter?: boolean } = {}) => ({
      rules: [
        {
          name: 'r',
          tripDuration: 30_000,
          acceptRetryAfter: false,
          failureCondition: {
            count: 1,
            percentage: null,
            interval: 60_000,
            errorReasons: [],
            statusCodeRanges: [{ min: 500, max: 599 }],
          },
          ...parts,
        },
      ],
    });
    const noCredentials = {
      authorization: null,
      header: new Map(),
      query: new Map(),
      certificateIds: [],
      managedIdentity: null,
    };

    it('put their credentials on requests, in place of what the caller sent', async () => {
      const target = await backend();
      const credentials = {
        ...noCredentials,
        authorization: { scheme: 'Basic', parameter: 'abc' },
        header: new Map([['X-Key', ['secret']]]),
        query: new Map([['code', ['a b']]]),
      };
      const { send } = await gateway({
        apis: [api('a', { operations: any, policy: to('b') })],
        backends: [entity('b', { url: `${target.url}/api`, credentials })],
      });
      await send('GET /a/x?code=mine&y=1', { headers: { 'X-Key': 'mine', Authorization: 'Bearer mine' } });
      expect(target.received[0]).toMatchObject({
        url: '/api/x?y=1&code=a%20b',
        headers: { authorization: 'Basic abc', 'x-key': 'secret' },
      });
    });

    it('do not show their credentials to where another origin redirects', async () => {
      const target = await backend();
      const elsewhere = await backend();
      target.answer = (_, response) => response.writeHead(302, { Location: `${elsewhere.url}/there` }).end();
      const credentials = { ...noCredentials, header: new Map([['X-Key', ['secret']]]) };
      const follow = policies(
        '<inbound><set-backend-service backend-id="b" /></inbound><backend><forward-request follow-redirects="true" /></backend>',
      );
      const names = { header: 'X-Caller-Key', query: 'k' };
      const { send } = await gateway({
        apis: [api('a', { operations: any, policy: follow, subscriptionKeyParameterNames: names })],
        backends: [entity('b', { url: target.url, credentials })],
        subscriptions: [subscription('s', { kind: 'service' })],
      });
      const answer = await send('GET /a/x', { headers: { 'X-Caller-Key': 's-primary', 'X-Other': '1' } });
      expect(answer.body).toBe('ok');
      expect(target.received[0]?.headers).toMatchObject({ 'x-key': 'secret', 'x-caller-key': 's-primary' });
      expect(elsewhere.received[0]).toMatchObject({ url: '/there', headers: { 'x-other': '1' } });
      expect(elsewhere.received[0]?.headers).not.toHaveProperty('x-key');
      expect(elsewhere.received[0]?.headers).not.toHaveProperty('x-caller-key');
    });

    it('get nothing while their circuit is open, through a change of the configuration too', async () => {
      const target = await backend();
      target.answer = (_, response) => response.writeHead(503).end('down');
      const model = {
        apis: [api('a', { operations: any, policy: to('b') })],
        backends: [entity('b', { url: target.url, circuitBreaker: rule() })],
      };
      const { send, clock, swap, gateway: subject } = await gateway(model);
      expect(await send('GET /a/x')).toMatchObject({ status: 503, body: 'down' });
      swap({ ...model, apis: [...model.apis, api('another')] });
      expect(await send('GET /a/x')).toMatchObject({
        status: 503,
        reason: 'Backend is temporarily unavailable',
        headers: { 'retry-after': '30' },
        body: '{ "statusCode": 503, "message": "Backend is temporarily unavailable." }',
      });
      expect(target.received).toHaveLength(1);
      expect(subject.health().backends).toMatchObject([{ name: 'b', available: false, circuits: [{ state: 'open' }] }]);
      clock.ahead = 30_000;
      target.answer = (_, response) => response.end('up');
      expect(await send('GET /a/x')).toMatchObject({ status: 200, body: 'up' });
    });

    it('share the requests of a pool by weight and take over from a failing priority', async () => {
      const [first, second, spare] = [await backend(), await backend(), await backend()];
      const member = (name: string, priority: number, weight: number) => ({ backend: name, priority, weight });
      const { send } = await gateway({
        apis: [api('a', { operations: any, policy: to('pool') })],
        backends: [
          entity('first', { url: first.url, circuitBreaker: rule() }),
          entity('second', { url: second.url, circuitBreaker: rule() }),
          entity('spare', { url: spare.url, circuitBreaker: rule() }),
          entity('pool', {
            type: 'Pool',
            pool: {
              services: [member('first', 1, 3), member('second', 1, 1), member('spare', 2, 1)],
              sessionAffinity: null,
            },
          }),
        ],
      });
      for (let i = 0; i < 8; i++) await send('GET /a/x');
      expect([first, second, spare].map(({ received }) => received.length)).toEqual([6, 2, 0]);
      for (const target of [first, second, spare]) target.answer = (_, response) => response.writeHead(500).end();
      for (let i = 0; i < 3; i++) expect((await send('GET /a/x')).status).toBe(500);
      expect(spare.received).toHaveLength(1);
      const { status, reason } = await send('GET /a/x');
      expect(status).toBe(503);
      expect(reason).toContain('Backend pool');
      expect(reason).toContain('is temporarily unavailable');
    });

    it('keep a session at one member of a pool', async () => {
      const [first, second] = [await backend(), await backend()];
      const services = ['first', 'second'].map((name) => ({ backend: name, priority: 1, weight: 1 }));
      const { send } = await gateway({
        apis: [api('a', { operations: any, policy: to('pool') })],
        backends: [
          entity('first', { url: first.url }),
          entity('second', { url: second.url }),
          entity('pool', { type: 'Pool', pool: { services, sessionAffinity: { source: 'Cookie', name: 'sid' } } }),
        ],
      });
      const cookie = (await send('GET /a/x')).headers['set-cookie']?.[0] ?? '';
      expect(cookie).toMatch(/^sid=[\w-]{22}; Path=\/; HttpOnly$/);
      for (let i = 0; i < 3; i++) {
        const answer = await send('GET /a/x', { headers: { Cookie: `other=1; ${cookie.split(';')[0]}` } });
        expect(answer.headers).not.toHaveProperty('set-cookie');
      }
      expect([first, second].map(({ received }) => received.length)).toEqual([4, 0]);
    });
  });
}
