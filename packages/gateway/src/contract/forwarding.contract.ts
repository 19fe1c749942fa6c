import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { api, operation, policy, product, subscription } from '../testing/model.ts';
import { type Http, serving } from '../testing/serving.ts';

const any = [operation('GET /*'), operation('POST /*')];
const policies = (sections: string) => policy(`<policies>${sections}</policies>`);
const inbound = (text: string) =>
  policies(`<inbound><base />${text}</inbound><backend><base /></backend><outbound><base /></outbound>`);

/** What the gateway does, whichever HTTP stands below it. */
export function describeForwarding(http: Http): void {
  describe('a request that is forwarded', () => {
    const { backend, gateway } = serving(http);

    it('keeps its path and query byte for byte below the base URL', async () => {
      const target = await backend();
      const { send } = await gateway({ apis: [api('a', { serviceUrl: `${target.url}/base/`, operations: any })] });
      await send('GET /A/x%2Fy%20z/;p=1/%7e?b=%20+&a&a=2');
      expect(target.received[0]?.url).toBe('/base/x%2Fy%20z/;p=1/%7e?b=%20+&a&a=2');
    });

    it('cannot leave the operation that it was matched to by dot segments', async () => {
      const target = await backend();
      const apis = [api('a', { serviceUrl: target.url, operations: [operation('GET /public/*')] })];
      const { send } = await gateway({ apis });
      expect((await send('GET /a/public/%2e%2e/admin')).status).toBe(404);
      expect(target.received).toEqual([]);
      await send('GET /a/public/x/../y');
      expect(target.received[0]?.url).toBe('/public/y');
    });

    it('carries the key, the caller and the trace on, and the host of the backend', async () => {
      const target = await backend();
      const { send, port, records } = await gateway({
        apis: [api('a', { serviceUrl: target.url, subscriptionRequired: true, operations: any })],
        subscriptions: [subscription('s', { kind: 'allApis' })],
      });
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
      const answer = await send('GET /a/x', {
        headers: {
          'Ocp-Apim-Subscription-Key': 's-primary',
          'X-Forwarded-For': '192.0.2.1',
          traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
          tracestate: 'vendor=1',
          Connection: 'close, X-Hop',
          'X-Hop': '1',
        },
      });
      expect(answer).toMatchObject({ status: 200, body: 'ok' });
      expect(target.received[0]?.headers).toMatchObject({
        host: `127.0.0.1:${target.port}`,
        'ocp-apim-subscription-key': 's-primary',
        'x-forwarded-for': '192.0.2.1, 127.0.0.1',
        tracestate: 'vendor=1',
      });
      expect(target.received[0]?.headers.traceparent).toMatch(new RegExp(`^00-${traceId}-(?!00f067)[0-9a-f]{16}-01$`));
      expect(target.received[0]?.headers).not.toHaveProperty('x-hop');
      expect(records).toEqual([
        expect.objectContaining({
          traceId,
          isRequestSuccess: true,
          method: 'GET',
          url: '/a/x',
          responseCode: 200,
          responseSize: 2,
          apiId: 'a',
          operationId: 'GET /*',
          apimSubscriptionId: 's',
          backendUrl: `http://127.0.0.1:${target.port}/x`,
          backendResponseCode: 200,
        }),
      ]);
      expect(JSON.stringify(records)).not.toContain('s-primary');
      expect(port).toBeGreaterThan(0);
    });

    it('streams its body and gets back what the backend says', async () => {
      const target = await backend();
      target.answer = ({ body }, response) => response.writeHead(201, 'Made', { 'X-Answer': '1' }).end(body);
      const { send } = await gateway({ apis: [api('a', { serviceUrl: target.url, operations: any })] });
      const body = 'x'.repeat(300_000);
      expect(await send('POST /a/x', { body })).toMatchObject({
        status: 201,
        reason: 'Made',
        headers: { 'x-answer': '1' },
        body,
      });
    });

    it('fails with an activity id when there is no backend', async () => {
      const { send, records } = await gateway({
        apis: [api('none', { operations: any }), api('dead', { serviceUrl: 'http://127.0.0.1:1', operations: any })],
      });
      for (const name of ['none', 'dead']) {
        const { status, body } = await send(`GET /${name}/x`);
        expect(status).toBe(500);
        expect(body).toMatch(
          /^\{ "statusCode": 500, "message": "Internal server error", "activityId": "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}" \}$/,
        );
      }
      expect(records.map((record) => record.lastErrorReason)).toEqual([
        'BackendConnectionFailure',
        'BackendConnectionFailure',
      ]);
    });

    it('times out as the policy says', async () => {
      const target = await backend();
      target.answer = () => {};
      const backendSection = '<inbound><base /></inbound><backend><forward-request timeout-ms="30" /></backend>';
      const apis = [api('a', { serviceUrl: target.url, operations: any, policy: policies(backendSection) })];
      const { send, records } = await gateway({ apis });
      expect((await send('GET /a/x')).status).toBe(500);
      expect(records[0]).toMatchObject({ lastErrorSource: 'forward-request', lastErrorReason: 'Timeout' });
    });

    it('joins the connections of a WebSocket', async () => {
      const target = await backend();
      const { port } = await gateway({
        apis: [api('ws', { type: 'websocket', protocols: ['ws'], serviceUrl: `ws://127.0.0.1:${target.port}/socket` })],
      });
      const echoed = await new Promise<string>((resolve, reject) => {
        const headers = {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        };
        request({ host: '127.0.0.1', port, path: '/ws/room', headers })
          .on('upgrade', (_, socket) => {
            socket.on('data', (chunk: Buffer) => {
              resolve(chunk.toString());
              socket.destroy();
            });
            socket.write('hello');
          })
          .on('error', reject)
          .end();
      });
      expect(echoed).toBe('hello');
      expect(target.received).toMatchObject([{ method: 'UPGRADE', url: '/socket/room' }]);
    });
  });

  describe('a request that is refused', () => {
    const { gateway } = serving(http);
    const onError = policies(
      '<inbound /><backend /><outbound /><on-error><set-header name="X-Seen" exists-action="override"><value>yes</value></set-header></on-error>',
    );

    it('without an API or operation is 404 to the byte, after on-error policies', async () => {
      const { send, records } = await gateway({
        apis: [api('a', { operations: [operation('GET /x')] })],
        policy: onError,
      });
      for (const line of ['GET /b', 'GET /a/y', 'POST /a/x']) {
        expect(await send(line)).toMatchObject({
          status: 404,
          headers: { 'content-length': '54', 'content-type': 'application/json', 'x-seen': 'yes' },
          body: '{ "statusCode": 404, "message": "Resource not found" }',
        });
      }
      expect(records[0]).toMatchObject({
        apiId: null,
        lastErrorSource: 'configuration',
        lastErrorReason: 'OperationNotFound',
      });
    });

    it('without a key is challenged under the names of the API', async () => {
      const names = { header: 'X-Key', query: 'key' };
      const apis = [
        api('a', { path: 'v/a', subscriptionRequired: true, subscriptionKeyParameterNames: names, operations: any }),
      ];
      const { send } = await gateway({
        apis,
        subscriptions: [subscription('s', { kind: 'api', api: 'a' }, { state: 'expired' })],
      });
      const headers = { Host: 'gateway.example' };
      expect(await send('GET /v/a/x', { headers })).toMatchObject({
        status: 401,
        headers: {
          'content-length': '152',
          'www-authenticate': 'AzureApiManagementKey realm="http://gateway.example/v/a",name="X-Key",type="header"',
        },
        body: '{ "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API." }',
      });
      expect(await send('GET /v/a/x?key=s-primary', { headers })).toMatchObject({
        status: 401,
        headers: { 'content-length': '143' },
        body: '{ "statusCode": 401, "message": "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription." }',
      });
    });
  });

  describe('products', () => {
    const { backend, gateway } = serving(http);

    it('bring their policies to keys of theirs and to open products only', async () => {
      const target = await backend();
      const mark = inbound('<set-header name="X-Product" exists-action="override"><value>yes</value></set-header>');
      const { send } = await gateway({
        apis: [
          api('a', { serviceUrl: target.url, subscriptionRequired: true, operations: any }),
          api('open', { serviceUrl: target.url, subscriptionRequired: true, operations: any }),
        ],
        products: [
          product('p', ['a'], { policy: mark }),
          product('o', ['open'], { subscriptionRequired: false, policy: mark }),
        ],
        subscriptions: [
          subscription('of-product', { kind: 'product', product: 'p' }),
          subscription('all', { kind: 'allApis' }),
        ],
      });
      await send('GET /a/x', { headers: { 'Ocp-Apim-Subscription-Key': 'of-product-secondary' } });
      await send('GET /a/x?subscription-key=all-primary');
      await send('GET /open/x');
      expect(target.received.map(({ headers }) => headers['x-product'])).toEqual(['yes', undefined, 'yes']);
    });
  });
}
