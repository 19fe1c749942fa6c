import { openStore, type Store } from '@lazuli/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseArmId } from '../ids/arm-id.ts';
import { Locks } from '../locks/locks.ts';
import type { Services } from '../services.ts';
import { makeRoom } from './history.ts';
import { deploymentType } from './records.ts';

const group = '/subscriptions/s/resourceGroups/g';
const deployment = (name: string) => `${group}/providers/${deploymentType}/${name}`;
const id = parseArmId(deployment('next'))!;
const limits = { most: 6, trimFrom: 5, trimTo: 3 };
let store: Store;
let now = 0;
beforeEach(async () => {
  store = await openStore('sqlite::memory:', { now: () => now });
});
afterEach(() => store.close());

async function deploy(name: string, provisioningState: string): Promise<void> {
  now += 1000;
  await store.change([
    { operation: 'put', id: deployment(name), type: deploymentType, body: { properties: { provisioningState } } },
  ]);
}
const room = async () => {
  const services = { store, locks: new Locks(store) } as unknown as Services;
  return (await makeRoom(services, id, limits)).map((one) => one.id.split('/').at(-1));
};

describe('the history of deployments', () => {
  it('loses its oldest finished ones when it grows full', async () => {
    for (const name of ['d', 'c', 'b', 'a']) await deploy(name, name === 'd' ? 'Running' : 'Succeeded');
    expect(await room()).toEqual([]);
    await deploy('z', 'Failed');
    expect(await room()).toEqual(['c', 'b']);
  });

  it('refuses more when a lock keeps them', async () => {
    const lock = `${group}/providers/Microsoft.Authorization/locks/l`;
    await store.change([
      {
        operation: 'put',
        id: lock,
        type: 'Microsoft.Authorization/locks',
        body: { properties: { level: 'CanNotDelete' } },
      },
    ]);
    for (let count = 0; count < 5; count++) await deploy(`d${count}`, 'Succeeded');
    expect(await room()).toEqual([]);
    await deploy('d5', 'Succeeded');
    await expect(room()).rejects.toMatchObject({ code: 'TooManyDeployments' });
  });
});
