/**
 * Start-up time, memory and the cost of one more change at 10, 1,000 and 10,000 APIs (one operation with a policy each).
 *
 *   node bench/startup.ts
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answers } from './kit/nginx.ts';
import { cpuMicroseconds, residentMebibytes, startProcess } from './kit/processes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const port = 18_490;

console.log('| APIs | start ms (until it answers) | start CPU ms | resident MiB | a saved policy is live after ms |');
console.log('|---|---|---|---|---|');
for (const count of [10, 1000, 10_000]) {
  const folder = folderOf(count);
  // Files younger than two seconds are read again whatever their time stamps say: not what a change usually meets.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const started = performance.now();
  const lazuli = await startProcess(
    'lazuli',
    join(root, 'node_modules/.bin/node'),
    [
      join(root, 'packages/cli/src/main.ts'),
      'start',
      folder,
      '--port',
      String(port),
      '--no-tls',
      '--access-log',
      'off',
    ],
    () => answers(port),
  );
  const startMs = performance.now() - started;
  const cpuMs = cpuMicroseconds(lazuli.pid) / 1000;
  const memory = residentMebibytes(lazuli.pid);
  const changeMs = await changeToLive(folder);
  console.log(`| ${count} | ${startMs.toFixed(0)} | ${cpuMs.toFixed(0)} | ${memory} | ${changeMs.toFixed(0)} |`);
  await lazuli.stop();
  rmSync(folder, { recursive: true });
}

async function changeToLive(folder: string): Promise<number> {
  writeFileSync(join(folder, 'apis/api-5/operations/get-x/policy.xml'), policy('changed'));
  const started = performance.now();
  while ((await (await fetch(`http://127.0.0.1:${port}/api-5/x`)).text()) !== 'changed') {
    if (performance.now() - started > 60_000) throw new Error('the change was not live after a minute');
  }
  return performance.now() - started;
}

function policy(body: string): string {
  return `<policies><inbound><base /><set-variable name="n" value="@(context.Request.Headers.GetValueOrDefault("x-n", "0"))" /><return-response><set-body>${body}</set-body></return-response></inbound></policies>`;
}

function folderOf(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), `lazuli-${count}-apis-`));
  for (let i = 0; i < count; i++) {
    const api = join(folder, 'apis', `api-${i}`);
    mkdirSync(join(api, 'operations/get-x'), { recursive: true });
    writeFileSync(
      join(api, 'apiInformation.json'),
      JSON.stringify({
        properties: {
          displayName: `Api ${i}`,
          path: `api-${i}`,
          serviceUrl: 'http://127.0.0.1:9',
          protocols: ['http'],
          subscriptionRequired: false,
        },
      }),
    );
    writeFileSync(
      join(api, 'specification.json'),
      JSON.stringify({
        openapi: '3.0.3',
        info: { title: `Api ${i}`, version: '1' },
        paths: {
          '/x': { get: { operationId: 'get-x', responses: { 200: { description: 'OK' } } } },
          '/y/{id}': {
            get: {
              operationId: 'get-y',
              parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
              responses: { 200: { description: 'OK' } },
            },
          },
        },
      }),
    );
    writeFileSync(join(api, 'operations/get-x/policy.xml'), policy(`api ${i}`));
  }
  return folder;
}
