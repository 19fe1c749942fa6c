import { buildSnapshot, type Snapshot } from '@lazuli/gateway';
import { type Diagnostic, emptyServiceModel } from '@lazuli/resources';
import { describe, expect, it } from 'vitest';
import { Reloader, type ReloadReport } from './reloader.ts';

const snapshot = (): Snapshot => buildSnapshot(emptyServiceModel(), { allowUnsupported: false }).snapshot;
const problem: Diagnostic = { code: 'X', severity: 'error', file: 'a.xml', line: 1, column: 2, message: 'wrong' };

/** A configuration whose loads are answered by hand. */
function byHand() {
  const loads: {
    resolve(result: { snapshot: Snapshot | null; diagnostics: Diagnostic[] }): void;
    reject(error: Error): void;
  }[] = [];
  const swapped: Snapshot[] = [];
  const reports: ReloadReport[] = [];
  const reloader = new Reloader(
    { load: () => new Promise((resolve, reject) => loads.push({ resolve, reject })) },
    (next) => swapped.push(next),
    (report) => reports.push(report),
  );
  return { loads, swapped, reports, reloader };
}

describe('the reloader', () => {
  it('swaps what was loaded and reports how long it took', async () => {
    const { loads, swapped, reports, reloader } = byHand();
    const done = reloader.reload();
    const next = snapshot();
    loads[0]?.resolve({ snapshot: next, diagnostics: [] });
    await done;
    expect(swapped).toEqual([next]);
    expect(reports).toEqual([{ live: true, diagnostics: [], milliseconds: expect.any(Number) }]);
  });

  it('keeps what is live when there are errors, and tells them', async () => {
    const { loads, swapped, reports, reloader } = byHand();
    const done = reloader.reload();
    loads[0]?.resolve({ snapshot: null, diagnostics: [problem] });
    await done;
    expect(swapped).toEqual([]);
    expect(reports).toMatchObject([{ live: false, diagnostics: [problem] }]);
  });

  it('reads changes that come while it loads with one more load', async () => {
    const { loads, swapped, reloader } = byHand();
    const done = reloader.reload();
    for (let i = 0; i < 10; i++) void reloader.reload();
    loads[0]?.resolve({ snapshot: snapshot(), diagnostics: [] });
    await expect.poll(() => loads.length).toBe(2);
    loads[1]?.resolve({ snapshot: snapshot(), diagnostics: [] });
    await done;
    expect([loads.length, swapped.length]).toEqual([2, 2]);
  });

  it('reports a folder that cannot be read and loads again at the next change', async () => {
    const { loads, reports, swapped, reloader } = byHand();
    const failed = reloader.reload();
    loads[0]?.reject(new Error('the folder is gone'));
    await failed;
    expect(reports).toMatchObject([
      { live: false, diagnostics: [{ message: 'the folder is gone', severity: 'error' }] },
    ]);
    const again = reloader.reload();
    loads[1]?.resolve({ snapshot: snapshot(), diagnostics: [] });
    await again;
    expect(swapped).toHaveLength(1);
  });
});
