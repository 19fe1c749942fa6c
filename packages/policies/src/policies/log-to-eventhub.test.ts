import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

const log = async (element: string, init: { loggers?: string[] } = {}) =>
  (await runPolicy({ inbound: element }, { loggers: ['hub'], ...init })).exchange.ports;

test('the text goes to the logger', async () => {
  const ports = await log(`<log-to-eventhub logger-id="hub" partition-key="@("k" + 1)">@("a" + 1)</log-to-eventhub>`);
  expect(ports.sentEvents).toEqual([{ loggerId: 'hub', body: 'a1', partitionId: null, partitionKey: 'k1' }]);
  const literal = await log('<log-to-eventhub logger-id="hub" partition-id="0"> text </log-to-eventhub>');
  expect(literal.sentEvents).toEqual([{ loggerId: 'hub', body: 'text', partitionId: '0', partitionKey: null }]);
});

test('other values as their text', async () => {
  const ports = await log(`<log-to-eventhub logger-id="hub">@(new JObject(new JProperty("a", 1)))</log-to-eventhub>`);
  expect(JSON.parse(ports.sentEvents[0]?.body ?? '')).toEqual({ a: 1 });
});

test('an event is cut at 200 KB, between characters', async () => {
  const ports = await log(`<log-to-eventhub logger-id="hub">@("x" + new string('é', 150000))</log-to-eventhub>`);
  const body = ports.sentEvents[0]?.body ?? '';
  expect([Buffer.byteLength(body), body.at(-1)]).toEqual([204_799, 'é']);
});

test('an unknown logger is refused, and so is a place given twice', () => {
  expect(problemsOf({ inbound: '<log-to-eventhub logger-id="x">a</log-to-eventhub>' })).toEqual([
    expect.stringMatching(/Logger with id 'x' could not be found/),
  ]);
  expect(
    problemsOf(
      { inbound: '<log-to-eventhub logger-id="x" partition-id="1" partition-key="k">a</log-to-eventhub>' },
      { loggers: ['x'] },
    ),
  ).toHaveLength(1);
});

test('a logger that is no event hub: the request goes on', async () => {
  const run = await runPolicy(
    { inbound: '<log-to-eventhub logger-id="hub">a</log-to-eventhub>' },
    { loggers: ['hub'], ports: { events: { has: () => false, send: () => {} } } },
  );
  expect([run.status, run.exchange.ports.logged.length]).toEqual([200, 1]);
});
