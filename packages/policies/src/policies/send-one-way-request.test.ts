import { expect, test } from 'vitest';
import type { HttpPort, HttpRequest } from '../ports/ports.ts';
import { runPolicy } from '../testing/index.ts';

const policy =
  '<send-one-way-request timeout="5"><set-url>https://hooks.example/x</set-url><set-method>POST</set-method><set-body>hi</set-body></send-one-way-request>';

test('does not wait for the answer, and outlives the caller', async () => {
  const requests: HttpRequest[] = [];
  const http: HttpPort = {
    send: (request) => {
      requests.push(request);
      return new Promise(() => undefined);
    },
  };
  const { status } = await runPolicy({ inbound: policy }, { ports: { http } });
  expect(status).toBe(200);
  expect(requests).toMatchObject([{ method: 'POST', url: 'https://hooks.example/x', timeoutMs: 5000, signal: null }]);
});

test('a failure goes to the log', async () => {
  const http: HttpPort = { send: () => Promise.reject(new Error('refused')) };
  const { status, exchange } = await runPolicy({ inbound: policy }, { ports: { http } });
  expect(status).toBe(200);
  await Promise.resolve();
  expect(exchange.ports.logged).toMatchObject([{ level: 'warn', fields: { error: 'refused' } }]);
});

test('does not let requests that never end pile up', async () => {
  let count = 0;
  const http: HttpPort = {
    send: () => {
      count++;
      return new Promise(() => undefined);
    },
  };
  const many = policy.repeat(50);
  for (let i = 0; i < 101; i++) await runPolicy({ inbound: many }, { ports: { http } });
  expect(count).toBe(5000);
});

test('an expression that fails is an error', async () => {
  const { status } = await runPolicy({
    inbound: '<send-one-way-request><set-url>@("nowhere")</set-url></send-one-way-request>',
  });
  expect(status).toBe(500);
});
