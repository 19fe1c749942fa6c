import { openStore, type Store } from '@lazuli/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localOperator } from '../identity/local-operator.ts';
import { OperationStore } from './operation-store.ts';

let store: Store;
let now: number;
beforeEach(async () => {
  store = await openStore('sqlite::memory:');
  now = Date.UTC(2026, 0, 1);
});
afterEach(() => store.close());

const log = { error() {}, info() {} };
const init = {
  namespace: 'Contoso.X',
  resourceId: '/subscriptions/s/resourceGroups/g/providers/Contoso.X/things/one',
  resourceType: 'Contoso.X/things',
  kind: 'put',
  action: 'Contoso.X/things/write',
  principal: localOperator,
  correlationId: 'c',
  onRestart: 'repeat' as const,
};

describe('operations of several processes', () => {
  it('are taken over by one of the others when their lease has run out, not before', async () => {
    const [gone, one, two] = [0, 1, 2].map(() => new OperationStore(store, log, () => now)) as [
      OperationStore,
      OperationStore,
      OperationStore,
    ];
    const { operation, write } = gone.create(init);
    await store.change([write]);
    let runs = 0;
    const resume = () => ({
      run: async () => {
        runs++;
        return {};
      },
    });
    await one.recover(false, resume);
    expect(runs).toBe(0);
    now += 61_000;
    await Promise.all([one.recover(false, resume), two.recover(false, resume)]);
    await Promise.all([one.whenDone(operation.id), two.whenDone(operation.id)]);
    expect(runs).toBe(1);
    expect(await gone.get(operation.id)).toMatchObject({ status: 'Succeeded' });
    now += 8 * 24 * 60 * 60 * 1000;
    await one.recover(false, resume);
    expect(await gone.get(operation.id)).toBeUndefined();
  });

  it('hear that another process wants them cancelled', async () => {
    const [runner, other] = [new OperationStore(store, log, () => now), new OperationStore(store, log, () => now)];
    const { operation, write } = runner.create(init);
    await store.change([write]);
    runner.run(operation, {
      run: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    });
    await new Promise((resolve) => setImmediate(resolve));
    await other.cancel(operation.id);
    await runner.changed(`/providers/lazuli.management/operations/${operation.id}`);
    await runner.whenDone(operation.id);
    expect(await other.get(operation.id)).toMatchObject({ status: 'Canceled' });
    expect((await store.verifyAudit()).ok).toBe(true);
  });
});
