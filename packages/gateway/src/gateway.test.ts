import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { healthPath, statusPath } from './health.ts';
import { api, backend as entity, operation, policy, product, subscription } from './testing/model.ts';
import { serving } from './testing/serving.ts';

const any = [operation('GET /*'), operation('POST /*')];
const policies = (sections: string) => policy(`<policies>${sections}</policies>`);
const inbound = (text: string) =>
  policies(`<inbound><base />${text}</inbound><backend><base /></backend><outbound><base /></outbound>`);

describe('a request that is forwarded', () => {
  const { backend, gateway } = serving();

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
  const { gateway } = serving();
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
  const { backend, gateway } = serving();

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

describe('backend entities', () => {
  const { backend, gateway } = serving();
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

describe('the gateway', () => {
  const { backend, gateway } = serving();

  it('lets a running request keep its configuration', async () => {
    const target = await backend();
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      target.answer = (_, response) => {
        release = () => response.end('old');
        resolve();
      };
    });
    const outbound = policies(
      '<inbound /><backend><forward-request /></backend><outbound><set-header name="X-Old" exists-action="override"><value>1</value></set-header></outbound>',
    );
    const { send, swap } = await gateway({
      apis: [api('a', { serviceUrl: target.url, operations: any, policy: outbound })],
    });
    const running = send('GET /a/x');
    await arrived;
    swap({});
    expect((await send('GET /a/x')).status).toBe(404);
    release();
    expect(await running).toMatchObject({ status: 200, body: 'old', headers: { 'x-old': '1' } });
  });

  it('shows its health without secrets and says when it drains', async () => {
    const { send, gateway: subject } = await gateway({
      apis: [api('a')],
      backends: [entity('b', { url: 'http://user:password@127.0.0.1:1' })],
    });
    expect(await send(`GET ${statusPath}`)).toMatchObject({ status: 200, body: '' });
    const { body } = await send(`GET ${healthPath}`);
    expect(JSON.parse(body)).toMatchObject({
      status: 'healthy',
      configuration: { apis: 1 },
      backends: [{ name: 'b', available: true }],
    });
    expect(body).not.toContain('password');
    subject.startDraining();
    expect((await send(`GET ${statusPath}`)).status).toBe(503);
    expect((await send('GET /a')).status).toBe(404);
  });

  it('answers 500 and runs on-error when an expression of a cors policy fails', async () => {
    const cors = policies(
      '<inbound><cors><allowed-origins><origin>@(((string)null).Trim())</origin></allowed-origins></cors></inbound><backend /><outbound /><on-error><set-header name="X-Seen" exists-action="override"><value>yes</value></set-header></on-error>',
    );
    const { send, records } = await gateway({ apis: [api('a', { operations: any, policy: cors })] });
    const headers = { Origin: 'https://app.example', 'Access-Control-Request-Method': 'GET' };
    expect(await send('OPTIONS /a/x', { headers })).toMatchObject({ status: 500, headers: { 'x-seen': 'yes' } });
    expect(records).toMatchObject([{ lastErrorReason: 'ExpressionValueEvaluationFailure' }]);
  });

  it('answers a preflight before keys are checked, unless the API has an OPTIONS operation', async () => {
    const target = await backend();
    const cors = inbound(
      '<cors><allowed-origins><origin>https://app.example</origin></allowed-origins><allowed-headers><header>*</header></allowed-headers></cors>',
    );
    const { send } = await gateway({
      apis: [
        api('a', { serviceUrl: target.url, subscriptionRequired: true, operations: any, policy: cors }),
        api('own', {
          serviceUrl: target.url,
          operations: [operation('OPTIONS /x'), operation('GET /x')],
          policy: cors,
        }),
      ],
    });
    const headers = { Origin: 'https://app.example', 'Access-Control-Request-Method': 'GET' };
    expect(await send('OPTIONS /a/x', { headers })).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://app.example' },
    });
    expect(target.received).toEqual([]);
    await send('OPTIONS /own/x', { headers });
    expect(target.received).toMatchObject([{ method: 'OPTIONS', url: '/x' }]);
    expect((await send('OPTIONS /a/x', { headers: { Origin: 'https://app.example' } })).status).toBe(404);
  });
});
