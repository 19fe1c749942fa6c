/**
 * Full load with the configuration being swapped every second: no lost request, no growth of memory.
 *
 *   node tests/soak/soak.ts [minutes, 10]
 *
 * Every answer is checked: it must be the backend's for exactly this request, marked by a policy that was current while the
 * request ran. Exit status 1 when a request is lost or answered wrongly, or when memory grows: what is alive after a
 * collection, and, with room for what the collector takes, what the process holds.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startLazuli } from '../kit/lazuli-process.ts';
import { residentMebibytes } from '../kit/memory.ts';
import { closeServer, listen } from '../kit/upstream.ts';
import { inspected, openLiveMemory } from './live-memory.ts';

const minutes = Number(process.argv[2] ?? 10);
const connections = 64;
/** How much more may be alive than after the warm-up: optimized code comes, and requests are under way. */
const allowedLiveGrowthMebibytes = 12;
/** How much more may be resident, with what the collector has not given back. */
const allowedResidentGrowthMebibytes = 48;

const backend = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ url: request.url, version: request.headers['x-version'], bytes: Buffer.concat(chunks).length }),
    );
  });
});
const backendPort = await listen(backend);
const folder = mkdtempSync(join(tmpdir(), 'lazuli-soak-'));
let version = 0;
writeFolder();
const lazuli = await startLazuli(folder, ['--no-tls', '--access-log', 'off'], inspected);
const memory = await openLiveMemory(lazuli.output());
const agent = new Agent({ keepAlive: true, maxSockets: connections });

const deadline = performance.now() + minutes * 60_000;
let sent = 0;
let wrong = 0;
const resident: number[] = [];
const live: number[] = [];
const swap = setInterval(() => {
  version++;
  writePolicy();
}, 1000);
const sample = setInterval(() => resident.push(residentMebibytes(lazuli.child.pid ?? 0)), 2000);
let collected: Promise<unknown> = Promise.resolve();
const collect = setInterval(() => {
  collected = collected.then(async () => live.push(await memory.mebibytes()));
}, minutes * 5000);
const progress = setInterval(() => {
  if (process.stdout.isTTY)
    process.stdout.write(`\r${sent} requests, ${wrong} wrong, ${version} swaps, ${resident.at(-1)} MiB `);
}, 1000);

await Promise.all(Array.from({ length: connections }, (_, id) => client(id)));
clearInterval(swap);
clearInterval(sample);
clearInterval(collect);
clearInterval(progress);
await collected;
memory.close();
agent.destroy();
const reloads = lazuli.output().match(/live changes after/g)?.length ?? 0;
const status = await lazuli.end();
await closeServer(backend);
rmSync(folder, { recursive: true, force: true });

const liveGrowth = growth(live);
const residentGrowth = growth(resident);
const grown = !(liveGrowth <= allowedLiveGrowthMebibytes && residentGrowth <= allowedResidentGrowthMebibytes);
const swapped = reloads >= version * 0.9;
console.log(
  `\n${sent} requests in ${minutes} min, ${wrong} lost or wrong; ${version} changes saved, ${reloads} reloads;`,
);
console.log(
  `from the first third to the last ${liveGrowth.toFixed(1)} MiB more alive (of ${live.at(-1)?.toFixed(1)}), ` +
    `${residentGrowth} MiB more resident (of ${resident.at(-1)}); exit status ${status}`,
);
if (wrong > 0 || grown || !swapped || status !== 0) {
  console.error(
    `soak failed:${wrong > 0 ? ' lost requests' : ''}${grown ? ' memory grows' : ''}${swapped ? '' : ' swaps missing'}`,
  );
  console.error(lazuli.output().slice(-2000));
  process.exitCode = 1;
}

/** How much higher the highest sample of the last third is than that of the first. */
function growth(samples: readonly number[]): number {
  const third = Math.max(1, Math.floor(samples.length / 3));
  return Math.max(...samples.slice(-third)) - Math.max(...samples.slice(0, third));
}

async function client(id: number): Promise<void> {
  for (let n = 0; performance.now() < deadline; n++) {
    const before = version;
    const body = n % 4 === 0 ? 'x'.repeat((n * 977) % 20_000) : undefined;
    const path = `/soak/items/${id}-${n}?n=${n}`;
    try {
      const answer = await ask(path, body);
      const got = JSON.parse(answer.body) as { url: string; version: string; bytes: number };
      const marked = Number(got.version);
      // A change is live a moment after it was saved: the version before the one that was current when we asked is still right.
      const current = marked >= before - 2 && marked <= version;
      if (
        answer.status !== 200 ||
        got.url !== path.slice('/soak'.length) ||
        got.bytes !== (body?.length ?? 0) ||
        !current
      ) {
        wrong++;
        if (wrong <= 5)
          console.error(`wrong: ${path} ${answer.status} ${answer.body}; versions ${before} to ${version}`);
      }
    } catch (error) {
      wrong++;
      if (wrong <= 5) console.error(`lost: ${path}`, error);
    }
    sent++;
  }
}

function ask(path: string, body: string | undefined): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${lazuli.http}${path}`, {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? {} : { 'content-length': body.length },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on('error', reject);
    });
    request.end(body);
  });
}

function writePolicy(): void {
  write(
    'apis/soak/policy.xml',
    `<policies><inbound><base /><set-variable name="v" value="@(${version} + 0)" /><set-header name="x-version"><value>@(context.Variables["v"].ToString())</value></set-header></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`,
  );
}

function writeFolder(): void {
  write(
    'apis/soak/apiInformation.json',
    JSON.stringify({
      properties: {
        displayName: 'Soak',
        path: 'soak',
        serviceUrl: `http://127.0.0.1:${backendPort}`,
        protocols: ['http'],
        subscriptionRequired: false,
      },
    }),
  );
  const responses = { 200: { description: 'OK' } };
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  write(
    'apis/soak/specification.json',
    JSON.stringify({
      openapi: '3.0.3',
      info: { title: 'Soak', version: '1' },
      paths: {
        '/items/{id}': {
          get: { operationId: 'get-item', parameters, responses },
          post: { operationId: 'post-item', parameters, responses },
        },
      },
    }),
  );
  writePolicy();
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
