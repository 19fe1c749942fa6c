import { expect, test } from 'vitest';
import type { BodySource } from '../http/body.ts';
import { MessageBody } from '../http/body.ts';
import { HeaderList } from '../http/header-list.ts';
import { policies } from '../policies/index.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { exchangeFor, runPolicy, stepPolicy } from '../testing/index.ts';
import { bufferBodies, withBodies } from './body-reads.ts';

/** Records what it finds in a body that it said it reads. */
function reader(name: string, body: 'request' | 'response'): PolicyDefinition {
  const plain = stepPolicy(name, (exchange) => {
    const message = body === 'request' ? exchange.request : exchange.response;
    exchange.variables.set(name, Buffer.from(message?.body?.buffered ?? 'none').toString());
    return undefined;
  });
  return {
    ...plain,
    compile(element, compiler) {
      compiler.reads(body);
      return plain.compile(element, compiler);
    },
  };
}

const forward = policies.filter((policy) => policy.name === 'forward-request');
const init = { policies: [...forward, reader('trace', 'request'), reader('jsonp', 'response')] };

test('the bodies that a step reads are in memory before it runs, and still go on', async () => {
  const run = await runPolicy(
    { inbound: '<trace/>', outbound: '<jsonp/>' },
    { ...init, request: { method: 'POST', body: 'ping' }, backend: ({ body }) => ({ body: `${body} pong` }) },
  );
  expect([run.exchange.variables.get('trace'), run.exchange.variables.get('jsonp')]).toEqual(['ping', 'ping pong']);
  expect([run.backendRequest?.body, run.body]).toEqual(['ping', 'ping pong']);
});

test('a request body that is too large to read is a 413', async () => {
  const run = await runPolicy(
    { inbound: '<trace/>' },
    { ...init, policyBodyBytes: 10, request: { body: 'x'.repeat(11) } },
  );
  expect([run.status, run.body]).toEqual([413, '{ "statusCode": 413, "message": "Request body is too large." }']);
  expect(run.exchange.lastError).toMatchObject({ source: 'trace', reason: 'RequestBodyTooLarge' });
});

test('a response body that is too large to read is a 500', async () => {
  const run = await runPolicy(
    { outbound: '<jsonp/>' },
    { ...init, policyBodyBytes: 10, backend: () => ({ body: 'x'.repeat(11) }) },
  );
  expect([run.status, run.exchange.lastError?.reason]).toEqual([500, 'ResponseBodyTooLarge']);
});

const failing: BodySource = {
  length: null,
  start: (sink) => sink.error(new Error('reset')),
  pause() {},
  resume() {},
  abort() {},
};

test("a connection that ends while a body is read is that side's failure", async () => {
  const exchange = exchangeFor();
  exchange.request.body = MessageBody.fromSource(failing);
  await expect(bufferBodies({ requestBody: true, responseBody: false }, exchange)).rejects.toMatchObject({
    reason: 'ClientConnectionFailure',
  });
  exchange.response = { status: 200, reason: 'OK', headers: new HeaderList(), body: MessageBody.fromSource(failing) };
  await expect(bufferBodies({ requestBody: false, responseBody: true }, exchange)).rejects.toMatchObject({
    reason: 'BackendConnectionFailure',
  });
});

test('nothing is waited for when there is no body or it is there already', () => {
  const step = withBodies(() => undefined, { requestBody: true, responseBody: true });
  const exchange = exchangeFor();
  expect(step(exchange)).toBeUndefined();
  exchange.request.body = MessageBody.fromBytes(Buffer.from('x'));
  expect(step(exchange)).toBeUndefined();
});
