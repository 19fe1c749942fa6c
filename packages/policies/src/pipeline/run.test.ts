import { NetException } from '@lazuli/expressions';
import { expect, test } from 'vitest';
import type { Exchange } from '../exchange.ts';
import { MessageBody } from '../http/body.ts';
import { HeaderList } from '../http/header-list.ts';
import { policies } from '../policies/index.ts';
import { PolicyError } from '../policy-error.ts';
import { exchangeFor } from '../testing/exchange-for.ts';
import { type PolicyRun, type PolicyText, pipelineFor, type RunPolicyInit, runPolicy } from '../testing/index.ts';
import { stepPolicy } from '../testing/step-policy.ts';
import { closeExchange, runPipeline } from './run.ts';

const log: string[] = [];
const note = (text: string) => (exchange: Exchange) => {
  log.push(`${exchange.section}:${text}`);
  return undefined;
};
const denied = new PolicyError('HeaderNotFound', 'Header X was not found in the request. Access denied.', {
  status: 401,
  message: 'No "X".',
  headers: [['WWW-Authenticate', 'Basic']],
});

const policiesForTests = [
  ...policies.filter((policy) => policy.name === 'forward-request' || policy.name === 'choose'),
  stepPolicy('trace', note('a')),
  stepPolicy('set-header', note('b')),
  stepPolicy('set-body', async (exchange) => note('slow')(exchange)),
  stepPolicy('check-header', () => {
    throw denied;
  }),
  stepPolicy('ip-filter', async () => {
    throw denied;
  }),
  stepPolicy('validate-jwt', () => {
    throw new NetException('System.NullReferenceException', 'Object reference not set to an instance of an object.');
  }),
  stepPolicy('jsonp', () => {
    throw new RangeError('a defect that nobody outside may read');
  }),
  stepPolicy('return-response', (exchange) => {
    exchange.response = {
      status: 202,
      reason: 'Accepted',
      headers: new HeaderList(),
      body: MessageBody.fromBytes(Buffer.from('own')),
    };
    return 'respond';
  }),
  stepPolicy('mock-response', () => 'respond'),
  stepPolicy('cache-lookup', (exchange) => {
    exchange.response = {
      status: 200,
      reason: 'OK',
      headers: new HeaderList(),
      body: MessageBody.fromBytes(Buffer.from('cached')),
    };
    return 'cache-hit';
  }),
  stepPolicy('cache-store', note('cache-store')),
  stepPolicy('retry', note('retry'), true),
  stepPolicy('quota', (exchange) => {
    exchange.atEnd.push(() => void log.push(`end ${exchange.response?.status}`));
    exchange.atEnd.push(() => Promise.reject(new Error('broken callback')));
    exchange.atEnd.push(() => {
      throw new Error('broken callback');
    });
    exchange.atEnd.push(async () => void log.push('end of end'));
    exchange.onClose.push(() => void log.push('closed'));
    return undefined;
  }),
];

async function run(policy: PolicyText, init: RunPolicyInit = {}): Promise<PolicyRun & { log: string[] }> {
  log.length = 0;
  const result = await runPolicy(policy, { policies: policiesForTests, ...init });
  return { ...result, log: [...log] };
}

test('a request is forwarded to the backend and its response comes back', async () => {
  const result = await run({}, { backend: () => ({ status: 201, body: 'hello' }) });
  expect([result.status, result.body, result.backendRequest?.url]).toEqual([
    201,
    'hello',
    'https://backend.example:443/base/42',
  ]);
});

test('sections run in order, wider scopes where base stands', async () => {
  const global =
    '<policies><outbound><set-header/></outbound><inbound><set-header/></inbound><backend><forward-request/></backend></policies>';
  const result = await run({ inbound: '<trace/><base/><trace/>', outbound: '<base/><trace/>' }, { global });
  expect(result.log).toEqual(['inbound:a', 'inbound:b', 'inbound:a', 'outbound:b', 'outbound:a']);
  expect(result.backendRequests.length).toBe(1);
});

test('a section without base, or a missing one, inherits nothing', async () => {
  const result = await run('<policies><inbound><trace/></inbound></policies>', {
    global: '<policies><inbound><set-header/></inbound><backend><forward-request/></backend></policies>',
  });
  expect([result.log, result.backendRequests.length, result.status]).toEqual([['inbound:a'], 0, 200]);
});

test('the default global document forwards', async () => {
  expect((await run({ inbound: '<base/>' })).backendRequests.length).toBe(1);
});

test('steps that wait are waited for, in any mix', async () => {
  const result = await run({ inbound: '<trace/><set-body/><set-header/><set-body/>' });
  expect(result.log).toEqual(['inbound:a', 'inbound:slow', 'inbound:b', 'inbound:slow']);
});

test('a pipeline that need not wait is over when runPipeline returns', () => {
  const pipeline = pipelineFor('<policies><inbound><trace/><mock-response/></inbound></policies>', {
    policies: policiesForTests,
  });
  const exchange = exchangeFor();
  expect(runPipeline(pipeline, exchange)).toBeUndefined();
  expect(exchange.response?.status).toBe(200);
});

test('respond ends it: backend, outbound and on-error do not run', async () => {
  const result = await run({ inbound: '<return-response/><trace/>', outbound: '<trace/>', onError: '<trace/>' });
  expect([result.status, result.body, result.log, result.backendRequests]).toEqual([202, 'own', [], []]);
});

test('respond inside a container bubbles up', async () => {
  const result = await run({
    inbound: '<retry><choose><when condition="true"><return-response/></when></choose></retry><trace/>',
  });
  expect([result.status, result.log]).toEqual([202, []]);
});

test('a cache hit goes on behind the cache-store in outbound', async () => {
  const result = await run({ inbound: '<cache-lookup/><trace/>', outbound: '<set-header/><cache-store/><trace/>' });
  expect([result.body, result.log, result.backendRequests]).toEqual(['cached', ['outbound:a'], []]);
});

test('a cache hit without a cache-store runs all of outbound', async () => {
  expect((await run({ inbound: '<cache-lookup/>', outbound: '<set-header/>' })).log).toEqual(['outbound:b']);
});

test.each(['check-header', 'ip-filter'])(
  'an error of %s: the default body to the byte, then on-error',
  async (name) => {
    const result = await run({ inbound: `<trace/><${name}/><trace/>`, outbound: '<trace/>', onError: '<set-header/>' });
    expect(result.log).toEqual(['inbound:a', 'on-error:b']);
    expect([result.status, result.reason, result.body]).toEqual([
      401,
      'Unauthorized',
      '{ "statusCode": 401, "message": "No \\"X\\"." }',
    ]);
    expect(result.headers).toMatchObject({ 'content-type': 'application/json', 'www-authenticate': 'Basic' });
    expect(result.exchange.lastError).toEqual({
      source: name,
      reason: 'HeaderNotFound',
      message: 'Header X was not found in the request. Access denied.',
      scope: 'api',
      section: 'inbound',
      path: `${name}[1]`,
      policyId: '',
      httpErrorCode: 401,
    });
  },
);

test('lastError names the innermost policy, with its scope, path and id', async () => {
  const { exchange } = await run(
    {},
    {
      global: `<policies><backend>
        <trace/>
        <choose><when condition="false"/></choose>
        <choose><when condition="false"/><when condition="true"><trace/><retry><check-header/><check-header id="mine"/></retry></when></choose>
      </backend></policies>`.replace('<check-header/>', '<set-header/>'),
    },
  );
  expect(exchange.lastError).toMatchObject({
    source: 'check-header',
    scope: 'global',
    section: 'backend',
    path: 'choose[2]/when[2]/retry[1]/check-header[1]',
    policyId: 'mine',
  });
});

test('an expression that throws is a 500 with the activity id', async () => {
  const result = await run({ inbound: '<validate-jwt/>' });
  expect([result.status, result.body]).toEqual([
    500,
    '{ "statusCode": 500, "message": "Internal server error", "activityId": "87aeb87f-192c-424c-84d1-32d5bbfec437" }',
  ]);
  expect(result.exchange.lastError).toMatchObject({
    reason: 'ExpressionValueEvaluationFailure',
    message: 'Expression evaluation failed. Object reference not set to an instance of an object.',
  });
});

test('a defect is a 500; what it says goes to the log, not to the caller nor to expressions', async () => {
  const result = await run({ inbound: '<jsonp/>' });
  expect(result.status).toBe(500);
  expect(result.body + JSON.stringify(result.exchange.lastError)).not.toContain('nobody outside');
  expect(JSON.stringify(result.exchange.ports.logged)).toContain('nobody outside');
});

test('an error inside on-error ends it with the answer of that error', async () => {
  const result = await run({ inbound: '<validate-jwt/>', onError: '<trace/><check-header/><trace/>' });
  expect([result.status, result.log, result.exchange.lastError?.section]).toEqual([401, ['on-error:a'], 'on-error']);
});

test('on-error may answer itself', async () => {
  const result = await run({ inbound: '<check-header/>', onError: '<return-response/>' });
  expect([result.status, result.body]).toEqual([202, 'own']);
});

test('what the gateway refuses runs on-error of the scopes in force', async () => {
  const builtInError = new PolicyError(
    'SubscriptionKeyNotFound',
    'Access denied due to missing subscription key. Make sure to include subscription key when making requests to this API.',
    {
      status: 401,
      message:
        'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
    },
    { source: 'authorization' },
  );
  const result = await run({ inbound: '<trace/>', onError: '<set-header/>' }, { builtInError });
  expect(result.log).toEqual(['on-error:b']);
  expect(Buffer.byteLength(result.body)).toBe(152);
  expect(result.exchange.lastError).toMatchObject({ source: 'authorization', scope: '', section: 'inbound', path: '' });
});

test('after the end the callbacks run in order, whatever one of them does; onClose when the exchange is closed', async () => {
  const result = await run({ inbound: '<quota/><return-response/>' });
  expect(result.log).toEqual(['end 202', 'end of end', 'closed']);
  expect(result.exchange.ports.logged.length).toBe(2);
});

test('the callbacks run after on-error too', async () => {
  expect((await run({ inbound: '<quota/><check-header/>' })).log).toEqual(['end 401', 'end of end', 'closed']);
});

test('when the client is gone nothing more runs and nothing is answered', async () => {
  const gone = new AbortController();
  const exchange = exchangeFor({
    signal: gone.signal,
    backend: () => {
      gone.abort();
      return { body: 'late' };
    },
  });
  log.length = 0;
  const pipeline = pipelineFor(
    { inbound: '<quota/>', outbound: '<trace/>', onError: '<trace/>', backend: '<forward-request/>' },
    { policies: policiesForTests },
  );
  await runPipeline(pipeline, exchange);
  expect([exchange.response, exchange.lastError?.reason]).toEqual([null, 'ClientConnectionFailure']);
  expect(log).toEqual(['end undefined', 'end of end']);
  closeExchange(exchange);
  closeExchange(exchange);
  expect(log.filter((entry) => entry === 'closed').length).toBe(1);
});

test('outbound without a backend has an empty 200 to work on', async () => {
  const result = await run({ backend: '', outbound: '<trace/>' });
  expect([result.status, result.body, result.log]).toEqual([200, '', ['outbound:a']]);
});

test('fragments count as if they stood in the place of include-fragment', async () => {
  const fragments = { checks: '<fragment><trace/><check-header/></fragment>' };
  const { exchange } = await run({ inbound: '<trace/><include-fragment fragment-id="checks"/>' }, { fragments });
  expect(exchange.lastError?.path).toBe('check-header[1]');
});

test('an unsupported policy that may be skipped leaves a trace', async () => {
  const result = await run({ inbound: '<validate-content max-size="1"/><trace/>' }, { allowUnsupported: true });
  expect(result.log).toEqual(['inbound:a']);
  expect(result.traces.map((entry) => entry.message)).toContain(
    "The policy 'validate-content' is not supported by this version of Lazuli and was skipped.",
  );
});
