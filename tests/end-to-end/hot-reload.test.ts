import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LazuliProcess, lazuli, startLazuli } from '../kit/lazuli-process.ts';

let folder: string;
let server: LazuliProcess;
let key: string;
const agent = new Agent({ keepAlive: true });
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'lazuli-reload-')), 'apis');
  await lazuli(['init', folder]);
  key = JSON.parse(await readFile(join(folder, 'secrets.local.json'), 'utf8')).subscriptions.developer.primaryKey;
  server = await startLazuli(folder, ['--no-tls', '--access-log', 'off']);
});
afterAll(async () => {
  agent.destroy();
  expect(await server.end()).toBe(0);
  await rm(folder, { recursive: true, force: true });
});

function greet(): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${server.http}/hello/greet/Ada`, {
      agent,
      headers: { 'ocp-apim-subscription-key': key },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.end();
  });
}

const policyFile = () => join(folder, 'apis/hello/operations/greet/policy.xml');
const policy = (greeting: string) =>
  `<policies><inbound><base /><return-response><set-body>@("${greeting}")</set-body></return-response></inbound></policies>`;

/** Asks again and again until the answer is `body`; gives the milliseconds that it took. Every answer must be a 200. */
async function until(body: string): Promise<number> {
  const started = performance.now();
  for (;;) {
    const answer = await greet();
    expect(answer.status).toBe(200);
    if (answer.body === body) return performance.now() - started;
    if (performance.now() - started > 5000) throw new Error(`Still '${answer.body}' after 5 s:\n${server.output()}`);
  }
}

describe('a file that is saved while Lazuli serves', () => {
  it('is live within 200 ms, without a dropped request', async () => {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const body = `version ${i}`;
      await writeFile(policyFile(), policy(body));
      times.push(await until(body));
    }
    times.sort((a, b) => a - b);
    expect(times[2]).toBeLessThan(200);
  });

  it('is seen when an editor saves it under another name and renames it', async () => {
    await writeFile(`${policyFile()}.tmp`, policy('renamed'));
    await rename(`${policyFile()}.tmp`, policyFile());
    await until('renamed');
  });

  it('is reported when it is broken, and the last good configuration stays', async () => {
    await writeFile(policyFile(), policy('good'));
    await until('good');
    await writeFile(policyFile(), '<policies><inbound><base /><set-hedder /></inbound></policies>');
    await server.until(/greet\/policy\.xml:1:29 error \w+ .*set-hedder/);
    await server.until(/kept the last good configuration/);
    expect(await greet()).toEqual({ status: 200, body: 'good' });
    await writeFile(policyFile(), policy('mended'));
    await until('mended');
  });
});
