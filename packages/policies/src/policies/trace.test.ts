import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

test('writes to the trace and to the log', async () => {
  const { traces, exchange } = await runPolicy({
    inbound: `<trace source="orders" severity="error">
        <message>@("order " + 42)</message>
        <metadata name="a" value="1" />
        <metadata name="b" value="@("2")" />
      </trace>`,
  });
  const entry = { source: 'orders', severity: 'error', metadata: { a: '1', b: '2' } };
  expect(traces).toContainEqual({
    info: expect.objectContaining({ source: 'trace', path: 'trace[1]' }),
    message: 'order 42',
    data: entry,
  });
  expect(exchange.ports.logged).toEqual([
    { level: 'error', message: 'order 42', fields: { requestId: exchange.id, ...entry } },
  ]);
});

test.each([
  ['', 'debug'],
  ['severity="verbose"', 'debug'],
  ['severity="information"', 'info'],
])('severity %s is logged as %s', async (severity, level) => {
  const { exchange } = await runPolicy({ outbound: `<trace source="s" ${severity}>text</trace>` });
  expect(exchange.ports.logged[0]).toMatchObject({ level, message: 'text' });
});

test('may stand in on-error', () => {
  expect(problemsOf({ onError: '<trace source="s"><message>m</message></trace>' })).toEqual([]);
});

test('needs a source and a message', () => {
  expect(problemsOf({ inbound: '<trace><message>m</message></trace>' })).toHaveLength(1);
  expect(problemsOf({ inbound: '<trace source="s" />' })).toHaveLength(1);
  expect(problemsOf({ inbound: '<trace source="s" severity="fatal"><message>m</message></trace>' })).toHaveLength(1);
});
