import { describe, expect, it } from 'vitest';
import { closeExchange, runPipeline } from '../pipeline/run.ts';
import { type ExchangeForInit, exchangeFor, type PolicyText, pipelineFor, problemsOf } from '../testing/index.ts';

const start = Date.UTC(2026, 0, 2);

function scene(policy: PolicyText) {
  const pipeline = pipelineFor(policy);
  const { counters } = exchangeFor().ports;
  let time = start;
  const call = async (init: ExchangeForInit = {}) => {
    const exchange = exchangeFor({ ...init, ports: { counters } });
    exchange.ports.clock.time = time;
    await runPipeline(pipeline, exchange);
    const body = exchange.response?.body ? await exchange.response.body.buffer(1e6) : new Uint8Array(0);
    closeExchange(exchange);
    return { status: exchange.response?.status, body: Buffer.from(body).toString() };
  };
  return { call, advance: (seconds: number) => (time += seconds * 1000) };
}

const statuses = async (call: () => Promise<{ status: number | undefined }>, times: number) => {
  const seen: unknown[] = [];
  for (let i = 0; i < times; i++) seen.push((await call()).status);
  return seen;
};

const late = `increment-condition="@(context.Response.StatusCode == 200)"`;

describe('quota-by-key', () => {
  it('counts a key in windows from first-period-start', async () => {
    const { call, advance } = scene({
      inbound:
        '<quota-by-key calls="2" renewal-period="3600" counter-key="k" first-period-start="2026-01-01T23:30:00Z" />',
    });
    expect(await statuses(call, 3)).toEqual([200, 200, 403]);
    expect((await call()).body).toBe(
      '{ "statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 00:30:00." }',
    );
    advance(1800);
    expect((await call()).status).toBe(200);
  });

  it('keeps keys apart', async () => {
    const { call } = scene({
      inbound: '<quota-by-key calls="1" renewal-period="300" counter-key="@(context.Request.IpAddress)" />',
    });
    const from = (ipAddress: string) => call({ request: { ipAddress } });
    expect([(await from('192.0.2.1')).status, (await from('192.0.2.2')).status]).toEqual([200, 200]);
    expect((await from('192.0.2.1')).status).toBe(403);
  });

  it('counts once per request and key, however many policies count', async () => {
    const { call } = scene({
      inbound: `<quota-by-key calls="5" renewal-period="300" counter-key="k" />
        <quota-by-key calls="3" renewal-period="300" counter-key="k" />`,
    });
    expect(await statuses(call, 4)).toEqual([200, 200, 200, 403]);
  });

  it('counts amounts', async () => {
    const { call } = scene({
      inbound: '<quota-by-key calls="5" renewal-period="300" counter-key="k" increment-count="3" />',
    });
    expect(await statuses(call, 3)).toEqual([200, 200, 403]);
  });

  it('only looks when the condition is false', async () => {
    const { call } = scene({
      inbound: '<quota-by-key calls="1" renewal-period="300" counter-key="k" increment-condition="false" />',
    });
    expect(await statuses(call, 3)).toEqual([200, 200, 200]);
  });

  it('counts after outbound when the condition is an expression', async () => {
    const { call } = scene({
      inbound: `<quota-by-key calls="1" renewal-period="300" counter-key="k" ${late} />`,
    });
    const failing = () => call({ backend: () => ({ status: 500 }) });
    expect(await statuses(failing, 2)).toEqual([500, 500]);
    expect(await statuses(call, 2)).toEqual([200, 403]);
  });

  it('counts what an expression says', async () => {
    const { call } = scene({
      inbound: '<quota-by-key calls="10" renewal-period="300" counter-key="k" increment-count="@(5 + 1)" />',
    });
    expect(await statuses(call, 3)).toEqual([200, 200, 403]);
  });

  it('counts kilobytes, when the condition is true', async () => {
    const { call } = scene({
      inbound: `<quota-by-key bandwidth="1" renewal-period="300" counter-key="k" ${late} />`,
    });
    expect((await call({ backend: () => ({ status: 404, body: 'x'.repeat(5000) }) })).status).toBe(404);
    expect((await call({ backend: () => ({ body: 'x'.repeat(1024) }) })).status).toBe(200);
    expect((await call()).body).toContain('Out of bandwidth quota.');
  });

  it('refuses periods below 300 seconds, and neither calls nor bandwidth', () => {
    expect(problemsOf({ inbound: '<quota-by-key calls="1" renewal-period="299" counter-key="k" />' })).toHaveLength(1);
    expect(problemsOf({ inbound: '<quota-by-key renewal-period="300" counter-key="k" />' })).toHaveLength(1);
    expect(problemsOf({ inbound: '<quota-by-key calls="1" renewal-period="0" counter-key="k" />' })).toEqual([]);
  });
});
