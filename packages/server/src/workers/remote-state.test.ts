import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryCache, MemoryCounters } from '@lazuli/policies';
import { describeCache, describeCounters } from '@lazuli/policies/contract';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { connectState } from './remote-state.ts';
import { serveState } from './state-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'lazuli-state-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let served = 0;

async function shared() {
  let time = Date.UTC(2026, 0, 1);
  const now = () => time;
  const emitted: unknown[] = [];
  const service = await serveState(join(folder, `${served++}`), {
    counters: new MemoryCounters({ now }),
    cache: new MemoryCache({ now, maxBytes: 1 << 24 }),
    metrics: { emit: (metric) => emitted.push(metric) },
  });
  const client = await connectState(service.path);
  return {
    ...client,
    service,
    emitted,
    now,
    advance: (ms: number) => {
      time += ms;
    },
    another: () => connectState(service.path),
    close: async () => {
      await client.close();
      await service.close();
    },
  };
}

describeCounters('held by another process', shared);
describeCache('held by another process', shared);

describe('state that workers share', () => {
  it('counts exactly, whoever asks', async () => {
    const state = await shared();
    const other = await state.another();
    const asked = Array.from({ length: 200 }, (_, i) =>
      (i % 2 === 0 ? state : other).counters.slidingWindow('k', 150, 60_000, 1),
    );
    expect((await Promise.all(asked)).filter(({ allowed }) => allowed)).toHaveLength(150);
    await other.close();
    await state.close();
  });

  it('lets go of the concurrency slots of a worker that died', async () => {
    const state = await shared();
    const other = await state.another();
    expect(await other.counters.enter('k', 1)).toBe(true);
    expect(await state.counters.enter('k', 1)).toBe(false);
    await other.close();
    await vi.waitFor(async () => expect(await state.counters.enter('k', 1)).toBe(true));
    await state.close();
  });

  it('takes metrics', async () => {
    const state = await shared();
    const metric = { namespace: 'shop', name: 'orders', value: 2.5, dimensions: [['Color', 'röd']] as const };
    state.metrics.emit(metric);
    await vi.waitFor(() => expect(state.emitted).toEqual([metric]));
    await state.close();
  });

  it('fails what waits when the holder is gone', async () => {
    const state = await shared();
    const waiting = state.counters.enter('k', 1);
    await state.service.close();
    await expect(Promise.resolve(waiting)).rejects.toThrow(/gone/);
    await expect(Promise.resolve(state.counters.enter('k', 1))).rejects.toThrow(/gone/);
    await state.close();
  });

  it.each([
    ['a frame that is too long', Buffer.from('ffffffff0000000001', 'hex')],
    ['an operation that is not known', Buffer.from('000000000000000077', 'hex')],
    ['a text that ends behind its frame', Buffer.from('040000000000000006ffffff00', 'hex')],
  ])('survives %s', async (_, bytes) => {
    const state = await shared();
    const socket = connect(state.service.path);
    socket.on('error', () => {});
    socket.write(bytes);
    await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
    socket.destroy();
    expect(await state.counters.enter('k', 1)).toBe(true);
    await state.close();
  });
});
