import { describe, expect, it } from 'vitest';
import { closeExchange, runPipeline } from '../pipeline/run.ts';
import {
  apiOf,
  type ExchangeForInit,
  exchangeFor,
  pipelineFor,
  problemsOf,
  productOf,
  subscriptionOf,
} from '../testing/index.ts';

const start = Date.UTC(2026, 0, 2);

function scene(quota: string) {
  const pipeline = pipelineFor({ inbound: `<base />${quota}` }, { scope: 'product' });
  const { counters } = exchangeFor().ports;
  let time = start;
  const call = async (init: ExchangeForInit = {}) => {
    const exchange = exchangeFor({
      match: { product: productOf(), subscription: subscriptionOf({ startDate: start }) },
      ...init,
      ports: { ...init.ports, counters },
    });
    exchange.ports.clock.time = time;
    await runPipeline(pipeline, exchange);
    const body = exchange.response?.body ? await exchange.response.body.buffer(1e6) : new Uint8Array(0);
    closeExchange(exchange);
    return {
      status: exchange.response?.status,
      body: Buffer.from(body).toString(),
      retryAfter: exchange.response?.headers.get('Retry-After'),
      reason: exchange.lastError?.reason,
    };
  };
  return { call, advance: (seconds: number) => (time += seconds * 1000) };
}

describe('quota', () => {
  it('lets the number of calls through and answers 403 to the byte', async () => {
    const { call, advance } = scene('<quota calls="2" renewal-period="3600" />');
    advance(1798);
    expect((await call()).status).toBe(200);
    expect((await call()).status).toBe(200);
    expect(await call()).toEqual({
      status: 403,
      body: '{ "statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 00:30:02." }',
      retryAfter: '1802',
      reason: 'QuotaExceeded',
    });
    advance(1802);
    expect((await call()).status).toBe(200);
  });

  it('says days', async () => {
    const { call } = scene('<quota calls="0" renewal-period="216000" />');
    expect((await call()).body).toContain('in 2.12:00:00.');
  });

  it('is never renewed with a period of 0', async () => {
    const { call, advance } = scene('<quota calls="1" renewal-period="0" />');
    await call();
    advance(400 * 86_400);
    expect(await call()).toMatchObject({
      status: 403,
      body: expect.stringContaining('quota." }'),
      retryAfter: undefined,
    });
  });

  it('counts each subscription alone, and nobody without one', async () => {
    const { call } = scene('<quota calls="1" renewal-period="3600" />');
    await call();
    const other = { product: productOf(), subscription: subscriptionOf({ name: 'fabrikam', startDate: start }) };
    expect((await call({ match: other })).status).toBe(200);
    for (let i = 0; i < 3; i++) expect((await call({ match: { product: productOf() } })).status).toBe(200);
    expect((await call()).status).toBe(403);
  });

  it('counts kilobytes of request and response, for the next call', async () => {
    const { call, advance } = scene('<quota bandwidth="1" renewal-period="3600" />');
    const large = { request: { method: 'POST', body: 'x'.repeat(600) }, backend: () => ({ body: 'y'.repeat(424) }) };
    expect((await call(large)).body).toHaveLength(424);
    expect(await call()).toMatchObject({
      status: 403,
      body: '{ "statusCode": 403, "message": "Out of bandwidth quota. Quota will be replenished in 01:00:00." }',
    });
    advance(3600);
    expect((await call()).status).toBe(200);
  });

  it('one byte less is not yet too much', async () => {
    const { call } = scene('<quota bandwidth="1" renewal-period="3600" />');
    await call({ request: { method: 'POST', body: 'x'.repeat(1023) } });
    expect((await call()).status).toBe(200);
  });

  it('limits an API and an operation apart; a refused call is counted by none', async () => {
    const { call } = scene(`<quota calls="3" renewal-period="3600">
      <api id="orders-api" calls="1"><operation name="Get order" calls="5" /></api>
    </quota>`);
    expect((await call()).status).toBe(200);
    for (let i = 0; i < 5; i++) expect((await call()).status).toBe(403);
    const elsewhere = {
      product: productOf(),
      subscription: subscriptionOf({ startDate: start }),
      api: apiOf({ name: 'other', path: 'orders' }),
    };
    expect((await call({ match: elsewhere })).status).toBe(200);
    expect((await call({ match: elsewhere })).status).toBe(200);
    expect((await call({ match: elsewhere })).status).toBe(403);
  });

  it('gives back what a wider limit refuses, with counters that answer later too', async () => {
    const { call } = scene(`<quota calls="1" renewal-period="3600"><api name="Orders" calls="2" /></quota>`);
    const { counters } = exchangeFor().ports;
    const later = {
      ...counters,
      enter: () => true,
      leave: () => undefined,
      slidingWindow: counters.slidingWindow.bind(counters),
      addToSlidingWindow: counters.addToSlidingWindow.bind(counters),
      addToFixedWindow: async (...args: Parameters<typeof counters.addToFixedWindow>) =>
        counters.addToFixedWindow(...args),
    };
    const pipeline = pipelineFor(
      { inbound: '<quota calls="1" renewal-period="3600"><api name="Orders" calls="2" /></quota>' },
      { scope: 'product' },
    );
    const statuses: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      const exchange = exchangeFor({
        match: { product: productOf(), subscription: subscriptionOf() },
        ports: { counters: later },
      });
      await runPipeline(pipeline, exchange);
      statuses.push([exchange.response?.status, exchange.lastError?.message.slice(0, 6)]);
    }
    expect(statuses).toEqual([
      [200, undefined],
      [403, 'Out of'],
      [403, 'Out of'],
    ]);
    expect((await call()).status).toBe(200);
  });

  it('stands at product scope, with an amount', () => {
    expect(problemsOf({ inbound: '<quota calls="1" renewal-period="3600" />' }, { scope: 'api' })).toHaveLength(1);
    expect(problemsOf({ inbound: '<quota renewal-period="3600" />' }, { scope: 'product' })).toHaveLength(1);
    expect(
      problemsOf({ inbound: '<quota calls="1" renewal-period="0"><api calls="1" /></quota>' }, { scope: 'product' }),
    ).toHaveLength(1);
  });
});
