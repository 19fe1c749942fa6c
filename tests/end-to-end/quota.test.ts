import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { send } from '../kit/client.ts';
import { startLazuli } from '../kit/lazuli-process.ts';

it('a quota is kept over a restart, a rate limit begins anew', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'lazuli-quota-'));
  const write = async (path: string, content: unknown) => {
    const file = join(scratch, 'apis-folder', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  };
  await write('apis/a/apiInformation.json', {
    properties: { displayName: 'A', path: 'a', subscriptionRequired: true },
  });
  const get = (operationId: string) => ({ get: { operationId, responses: { 200: { description: 'OK' } } } });
  await write('apis/a/specification.json', {
    openapi: '3.0.3',
    info: { title: 'A', version: '1' },
    paths: { '/quota': get('quota'), '/rate': get('rate') },
  });
  const answer = (limit: string) =>
    `<policies><inbound><base />${limit}<return-response /></inbound><backend /><outbound /></policies>`;
  await write(
    'apis/a/operations/quota/policy.xml',
    answer('<quota-by-key calls="2" renewal-period="86400" counter-key="k" />'),
  );
  await write(
    'apis/a/operations/rate/policy.xml',
    answer('<rate-limit-by-key calls="1" renewal-period="60" counter-key="k" />'),
  );
  await write('subscriptions/s/subscriptionInformation.json', {
    properties: { displayName: 'S', scope: '/apis/a', state: 'active', primaryKey: 'only-for-this-test' },
  });
  const serve = async (paths: readonly string[]): Promise<number[]> => {
    const lazuli = await startLazuli(join(scratch, 'apis-folder'), [
      '--no-tls',
      '--access-log',
      'off',
      '--data',
      join(scratch, 'data'),
    ]);
    const port = Number(new URL(lazuli.http).port);
    const statuses: number[] = [];
    for (const path of paths) {
      const headers = { 'Ocp-Apim-Subscription-Key': 'only-for-this-test' };
      statuses.push((await send(port, { method: 'GET', target: `/a/${path}`, headers })).status);
    }
    expect(await lazuli.end()).toBe(0);
    return statuses;
  };
  expect(await serve(['quota', 'rate', 'rate'])).toEqual([200, 200, 429]);
  expect(await serve(['quota', 'quota', 'rate'])).toEqual([200, 403, 200]);
  await rm(scratch, { recursive: true });
});
