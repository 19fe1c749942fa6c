import { expect, test } from 'vitest';
import { runPolicy } from '../testing/index.ts';

test('a request is forwarded to the backend and its response comes back', async () => {
  const run = await runPolicy({}, { backend: () => ({ status: 201, body: 'hello' }) });
  expect([run.status, run.body, run.backendRequest?.url]).toEqual([
    201,
    'hello',
    'https://backend.example:443/base/42',
  ]);
});
