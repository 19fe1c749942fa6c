import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '@lazuli/gateway';
import { publishHoldType } from '@lazuli/management';
import { type Operation, openStore, type Store } from '@lazuli/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Publisher } from './publisher.ts';

const serviceId =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.ApiManagement/service/s';
const service: Operation = {
  operation: 'put',
  id: serviceId,
  type: 'Microsoft.ApiManagement/service',
  body: { properties: {} },
};
const backend = (name: string, url: string): Operation => ({
  operation: 'put',
  id: `${serviceId}/backends/${name}`,
  type: 'Microsoft.ApiManagement/service/backends',
  body: { properties: { url, protocol: 'http', type: 'Single' } },
});
const policy = (value: string): Operation => ({
  operation: 'put',
  id: `${serviceId}/policies/policy`,
  type: 'Microsoft.ApiManagement/service/policies',
  body: { properties: { format: 'rawxml', value } },
});

describe('the publisher', () => {
  let scratch: string;
  let store: Store;
  let publisher: Publisher;
  let snapshots: Snapshot[];
  const removed: string[] = [];
  const problems: string[] = [];
  let now = Date.now();

  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'lazuli-publisher-'));
    store = await openStore(`sqlite:${join(scratch, 'lazuli.db')}`);
    snapshots = [];
    publisher = new Publisher({
      store,
      allowUnsupported: false,
      now: () => now,
      onSnapshot: (_, snapshot) => snapshots.push(snapshot),
      onRemoved: ({ name }) => removed.push(name),
      onProblems: (_, found) => problems.push(...found.map(({ message }) => message)),
      onError: (error) => problems.push(String(error)),
    });
  });
  afterEach(async () => {
    await publisher.close();
    await store.close();
    await rm(scratch, { recursive: true });
  });

  const urls = () => snapshots.at(-1)?.model.backends.map(({ url }) => url);

  it('publishes what is there, every batch after it as one, and the going of the service', async () => {
    await store.change([service, backend('a', 'https://a.example')]);
    await publisher.start();
    expect(snapshots).toHaveLength(1);
    await store.change([backend('a', 'https://b.example'), backend('c', 'https://c.example')]);
    await vi.waitFor(() => expect(snapshots).toHaveLength(2));
    expect(urls()).toEqual(['https://b.example', 'https://c.example']);
    await store.change([{ operation: 'deleteSubtree', id: serviceId }]);
    await vi.waitFor(() => expect(removed).toEqual(['s']));
  });

  it('takes a service that is created later', async () => {
    await publisher.start();
    expect(snapshots).toHaveLength(0);
    await store.change([service, backend('a', 'https://a.example')]);
    await vi.waitFor(() => expect(urls()).toEqual(['https://a.example']));
  });

  it('keeps the last good configuration when the store holds one that cannot be served', async () => {
    await store.change([service, backend('a', 'https://a.example')]);
    await publisher.start();
    await store.change([policy('<policies><inbound><no-such-policy /></inbound></policies>')]);
    await vi.waitFor(() => expect(problems.join()).toMatch(/no-such-policy/));
    expect(snapshots).toHaveLength(1);
    await store.change([policy('<policies><inbound /></policies>')]);
    await vi.waitFor(() => expect(snapshots).toHaveLength(2));
  });

  it('publishes a held deployment at once when the hold is given back, or its time is over', async () => {
    await store.change([service]);
    await publisher.start();
    const hold: Operation = {
      operation: 'put',
      id: `/providers/${publishHoldType}/one`,
      type: publishHoldType,
      body: { properties: { until: new Date(now + 60_000).toISOString() } },
    };
    await store.change([hold]);
    await store.change([backend('a', 'https://a.example')]);
    await store.change([backend('b', 'https://b.example')]);
    await store.change([{ operation: 'delete', id: hold.id }]);
    await vi.waitFor(() => expect(snapshots).toHaveLength(2));
    expect(urls()).toEqual(['https://a.example', 'https://b.example']);

    await store.change([hold]);
    await store.change([backend('c', 'https://c.example')]);
    now += 60_001;
    await store.change([backend('d', 'https://d.example')]);
    await vi.waitFor(() => expect(urls()).toHaveLength(4));
  });
});
