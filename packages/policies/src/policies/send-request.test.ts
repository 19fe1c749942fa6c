import { describe, expect, it } from 'vitest';
import { readResponseVariable } from '../message/response-variable.ts';
import { PolicyError } from '../policy-error.ts';
import type { HttpPort, HttpRequest } from '../ports/ports.ts';
import { problemsOf, type RunPolicyInit, runPolicy } from '../testing/index.ts';

const policy = (children: string, attributes = '') =>
  `<send-request response-variable-name="r" ${attributes}>${children}</send-request>`;
const url = '<set-url>https://auth.example/introspect?a=1</set-url>';

async function sent(children: string, attributes = '', init: RunPolicyInit = {}) {
  const run = await runPolicy({ inbound: policy(children, attributes) }, init);
  if (run.exchange.lastError) throw new Error(run.exchange.lastError.message);
  const [request] = run.exchange.ports.httpRequests;
  if (!request) throw new Error('Nothing was sent.');
  return request;
}

const bytes = (request: HttpRequest) =>
  request.body instanceof Uint8Array ? Buffer.from(request.body).toString() : null;

const failing = (reason: 'Timeout' | 'BackendConnectionFailure'): HttpPort => ({
  send: () =>
    Promise.reject(
      new PolicyError(reason, 'No answer.', { status: 500, message: 'Internal server error', activityId: true }),
    ),
});

describe('send-request', () => {
  it('sends a GET of its own, without anything of the caller', async () => {
    const request = await sent(url, '', { request: { method: 'PUT', headers: { 'X-A': '1' }, body: 'b' } });
    expect(request).toMatchObject({ method: 'GET', url: 'https://auth.example/introspect?a=1', timeoutMs: 60_000 });
    expect([request.headers.size, request.body]).toEqual([0, null]);
  });

  it('takes method, headers and body from its children', async () => {
    const request = await sent(
      `${url}<set-method>POST</set-method>
       <set-header name="Content-Type"><value>application/x-www-form-urlencoded</value></set-header>
       <set-header name="X-Two"><value>a</value><value>@("b")</value></set-header>
       <set-body>@("token=" + "abc")</set-body>`,
      'timeout="20"',
    );
    expect([request.method, bytes(request), request.timeoutMs]).toEqual(['POST', 'token=abc', 20_000]);
    expect([...request.headers.entries()]).toEqual([
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['X-Two', 'a,b'],
    ]);
  });

  it('copies the request and changes it', async () => {
    const request = await sent(
      '<set-url>https://other.example/</set-url><set-header name="X-B"><value>2</value></set-header>',
      'mode="copy"',
      {
        request: {
          method: 'POST',
          headers: { Host: 'gateway.example', 'X-A': '1', Connection: 'close', 'Content-Length': '4' },
          body: 'text',
        },
      },
    );
    expect([request.method, request.url, bytes(request)]).toEqual(['POST', 'https://other.example/', 'text']);
    expect([...request.headers.entries()]).toEqual([
      ['X-A', '1'],
      ['X-B', '2'],
    ]);
  });

  it("a copy without a URL goes to the request's backend, and leaves the request as it was", async () => {
    const { exchange, backendRequest } = await runPolicy(
      { inbound: policy('', 'mode="copy"') },
      { request: { method: 'POST', url: 'https://gateway.example/orders/42?x=1', body: 'text' } },
    );
    expect(exchange.ports.httpRequests[0]?.url).toBe('https://backend.example/base/42?x=1');
    expect(backendRequest?.body).toBe('text');
  });

  it('keeps the answer, with any status', async () => {
    const run = await runPolicy(
      {
        inbound: `${policy(url)}<return-response response-variable-name="r" />`,
      },
      { http: () => ({ status: 404, reason: 'Nope', headers: { 'X-H': 'v' }, body: 'gone' }) },
    );
    expect([run.status, run.reason, run.headers['x-h'], run.body]).toEqual([404, 'Nope', 'v', 'gone']);
  });

  it('an expression reads the answer', async () => {
    const { headers } = await runPolicy(
      {
        inbound: policy(url),
        outbound: `<set-header name="X-Active"><value>@{
            var response = (IResponse)context.Variables["r"];
            return response.StatusCode + " " + response.Body.As<JObject>()["active"];
          }</value></set-header>`,
      },
      { http: () => ({ body: '{"active":true}' }) },
    );
    expect(headers['x-active']).toBe('200 True');
  });

  it('carries credentials and a proxy', async () => {
    const request = await sent(
      `${url}<authentication-managed-identity resource="res" /><proxy url="proxy.example:3128" username="u" password="p" />`,
    );
    expect(request.headers.get('Authorization')).toBe('Bearer token-for-res');
    expect(request.proxy).toEqual({ url: 'http://proxy.example:3128', username: 'u', password: 'p' });
  });

  it.each(['Timeout', 'BackendConnectionFailure'] as const)('%s is an error', async (reason) => {
    const { status, exchange } = await runPolicy({ inbound: policy(url) }, { ports: { http: failing(reason) } });
    expect([status, exchange.lastError?.reason, exchange.lastError?.source]).toEqual([500, reason, 'send-request']);
  });

  it('ignore-error makes it null', async () => {
    const { status, exchange } = await runPolicy(
      { inbound: policy(url, 'ignore-error="true"') },
      { ports: { http: failing('Timeout') } },
    );
    expect([status, exchange.variables.has('r'), exchange.variables.get('r')]).toEqual([200, true, null]);
  });

  it('an answer that is too large is an error', async () => {
    const { exchange } = await runPolicy(
      { inbound: policy(url) },
      { http: () => ({ body: 'x'.repeat(2000) }), policyBodyBytes: 1000 },
    );
    expect(exchange.lastError?.reason).toBe('ResponseBodyTooLarge');
  });

  it('fail-on-error-status-code makes an error of a bad status', async () => {
    const init: RunPolicyInit = { http: () => ({ status: 502 }) };
    const strict = await runPolicy({ inbound: policy(url, 'fail-on-error-status-code="true"') }, init);
    expect([strict.status, strict.exchange.lastError?.reason]).toEqual([500, 'ErrorStatusCode']);
  });

  it.each([
    ['@("file:///etc/passwd")', "has the scheme 'file'"],
    ['@("/relative")', 'is not an absolute URL'],
    ['@("https://a.example/\\r\\nX-Evil: 1")', 'control characters'],
    ['@((string)null)', 'is not an absolute URL'],
  ])('refuses the URL %s, whatever ignore-error says', async (text, message) => {
    const { exchange } = await runPolicy({
      inbound: policy(`<set-url>${text}</set-url>`, 'ignore-error="true"'),
    });
    expect([exchange.lastError?.reason, exchange.ports.httpRequests]).toEqual(['ExpressionValueEvaluationFailure', []]);
    expect(exchange.lastError?.message).toContain(message);
  });

  it('a line break does not get into a header', async () => {
    const { exchange } = await runPolicy({
      inbound: policy(`${url}<set-header name="X-A"><value>@("a\\r\\nX-Evil: 1")</value></set-header>`),
    });
    expect([exchange.lastError?.reason, exchange.ports.httpRequests]).toEqual(['ExpressionValueEvaluationFailure', []]);
  });

  it('what arrives after the caller has left is not kept', async () => {
    const gone = new AbortController();
    const { response, exchange } = await runPolicy(
      { inbound: policy(url, 'ignore-error="true"') },
      {
        signal: gone.signal,
        http: () => {
          gone.abort();
          return { body: 'late' };
        },
      },
    );
    expect([response, exchange.variables.has('r')]).toEqual([null, false]);
  });

  it('refuses what cannot be', () => {
    expect(problemsOf({ inbound: policy('') })).toEqual([expect.stringContaining("'set-url' is missing")]);
    expect(problemsOf({ inbound: policy('<set-url>ftp://a.example</set-url>') })).toHaveLength(1);
    expect(problemsOf({ inbound: policy(`<set-method>GET</set-method>${url}`) })).toHaveLength(1);
    expect(problemsOf({ inbound: policy(`${url}<proxy url="socks5://a" />`) })).toHaveLength(1);
    expect(problemsOf({ inbound: policy(url, 'timeout="1" timeout-ms="1"') })).toHaveLength(1);
    expect(problemsOf({ inbound: `<send-request>${url}</send-request>` })).toHaveLength(1);
  });

  it('stores an IResponse', async () => {
    const { exchange } = await runPolicy({ inbound: policy(url) });
    expect(readResponseVariable(exchange, 'r').statusCode).toBe(200);
  });
});
