import { expect, it } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

const policy = (attributes: string, inside = '<payload>@(context.Request.Body.As<string>(true))</payload>') =>
  `<send-service-bus-message ${attributes}>${inside}</send-service-bus-message>`;
const namespace = 'namespace="contoso.servicebus.windows.net"';

async function run(inbound: string, status = 201) {
  const { exchange, status: answered } = await runPolicy(
    { inbound },
    { request: { method: 'POST', body: '{"id":7}' }, http: () => ({ status }) },
  );
  const [sent] = exchange.ports.httpRequests;
  return { status: answered, reason: exchange.lastError?.reason, sent, exchange };
}

it('posts the payload to the queue, with properties, as the identity of the gateway', async () => {
  const properties =
    '<message-properties><message-property name="Kind">@("a\\"b")</message-property></message-properties>';
  const { status, sent } = await run(
    policy(
      `queue-name="orders/new" ${namespace}`,
      `${properties}<payload>@(context.Request.Body.As<string>(true))</payload>`,
    ),
  );
  expect(status).toBe(200);
  expect(sent?.url).toBe('https://contoso.servicebus.windows.net/orders/new/messages');
  expect(sent?.method).toBe('POST');
  expect(sent?.headers.get('Authorization')).toBe('Bearer token-for-https://servicebus.azure.net');
  expect(sent?.headers.get('Kind')).toBe('"a\\"b"');
  expect(sent?.body instanceof Uint8Array && Buffer.from(sent.body).toString()).toBe('{"id":7}');
});

it('sends to a topic', async () => {
  const { sent } = await run(policy(`topic-name="@("t" + 1)" ${namespace}`, '<payload>text</payload>'));
  expect(sent?.url).toBe('https://contoso.servicebus.windows.net/t1/messages');
});

it('fails when the message is not accepted', async () => {
  expect(await run(policy(`queue-name="q" ${namespace}`), 401)).toMatchObject({
    status: 500,
    reason: 'ErrorStatusCode',
  });
});

it('a namespace from an expression cannot lead elsewhere', async () => {
  const { reason, exchange } = await run(policy('queue-name="q" namespace="@("evil.example/x?")"'));
  expect([reason, exchange.ports.httpRequests]).toEqual(['ExpressionValueEvaluationFailure', []]);
});

it('control characters in a property are escaped', async () => {
  const inside =
    '<message-properties><message-property name="Kind">@("a" + (char)10 + "b")</message-property></message-properties><payload>x</payload>';
  expect((await run(policy(`queue-name="q" ${namespace}`, inside))).sent?.headers.get('Kind')).toBe('"a\\nb"');
});

it.each([
  [namespace, 1],
  [`queue-name="a" topic-name="b" ${namespace}`, 1],
  ['queue-name="a"', 1],
  ['queue-name="a" namespace="https://contoso.servicebus.windows.net"', 1],
])('%s is refused', (attributes, count) => {
  expect(problemsOf({ inbound: policy(attributes) })).toHaveLength(count);
});

it('needs a payload, and names of properties that headers can have', () => {
  expect(problemsOf({ inbound: policy(`queue-name="a" ${namespace}`, '') })).toHaveLength(1);
  const inside =
    '<message-properties><message-property name="a b">1</message-property></message-properties><payload>x</payload>';
  expect(problemsOf({ inbound: policy(`queue-name="a" ${namespace}`, inside) })).toHaveLength(1);
});
